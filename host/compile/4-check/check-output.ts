/**
 * Output formats: text with `%field`, `%field[argument]`, `%10field` and `%transformer(…)`. A token
 * is the longest prefix that names something known; what follows is text again.
 */
import {
  OUTPUT_LEVELS_MAX,
  OUTPUT_WIDTH_MAX,
  type OutputOperand,
  type OutputPart,
} from "../../schema/manifest.ts";
import type { Operand, TransformerArgument } from "../2-parse/ast.ts";
import { parseOperand } from "../2-parse/parse-condition.ts";
import { printOperand } from "../2-parse/print.ts";
import type { Source } from "./predicate.ts";
import type { StaticFields } from "./static-fields.ts";
import { staticPrefix, staticValue } from "./static-fields.ts";
import { findSource } from "./transformers.ts";

export const OUTPUT_CHARACTERS_MAX = 65_536;
const TOKEN_CHARACTERS_MAX = 1_024;

export interface ParsedOutput {
  /** What was parsed: without what is dropped. */
  readonly text: string;
  readonly parts: readonly OutputPart[];
  /** Each token's fields in order, with arguments. */
  readonly fields: readonly string[];
  /** Every token with the fields inside of it, as often as it occurs, as `-L` lists them. */
  readonly tokens: readonly string[];
  /** Fields that the configuration adds in JSON: the format of each by name. */
  readonly formatted: Readonly<Record<string, string>>;
  /** `%container.info` stood in it and was dropped. */
  readonly hadContainerInfo: boolean;
  readonly problem: null;
}
export interface BadOutput {
  readonly problem: string;
  readonly offset: number;
  /** It names something that does not exist here, which a rule may be skipped for. */
  readonly isUnknown?: true;
}

const CONTAINER_INFO = "%container.info";

/** Whether there is an output field of that name already. */
export function isUnder(parts: readonly OutputPart[], name: string): boolean {
  return parts.some(({ under }) => under === name);
}

/** Falco puts a `*` in front of every output; one that the author wrote is swallowed with it. */
export function parseOutput(
  written: string,
  statics: StaticFields = new Map(),
): ParsedOutput | BadOutput {
  if (written.length > OUTPUT_CHARACTERS_MAX) {
    return { problem: `an output has at most ${OUTPUT_CHARACTERS_MAX} characters`, offset: 0 };
  }
  if (written === "") return { problem: "an output needs some text", offset: 0 };
  const hadContainerInfo = written.includes(CONTAINER_INFO);
  const text = (hadContainerInfo ? written.replaceAll(CONTAINER_INFO, "") : written).replace(
    /^\*/,
    "",
  );
  const parts: OutputPart[] = [];
  const fields: string[] = [];
  const tokens: string[] = [];
  let at = 0;
  while (at < text.length) {
    const percent = text.indexOf("%", at);
    if (percent !== at) addText(parts, text.slice(at, percent === -1 ? text.length : percent));
    if (percent === -1) break;
    const width = /^\d{1,9}/.exec(text.slice(percent + 1, percent + 10))?.[0] ?? "";
    if (Number(width) > OUTPUT_WIDTH_MAX)
      return { problem: `a width is at most ${OUTPUT_WIDTH_MAX} characters`, offset: percent };
    // A width of 0 is none.
    const padding = Number(width) === 0 ? {} : { width: Number(width) };
    const start = percent + 1 + width.length;
    if (start >= text.length)
      return { problem: "a '%' at the end names no field", offset: percent };
    const ownField = staticPrefix(text.slice(start, start + TOKEN_CHARACTERS_MAX), statics);
    if (ownField !== null) {
      // Each time in the message, once as an output field.
      const value = staticValue(ownField, statics) ?? "";
      parts.push({ text: value, ...padding });
      if (!isUnder(parts, ownField)) parts.push({ text: value, under: ownField });
      fields.push(ownField);
      at = start + ownField.length;
      continue;
    }
    const token = longestToken(text.slice(start, start + TOKEN_CHARACTERS_MAX));
    if (token === null) {
      return { problem: unknownToken(text.slice(percent)), offset: percent, isUnknown: true };
    }
    if (levelsOf(token.source) > OUTPUT_LEVELS_MAX) {
      const problem = `at most ${OUTPUT_LEVELS_MAX} transformers stand in one another in an output`;
      return { problem, offset: percent };
    }
    addToken(parts, token.source, padding);
    collectFields(token.operand, fields);
    if (token.operand.kind === "transformer") tokens.push(printOperand(token.operand));
    at = start + token.length;
  }
  return {
    text: hadContainerInfo ? written.replaceAll(CONTAINER_INFO, "") : written,
    ...{ parts, fields, hadContainerInfo },
    tokens: [...tokens, ...fields],
    formatted: {},
    problem: null,
  };
}

