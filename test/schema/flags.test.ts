import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { eventsByName } from "../../host/schema/events.ts";
import { FLAG_TABLES } from "../../host/schema/flags.ts";
import type { Param } from "../../host/schema/types.ts";
import { shared } from "../support/shared.ts";

const CAPTURES = ["files", "process", "network", "attacks"];
const here = shared("oracle", "files.fields.jsonl.gz") !== undefined;

describe("flag tables", () => {
  test("have names of their own and values of 32 bits", () => {
    expect(new Set(FLAG_TABLES.map((table) => table.name)).size).toBe(FLAG_TABLES.length);
    const values = FLAG_TABLES.flatMap((table) => table.entries.map(([, value]) => value));
    expect(values.every((v) => Number.isInteger(v) && v >= 0 && v <= 0xffff_ffff)).toBe(true);
  });

  test.skipIf(!here)(
    "print as Falco prints (skipped without shared data)",
    () => {
      const seen = new Set<string>();
      for (const event of CAPTURES.flatMap(recorded)) {
        for (const [param, raw, printed] of flagValues(event)) {
          const pair = `${param.flags ?? ""} ${String(raw)} ${printed}`;
          if (seen.has(pair)) continue;
          seen.add(pair);
          const ours = print(param, raw);
          expect(ours ?? printed, pair).toBe(printed);
          if (ours === undefined) expect(printed, pair).not.toMatch(/[A-Z]_/);
        }
      }
      expect(seen.size).toBeGreaterThan(200);
    },
    60_000,
  );
});

/** At most 300 events of each type: the captures repeat themselves, and parsing takes the time. */
function recorded(capture: string): readonly Record<string, unknown>[] {
  const packed = readFileSync(shared("oracle", `${capture}.fields.jsonl.gz`) ?? "");
  const lines = gunzipSync(packed).toString("utf8").trimEnd().split("\n");
  const counts = new Map<string, number>();
  const chosen = lines.filter((line) => {
    const type = /"evt\.type":"([^"]*)"/.exec(line)?.[1] ?? "";
    const count = (counts.get(type) ?? 0) + 1;
    counts.set(type, count);
    return count <= 300 && eventsByName(type).some(({ params }) => params.some(hasFlags));
  });
  return chosen.map((line) => JSON.parse(line) as Record<string, unknown>);
}

function hasFlags(param: Param): boolean {
  return param.type.includes("FLAGS");
}

function* flagValues(event: Record<string, unknown>): Generator<[Param, number, string]> {
  const schema = eventsByName(String(event["evt.type"])).find(({ code }) => code % 2 === 1);
  for (const param of schema?.params ?? []) {
    const raw = event[`evt.rawarg.${param.name}`];
    const printed = event[`evt.arg.${param.name}`];
    if (!hasFlags(param) || typeof printed !== "string") continue;
    if (typeof raw === "number") yield [param, raw, printed];
    else if (typeof raw === "string") yield [param, Number.parseInt(raw, 16), printed];
  }
}

/** Undefined when no name fits: then the number prints. */
function print(param: Param, value: number): string | undefined {
  const entries = FLAG_TABLES.find((table) => table.name === param.flags)?.entries ?? [];
  const names: string[] = [];
  let rest = value;
  for (const [name, bits] of entries) {
    const all = param.type.startsWith("ENUM") || value === 0;
    if (all ? bits !== value : bits === 0 || (rest & bits) >>> 0 !== bits) continue;
    names.push(name);
    rest &= ~bits;
  }
  return names.length === 0 ? undefined : names.join("|");
}
