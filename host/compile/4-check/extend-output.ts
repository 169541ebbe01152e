/** What the configuration adds to the output of a rule: text of the message, and fields in JSON. */
import { OUTPUT_PARTS_MAX, type OutputPart } from "../../schema/manifest.ts";
import type { BadOutput, ParsedOutput } from "./check-output.ts";
import { isUnder, parseOutput } from "./check-output.ts";
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
    parts.push(...(under === undefined ? silent(extra.parts, parts) : named(extra.parts, under)));
    tokens.push(format);
    if (under !== undefined) formatted[under] = format;
  }
  if (parts.length > OUTPUT_PARTS_MAX) return { problem: tooMany(parts.length), offset: 0 };
  return { ...parsed, parts, tokens, formatted };
}

/** Output fields alone; a static one has its part in the message as well. */
function silent(extra: readonly OutputPart[], before: readonly OutputPart[]): OutputPart[] {
  return extra.flatMap((part): OutputPart[] => {
    if ("field" in part) return [{ ...part, silent: true }];
    return part.under === undefined || isUnder(before, part.under) ? [] : [part];
  });
}

/** The message of `extra` as one output field. */
function named(extra: readonly OutputPart[], under: string): OutputPart[] {
  return extra.filter((part) => part.under === undefined).map((part) => ({ ...part, under }));
}

function tooMany(parts: number): string {
  const counted = `an output has at most ${OUTPUT_PARTS_MAX} parts, this one has ${parts}`;
  return `${counted}: each field and each text between two is one; leave out some of them`;
}
