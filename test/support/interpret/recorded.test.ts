/** The interpreter over printed field values finds the events that the reference found. */
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { Expression } from "../../../host/compile/2-parse/ast.ts";
import { parseCondition } from "../../../host/compile/2-parse/parse-condition.ts";
import { deliberate } from "../../conformance/differences.ts";
import { readJson, readJsonLines } from "../../conformance/files.ts";
import { shared } from "../shared.ts";
import { interpret } from "./interpret.ts";
import { RecordedFields, type Row } from "./recorded-fields.ts";
import { UnknownValue } from "./values.ts";

interface Filter {
  readonly id: string;
  readonly condition: string;
  readonly count: number;
  readonly sha256: string;
}

interface Meta {
  readonly fields: readonly string[];
  readonly skipped: readonly (readonly [field: string, reason: string])[];
}

/** One condition in so many; 1 compares all of them. */
const STEP = Number(process.env["LANNER_INTERPRET_STEP"] ?? 12);
const NAMES = ["files", "process", "network", "attacks"].filter(
  (name) => shared("oracle", `${name}.fields.jsonl.gz`) !== undefined,
);
const captures = process.env["LANNER_INTERPRET_STEP"] === undefined ? NAMES.slice(0, 1) : NAMES;

function path(name: string): string {
  return shared("oracle", name) ?? "";
}

async function eventsOf(name: string): Promise<readonly [number, RecordedFields][]> {
  const { fields, skipped } = readJson(path(`${name}.fields.meta.json`)) as Meta;
  const asked = new Set(fields);
  for (const [field] of skipped) asked.delete(field);
  const events: [number, RecordedFields][] = [];
  for await (const row of readJsonLines<Row>(path(`${name}.fields.jsonl.gz`)))
    events.push([Number(row["evt.num"]), new RecordedFields(row, asked)]);
  return events;
}

/** Undefined where a printed value does not tell what the condition sees. */
function matched(
  expression: Expression,
  events: readonly [number, RecordedFields][],
): readonly number[] | undefined {
  try {
    return events.filter(([, event]) => interpret(expression, event)).map(([number]) => number);
  } catch (error) {
    if (error instanceof UnknownValue) return undefined;
    throw error;
  }
}

describe.skipIf(NAMES.length === 0)("interpreter (skipped: the shared data is not here)", () => {
  test.each(captures)("finds the events of %s", { timeout: 1_200_000 }, async (name) => {
    const events = await eventsOf(name);
    const wrong: string[] = [];
    const onPurpose: string[] = [];
    let [all, compared] = [0, 0];
    for await (const filter of readJsonLines<Filter>(path(`${name}.filters.jsonl.gz`))) {
      if (all++ % STEP !== 0) continue;
      const parsed = parseCondition(filter.condition);
      if (parsed.expression === null) throw new Error(`${filter.id} is not parsed`);
      const numbers = matched(parsed.expression, events);
      if (numbers === undefined) continue;
      compared += 1;
      const digest = createHash("sha256").update(numbers.join("\n")).digest("hex");
      if (numbers.length === filter.count && digest === filter.sha256) continue;
      const said = `${filter.id} ${filter.condition}: ${numbers.length}, not ${filter.count}`;
      const reason = deliberate("filters", `${filter.id} ${filter.condition}`);
      if (reason === undefined) wrong.push(said);
      else onPurpose.push(`${said}; ${reason}`);
    }
    if (STEP === 1)
      console.log([`${name}: ${compared} of ${all} compared`, ...onPurpose].join("\n  "));
    expect(wrong).toEqual([]);
    expect(compared).toBeGreaterThan(all / STEP / 3);
  });
});
