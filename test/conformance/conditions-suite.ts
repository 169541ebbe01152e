/** Conditions, one rule each: accepted or not, the canonical form, event types, what they name. */
import { join } from "node:path";
import { checkFiles } from "../../host/compile/check.ts";
import { describeRules } from "../../host/compile/describe.ts";
import { falcoCode } from "../../host/diagnostics/falco-code.ts";
import { differencesOf } from "./compare.ts";
import { readJsonLines } from "./files.ts";
import { type Outcome, outcomeOf, type Suite, type SuiteOptions } from "./outcome.ts";

interface Row {
  readonly condition: string;
  readonly accepted: boolean;
  readonly code: string | null;
  readonly compiled: string | null;
  readonly events: readonly string[] | null;
  readonly fields: readonly string[] | null;
  readonly operators: readonly string[] | null;
  readonly warnings: readonly string[] | null;
  readonly describe_error?: unknown;
}

/** Bytes that are no UTF-8 were replaced in the recorded answers. */
const REPLACED = "\ufffd";

function compare(row: Row): string[] {
  const text =
    `- rule: one\n  condition: ${JSON.stringify(row.condition)}\n` +
    "  desc: d\n  output: x\n  priority: INFO\n";
  const checked = checkFiles([{ name: "one.yaml", text }]);
  const accepted = checked.rules !== null;
  if (accepted !== row.accepted) {
    return differencesOf({ accepted: row.accepted }, { accepted });
  }
  if (!accepted) {
    const error = checked.diagnostics.find(({ severity }) => severity === "error");
    return row.code === null || error === undefined
      ? []
      : differencesOf({ code: row.code }, { code: falcoCode(error.problem) });
  }
  const details = describeRules(checked)?.rules[0]?.details;
  if (details === undefined || row.compiled === null) return [];
  const isWhole = !row.compiled.includes(REPLACED);
  const wanted = {
    ...(isWhole ? { compiled: row.compiled } : {}),
    events: sorted(row.events),
    fields: sorted(row.fields),
    operators: sorted(row.operators),
  };
  const got = {
    ...(isWhole ? { compiled: details.condition_compiled } : {}),
    events: details.events,
    fields: details.condition_fields,
    operators: details.condition_operators,
  };
  return differencesOf(wanted, got);
}

function sorted(names: readonly string[] | null): readonly string[] {
  return [...(names ?? [])].sort();
}

async function* run({ folder, only }: SuiteOptions): AsyncGenerator<Outcome> {
  for await (const row of readJsonLines<Row>(join(folder, "conditions.jsonl.gz"))) {
    if (row.condition.includes(only)) yield outcomeOf(row.condition, compare(row));
  }
}

export const conditions: Suite = { name: "conditions", run };