function addText(parts: OutputPart[], text: string): void {
  if (text !== "") parts.push({ text });
}

interface Token {
  readonly operand: Operand;
  readonly source: Source;
  readonly length: number;
}

function longestToken(text: string): Token | null {
  const head = /^[a-zA-Z][a-zA-Z0-9_.]*/.exec(text)?.[0];
  if (head === undefined) return null;
  if (text[head.length] === "(") return transformerToken(text);
  const argument =
    text[head.length] === "["
      ? (/^\[(?:"[^"]*"|'[^']*'|[^[\]"' \t\n\v\f\r]+)\]/.exec(text.slice(head.length))?.[0] ?? "")
      : "";
  for (
    let length = head.length + argument.length;
    length > 0;
    length = Math.min(length - 1, head.length)
  ) {
    const token = asToken(text.slice(0, length));
    if (token !== null) return token;
  }
  return null;
}

/** Up to the parenthesis that closes the first one, quotes respected, and an argument after it. */
function transformerToken(text: string): Token | null {
  let depth = 0;
  let quote = "";
  for (let i = 0; i < text.length; i++) {
    const c = text[i] ?? "";
    if (quote !== "") {
      if (c === quote && text[i - 1] !== "\\") quote = "";
    } else if (c === '"' || c === "'") quote = c;
    else if (c === "(") depth++;
    else if (c === ")" && --depth === 0) {
      const argument = /^\[[^[\]"' \t\n\v\f\r]+\]/.exec(text.slice(i + 1))?.[0] ?? "";
      return asToken(text.slice(0, i + 1 + argument.length)) ?? asToken(text.slice(0, i + 1));
    }
  }
  return null;
}

function asToken(text: string): Token | null {
  const operand = parseOperand(text);
  if (operand === null) return null;
  const { source } = findSource(operand);
  return source === null ? null : { operand, source, length: text.length };
}

function addToken(parts: OutputPart[], source: Source, padding: { readonly width?: number }): void {
  if (source.kind === "field") {
    const argument = source.argument === null ? {} : { argument: source.argument };
    parts.push({ field: source.field.name, ...argument, ...padding });
    return;
  }
  // Fields first: a transformer takes values of fields that stand before it.
  const transform = outputOperand(source, parts);
  parts.push({ text: "", transform, ...padding });
}

function levelsOf(source: Source): number {
  if (source.kind !== "list" && source.kind !== "transform") return 0;
  const inner = source.kind === "list" ? source.items : source.operands;
  return 1 + Math.max(0, ...inner.map(levelsOf));
}

/** Adds the fields that are taken to `parts`, unseen. */
function outputOperand(source: Source, parts: OutputPart[]): OutputOperand {
  switch (source.kind) {
    case "constant":
      return { constant: Buffer.from(source.bytes, "latin1").toString("utf8") };
    case "list":
      return { list: source.items.map((item) => outputOperand(item, parts)) };
    case "transform": {
      const operands = source.operands.map((inner) => outputOperand(inner, parts));
      return { transformer: source.name, operands };
    }
    case "field": {
      const value = parts.filter((part) => "field" in part).length;
      const argument = source.argument === null ? {} : { argument: source.argument };
      parts.push({ field: source.field.name, ...argument, silent: true });
      return { value };
    }
  }
}

function collectFields(operand: TransformerArgument, fields: string[]): void {
  if (operand.kind === "field") fields.push(printOperand(operand));
  if (operand.kind !== "transformer" && operand.kind !== "list") return;
  const inner = operand.kind === "list" ? operand.items : operand.operands;
  for (const argument of inner) collectFields(argument, fields);
}

function unknownToken(text: string): string {
  const shown = /^%\S{0,60}/.exec(text)?.[0] ?? "%";
  return `'${shown}' names no field`;
}
