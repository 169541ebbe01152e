/** Fields and transformers, in conditions and in outputs. */
import type {
  FieldOperand,
  Operand,
  OperandList,
  TransformerArgument,
  TransformerOperand,
} from "./ast.ts";
import type { Lexer } from "./lexer.ts";
import { SyntaxFailure } from "./lexer.ts";

export const TRANSFORMERS = [
  "tolower",
  "toupper",
  "b64",
  "basename",
  "len",
  "join",
  "concat",
  "getopt",
];
const TRANSFORMER_NAMES = `'val', ${TRANSFORMERS.map((name) => `'${name}'`).join(", ")}`;

export const EXPECTED_TRANSFORMER = `a field with a valid transformer: ${TRANSFORMER_NAMES}`;

/** Levels of nesting that each part of a condition may add up to. */
export const DEPTH_MAX = 1000;

/** Counts nesting; both parsers of this phase share one per text. */
export class Depth {
  #levels = 0;

  /** Runs `parse` `levels` deeper. */
  within<T>(lexer: Lexer, levels: number, parse: () => T): T {
    this.#levels += levels;
    if (this.#levels >= DEPTH_MAX)
      throw new SyntaxFailure({ code: "too-deep", max: DEPTH_MAX }, lexer.at);
    const result = parse();
    this.#levels -= levels;
    return result;
  }
}

/** A field with its argument, or a transformer; null when neither starts here. */
export function tryOperand(lexer: Lexer, depth: Depth): Operand | null {
  return tryTransformer(lexer, depth) ?? tryField(lexer);
}

export function tryField(lexer: Lexer): FieldOperand | null {
  const at = lexer.at;
  const name = lexer.field();
  if (name === null) return null;
  const argument = tryArgument(lexer);
  return { kind: "field", name, argument, at, end: lexer.at };
}

function tryArgument(lexer: Lexer): string | null {
  if (!lexer.take("[")) return null;
  const argument = lexer.quoted() ?? lexer.bareArgument();
  if (argument === null) lexer.fail("a valid field argument: a quoted string or a bare string");
  if (!lexer.take("]")) lexer.fail("a ']' token");
  return argument;
}

export function tryTransformer(lexer: Lexer, depth: Depth): TransformerOperand | null {
  const at = lexer.at;
  const name = TRANSFORMERS.find((candidate) => lexer.take(`${candidate}(`));
  if (name === undefined) return null;
  return depth.within(lexer, 1, () => {
    const operands = parseArguments(lexer, depth);
    const argument = tryArgument(lexer);
    return { kind: "transformer", name, operands, argument, at, end: lexer.at };
  });
}

/** After the opening parenthesis, up to and with the closing one. */
function parseArguments(lexer: Lexer, depth: Depth): TransformerArgument[] {
  const found: TransformerArgument[] = [];
  do {
    lexer.blank();
    found.push(parseArgument(lexer, depth));
    lexer.blank();
  } while (lexer.take(","));
  if (!lexer.take(")")) lexer.fail("a ')' token closing the transformer");
  return found;
}

function parseArgument(lexer: Lexer, depth: Depth): TransformerArgument {
  const at = lexer.at;
  if (lexer.take("(")) return depth.within(lexer, 1, () => parseList(lexer, depth, at));
  return (
    tryConstant(lexer) ??
    tryOperand(lexer, depth) ??
    lexer.fail(`a field or a nested valid transformer: ${TRANSFORMER_NAMES}`)
  );
}

function parseList(lexer: Lexer, depth: Depth, at: number): OperandList {
  const items: TransformerArgument[] = [];
  lexer.blank();
  if (lexer.take(")")) return { kind: "list", items, at };
  do {
    lexer.blank();
    const item = tryConstant(lexer) ?? tryOperand(lexer, depth);
    items.push(item ?? lexer.fail("a field, a transformer or a value"));
    lexer.blank();
  } while (lexer.take(","));
  if (!lexer.take(")")) lexer.fail("a ')' token");
  return { kind: "list", items, at };
}

function tryConstant(lexer: Lexer): TransformerArgument | null {
  const at = lexer.at;
  const text = lexer.quoted() ?? lexer.number();
  return text === null ? null : { kind: "value", text, at };
}
