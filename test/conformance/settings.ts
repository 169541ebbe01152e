/** Options of a case that the rule compiler takes, from `-o key=value` lines. */
import { parse } from "yaml";
import { appendedParts } from "../../host/agent/appended.ts";
import type { CheckOptions, OutputAppend } from "../../host/compile/check.ts";

interface AppendEntry {
  readonly extra_output?: string;
  readonly suggested_output?: boolean;
  readonly match?: {
    readonly source?: string;
    readonly rule?: string;
    readonly tags?: readonly string[];
  };
}

const APPEND = "append_output[]=";

export function readSettings(lines: readonly string[]): CheckOptions {
  const appendOutput = lines
    .filter((line) => line.startsWith(APPEND))
    .flatMap((line) => additionsOf(parse(line.slice(APPEND.length)) as AppendEntry));
  return { appendOutput };
}

function additionsOf(entry: AppendEntry): OutputAppend[] {
  const { extra_output: text, suggested_output: isSuggested, match } = entry;
  const suggested = isSuggested === true ? suggestedText() : "";
  return [suggested, text ?? ""]
    .filter((each) => each !== "")
    .map((each) => ({ text: each, ...match }));
}

function suggestedText(): string {
  const parts = appendedParts([{ suggested_output: true }]);
  return parts
    .map((part) => ("text" in part ? part.text : `%${part.field}`))
    .join("")
    .trim();
}
