/** What transformers take and give. */
import type { Problem } from "../../diagnostics/diagnostic.ts";
import type { OperandList, TransformerArgument, TransformerOperand } from "../2-parse/ast.ts";
import type { Family } from "../operators/operator.ts";
import { findField } from "./field-table.ts";
import type { Source } from "./predicate.ts";
import { toBytes } from "./predicate.ts";
import { family } from "./types.ts";

export type FoundSource =
  | { readonly source: Source; readonly problem: null }
  | { readonly source: null; readonly problem: Problem; readonly at: number };

/** What may stand in a list of a transformer; numbers are printed. */
const PRINTED: readonly Family[] = ["text", "number"];

export function findSource(operand: TransformerArgument): FoundSource {
  switch (operand.kind) {
    case "value":
      return found({
        kind: "constant",
        type: "CHARBUF",
        list: false,
        bytes: toBytes(operand.text),
      });
    case "list":
      return listSource(operand);
    case "transformer":
      return transformerSource(operand);
    case "field": {
      const { source, problem } = findField(operand);
      return source === null ? { source, problem, at: operand.at } : found(source);
    }
  }
}

function found(source: Source): FoundSource {
  return { source, problem: null };
}

function findAll(operands: readonly TransformerArgument[]): Source[] | FoundSource {
  const sources: Source[] = [];
  for (const operand of operands) {
    const result = findSource(operand);
    if (result.source === null) return result;
    sources.push(result.source);
  }
  return sources;
}

function listSource(list: OperandList): FoundSource {
  const items = findAll(list.items);
  if (!Array.isArray(items)) return items;
  for (const item of items) {
    if (item.list || !PRINTED.includes(family(item.type))) {
      const problem = {
        code: "transformer",
        transformer: "list",
        reason: "its items are text or numbers",
      } as const;
      return { source: null, problem, at: list.at };
    }
  }
  return found({ kind: "list", type: "CHARBUF", list: true, items });
}

function transformerSource(operand: TransformerOperand): FoundSource {
  const { name, argument } = operand;
  const operands = findAll(operand.operands);
  if (!Array.isArray(operands)) return operands;
  const refuse = (reason: string): FoundSource => ({
    source: null,
    problem: { code: "transformer", transformer: name, reason },
    at: operand.at,
  });
  const barred = operands.find(
    (o) => o.kind === "field" && o.field.flags.includes("no_transformer"),
  );
  if (barred?.kind === "field") return refuse(`'${barred.field.name}' cannot be transformed`);
  if (operands.some(isEventType)) return refuse("the event type cannot be transformed");
  if (argument !== null && name !== "getopt") return refuse("it takes no argument in brackets");
  const reason = RULES[name]?.(operands, argument) ?? null;
  if (reason !== null) return refuse(reason);
  const type =
    name === "len"
      ? "UINT64"
      : RESULT_OF_FIRST.includes(name)
        ? (operands[0]?.type ?? "CHARBUF")
        : "CHARBUF";
  return found({
    kind: "transform",
    name,
    type,
    list: name === "getopt" && argument === null,
    operands,
    argument,
  });
}

function isEventType(source: Source): boolean {
  return (
    source.kind === "field" &&
    (source.field.name === "evt.type" || source.field.name === "syscall.type")
  );
}

const RESULT_OF_FIRST = ["tolower", "toupper", "basename"];

type Rule = (operands: readonly Source[], argument: string | null) => string | null;

function isText(source: Source | undefined): boolean {
  return source !== undefined && !source.list && family(source.type) === "text";
}

const oneText: Rule = (o) => (o.length === 1 && isText(o[0]) ? null : "it takes one text");

const RULES: Readonly<Record<string, Rule>> = {
  tolower: oneText,
  toupper: oneText,
  basename: oneText,
  b64: (o) => {
    const isBuffer = o[0]?.list === false && family(o[0].type) === "bytes";
    return o.length === 1 && (isText(o[0]) || isBuffer) ? null : "it takes one text or buffer";
  },
  len: (o) => {
    const [only] = o;
    const fits = only !== undefined && (only.list || ["text", "bytes"].includes(family(only.type)));
    return o.length === 1 && fits ? null : "it takes one text, buffer or list";
  },
  join: (o) =>
    o.length === 2 && isText(o[0]) && o[1]?.list === true
      ? null
      : "it takes a separator and a list",
  concat: (o) => (o.length >= 2 && o.every(isText) ? null : "it takes two or more texts"),
  getopt: (o, argument) => {
    if (o.length !== 2 || o[0]?.list !== true || !isText(o[1]))
      return "it takes a list of arguments and the options";
    return argument === null || /^[a-zA-Z0-9]$/.test(argument)
      ? null
      : "its argument is one letter";
  },
};
