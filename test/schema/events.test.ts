import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { PARAM_TYPES } from "../../host/schema/encoding.ts";
import { EVENT_TYPES, EVENTS, eventByCode } from "../../host/schema/events.ts";
import { FLAG_TABLES, VARIANT_TABLES } from "../../host/schema/flags.ts";
import type { EventSchema } from "../../host/schema/types.ts";
import { shared } from "../support/shared.ts";

interface ListedEvent {
  readonly name: string;
  readonly dir: string;
  readonly params: readonly (readonly [name: string, type: string])[];
}

const listing = shared("oracle", "listings", "events.json");

describe("the event table", () => {
  test("has 196 live events with codes of their own", () => {
    expect(EVENTS).toHaveLength(196);
    expect(new Set(EVENTS.map((event) => event.code)).size).toBe(196);
    expect(new Set(EVENTS.map((event) => event.id)).size).toBe(196);
    expect(EVENTS.every((event) => event.code > 0 && event.code < EVENT_TYPES)).toBe(true);
  });

  test("ends the id of enter events with E and of exit events with X", () => {
    const wrong = EVENTS.filter(
      ({ id, code }) => !/^OPENAT2$/.test(id) && id.endsWith(code % 2 === 0 ? "_X" : "_E"),
    );
    expect(wrong).toEqual([]);
  });

  test("names a parameter of descriptor type wherever a path has a directory", () => {
    const relative = EVENTS.flatMap((event) => event.params.map((param) => ({ event, param })));
    const paths = relative.filter(({ param }) => param.type === "FSRELPATH");
    expect(paths).toHaveLength(17);
    for (const { event, param } of paths) {
      expect(event.params[param.dirfd ?? -1]?.type, `${event.id}.${param.name}`).toBe("FD");
    }
  });

  test("names only tables that exist, and each of them", () => {
    const named = (dynamic: boolean): Set<string> =>
      new Set(
        EVENTS.flatMap((event) => event.params)
          .filter((param) => param.flags !== undefined && (param.type === "DYN") === dynamic)
          .map((param) => param.flags ?? ""),
      );
    expect(named(false)).toEqual(new Set(FLAG_TABLES.map((table) => table.name)));
    expect(named(true)).toEqual(new Set(VARIANT_TABLES.map((table) => table.name)));
  });

  test("finds an event by its code", () => {
    expect(eventByCode(3)?.id).toBe("SYSCALL_OPEN_X");
    expect(eventByCode(4)).toBeUndefined();
  });
});

describe.skipIf(listing === undefined)(
  "Falco's list of events (skipped without shared data)",
  () => {
    const listed = readListed(listing);

    test("has the same events with the same parameters", () => {
      const ours = EVENTS.filter((e) => e.kind !== "iter" && e.id !== "GENERIC_X").map(asListed);
      const theirs = listed.filter((event) => event.params[0]?.[0] !== "ID");
      expect(ours.map(key).sort()).toEqual(theirs.map(key).sort());
    });
  },
);

function readListed(path: string | undefined): readonly ListedEvent[] {
  if (path === undefined) return [];
  const groups = JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;
  return Object.values(groups).filter(Array.isArray).flat() as ListedEvent[];
}

function asListed(event: EventSchema): ListedEvent {
  const params = event.params.map(
    ({ name, type }) => [name, type === "DYN" ? "DYNAMIC" : type] as const,
  );
  expect(event.params.every(({ type }) => type in PARAM_TYPES)).toBe(true);
  return { name: event.name, dir: event.code % 2 === 0 ? ">" : "<", params };
}

function key({ name, dir, params }: ListedEvent): string {
  return `${dir} ${name}(${params.map((param) => param.join(":")).join(", ")})`;
}
