/** Conditions against what a real Falco made of them. */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { parseCondition } from "../../host/compile/2-parse/parse-condition.ts";
import { printExpression } from "../../host/compile/2-parse/print.ts";
import { TypeSet } from "../../host/compile/4-check/event-types.ts";
import { checkFiles } from "../../host/compile/check.ts";
import { EVENTS } from "../../host/schema/events.ts";
import { shared } from "../support/shared.ts";

interface Row {
  readonly condition: string;
  readonly accepted: boolean;
  readonly compiled?: string | null;
  readonly events?: readonly string[] | null;
}

const PATH = shared("oracle", "conditions.jsonl.gz");
const rows = PATH === undefined ? [] : readRows(PATH);

function readRows(path: string): Row[] {
  const lines = gunzipSync(readFileSync(path)).toString("utf8").trim().split("\n");
  return lines.map((line) => JSON.parse(line) as Row);
}

function ruleWith(condition: string): string {
  const keys = "  desc: d\n  output: x\n  priority: INFO\n";
  return `- rule: one\n  condition: ${JSON.stringify(condition)}\n${keys}`;
}

const byCode = new Map(EVENTS.map((event) => [event.code, event.name]));
const GENERIC = 1;
/** Names of events that nothing produces any more, and one that names no event. */
const UNSEEN = ["NA", "k8s", "mesos", "tracer", "unknown"];

function eventNames(types: TypeSet): string[] {
  const named = types.codes().filter((code) => code !== GENERIC);
  const names = new Set(["asyncevent", ...named.map((code) => byCode.get(code) ?? "")]);
  for (const name of types.genericNames()) names.add(name);
  return [...names].filter((name) => !UNSEEN.includes(name)).sort();
}

describe.skipIf(PATH === undefined)("conditions (skipped: the shared data is not here)", () => {
  test("printing gives Falco's canonical form", () => {
    for (const { condition, compiled } of rows) {
      // Bytes that are no UTF-8 were replaced in the recorded answers.
      if (typeof compiled !== "string" || compiled.includes("\ufffd")) continue;
      const { expression } = parseCondition(condition);
      expect(expression && printExpression(expression)).toBe(compiled);
    }
  });

  test("printing and parsing again changes nothing", () => {
    for (const { condition } of rows) {
      // Quotes hide what cannot stand without them; printed, `not (not a)` has no parentheses.
      if (/["']|not\s*\(\s*not/.test(condition)) continue;
      const { expression } = parseCondition(condition);
      const printed = expression && printExpression(expression);
      if (printed === null) continue;
      const { expression: again } = parseCondition(printed);
      expect(again && printExpression(again)).toBe(printed);
    }
  });

  test("what Falco accepts is accepted, what it refuses is refused", () => {
    for (const { condition, accepted } of rows) {
      const { rules } = checkFiles([{ name: "one.yaml", text: ruleWith(condition) }]);
      expect([condition, rules !== null]).toEqual([condition, accepted]);
    }
  });

  test("event types are inferred alike", () => {
    for (const { condition, accepted, events } of rows) {
      if (!accepted || events === undefined || events === null) continue;
      const { rules } = checkFiles([{ name: "one.yaml", text: ruleWith(condition) }]);
      const names = eventNames(rules?.[0]?.types ?? TypeSet.none);
      const expected = events.filter((name) => !UNSEEN.includes(name)).sort();
      expect([condition, names]).toEqual([condition, expected]);
    }
  });
});
