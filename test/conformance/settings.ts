/** What the options of a case change in rules, from `-o key=value` lines. */
import { parse } from "yaml";
import { appendedParts } from "../../host/agent/appended.ts";
import { ruleChanges } from "../../host/agent/rule-changes.ts";
import type { CheckOptions } from "../../host/compile/check.ts";
import type { AppendOutput } from "../../host/config/keys.ts";

const STATIC = "static_fields.";
const APPEND = "append_output[]=";

export function readSettings(lines: readonly string[]): CheckOptions {
  const entries = lines
    .filter((line) => line.startsWith(APPEND))
    .map((line) => parse(line.slice(APPEND.length)) as AppendOutput);
  const statics = lines
    .filter((line) => line.startsWith(STATIC))
    .map((line) => line.slice(STATIC.length).split("="));
  return ruleChanges({
    append_output: entries.map(withSuggested),
    rules: [],
    static_fields: Object.fromEntries(statics) as Record<string, string>,
  });
}

/** The agent appends suggested fields when alerts are made; a description has them in the text. */
function withSuggested(entry: AppendOutput): AppendOutput {
  if (entry.suggested_output !== true) return entry;
  const parts = appendedParts([entry]);
  const text = parts.map((part) => ("text" in part ? part.text : `%${part.field}`)).join("");
  return { ...entry, extra_output: [text.trim(), entry.extra_output ?? ""].join(" ").trim() };
}
