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
      for (const capture of CAPTURES) {
        for (const event of recorded(capture)) {
          for (const [param, raw, printed] of flagValues(event)) {
            const wrong = `${String(event["evt.type"])} ${param.name} ${String(raw)}`;
            expect(print(param, raw) ?? printed, wrong).toBe(printed);
            if (print(param, raw) === undefined) expect(printed, wrong).not.toMatch(/[A-Z]_/);
            seen.add(`${param.flags ?? ""} ${String(raw)}`);
          }
        }
      }
      expect(seen.size).toBeGreaterThan(200);
    },
    60_000,
  );
});

function recorded(capture: string): readonly Record<string, unknown>[] {
  const packed = readFileSync(shared("oracle", `${capture}.fields.jsonl.gz`) ?? "");
  const lines = gunzipSync(packed).toString("utf8").trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

function* flagValues(event: Record<string, unknown>): Generator<[Param, number, string]> {
  const schema = eventsByName(String(event["evt.type"])).find(({ code }) => code % 2 === 1);
  for (const param of schema?.params ?? []) {
    const raw = event[`evt.rawarg.${param.name}`];
    const printed = event[`evt.arg.${param.name}`];
    if (!/FLAGS/.test(param.type) || typeof printed !== "string" || raw === undefined) continue;
    yield [param, typeof raw === "number" ? raw : Number.parseInt(String(raw), 16), printed];
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
