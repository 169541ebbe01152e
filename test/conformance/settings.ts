/** Options of a case that the rule compiler takes, from `-o key=value` lines. */
import { parse } from "yaml";
import type { CheckOptions, OutputAppend } from "../../host/compile/check.ts";

interface AppendEntry {
  readonly extra_output?: string;
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

function additionsOf({ extra_output: text, match }: AppendEntry): OutputAppend[] {
  return text === undefined ? [] : [{ text, ...match }];
}
