/** What the configuration adds to the output of a rule: text of the message, and fields in JSON. */
import { OUTPUT_PARTS_MAX, type OutputPart } from "../../schema/manifest.ts";
import type { BadOutput, ParsedOutput } from "./check-output.ts";
import { parseOutput } from "./check-output.ts";
import type { StaticFields } from "./static-fields.ts";

export interface OutputAddition {
  readonly text: string;
  readonly fields: readonly ExtraField[];
}

/** Without `under` the format is a single field, which keeps its name and its type. */
export interface ExtraField {
  readonly format: string;
  readonly under?: string;
}

/** Problems of additions are at the output's beginning: nothing of them is in the file. */
export function parseExtended(
  written: string,
  { text, fields }: OutputAddition,
  statics: StaticFields,
): ParsedOutput | BadOutput {
  const parsed = parseOutput(written + text, statics);
  if (parsed.problem !== null) return parsed;
  const parts: OutputPart[] = [...parsed.parts];
  const tokens = [...parsed.tokens];
  const formatted: Record<string, string> = {};
  for (const { format, under } of fields) {
    const extra = parseOutput(format, statics);
    if (extra.problem !== null) return { problem: extra.problem, offset: 0 };
    if (extra.parts.some((part) => "text" in part && part.transform !== undefined)) {
      return { problem: `'${format}' has a transformer, which no extra field takes`, offset: 0 };
    }
    const change = under === undefined ? ({ silent: true } as const) : { under };
    parts.push(...extra.parts.map((part) => ({ ...part, ...change })));
    tokens.push(format);
    if (under !== undefined) formatted[under] = format;
  }
  if (parts.length > OUTPUT_PARTS_MAX) return { problem: tooMany(parts.length), offset: 0 };
  return { ...parsed, parts, tokens, formatted };
}

function tooMany(parts: number): string {
  const counted = `an output has at most ${OUTPUT_PARTS_MAX} parts, this one has ${parts}`;
  return `${counted}: each field and each text between two is one; leave out some of them`;
}
