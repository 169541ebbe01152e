/** What checks are made of, by name, and what a run has to contain of it. */
import type {
  Check,
  Expression,
  Operand,
  TransformerArgument,
} from "../../host/compile/2-parse/ast.ts";
import type { Family } from "../../host/compile/operators/operator.ts";
import { OPERATORS as ALL, type OperatorName } from "../../host/compile/operators/table.ts";
import { operandShape } from "../support/interpret/operands.ts";
import { askedField, type Shape } from "../support/interpret/values.ts";

export const SETS = ["in", "intersects"] as const;
export const ORDERS = ["<", "<=", ">", ">="] as const;

const named = (family: Family): readonly OperatorName[] =>
  ALL.filter(({ families }) => families.includes(family)).map(({ name }) => name);

export const OPERATORS: Readonly<Record<Shape["kind"], readonly OperatorName[]>> = {
  integer: named("number"),
  double: named("number"),
  truth: named("truth"),
  address: named("address"),
  network: named("network"),
  text: named("text"),
  buffer: named("bytes"),
  opaque: named("opaque"),
};
export const LIST_OPERATORS = [...SETS, "exists"] as const;
export const MODIFIERS = ["oneof", "anyof", "allof"] as const;
const TRANSFORMERS = [
  "tolower",
  "toupper",
  "basename",
  "b64",
  "concat",
  "join",
  "getopt",
  "len",
] as const;
/** Kinds whose fields are compared with each other: all but networks and what is opaque. */
const COMPARED_WITH_FIELDS = ["integer", "double", "truth", "address", "text", "buffer"] as const;

/** Names of all that `ingredientsOf` has to have found by the end of a run. */
export const REQUIRED: readonly string[] = [
  ...Object.entries(OPERATORS).flatMap(([kind, operators]) =>
    operators.map((operator) => `${kind} ${operator}`),
  ),
  ...LIST_OPERATORS.map((operator) => `list ${operator}`),
  ...MODIFIERS.map((modifier) => `modifier ${modifier}`),
  ...TRANSFORMERS.flatMap((name) => [`left ${name}()`, `right ${name}()`]),
  ...COMPARED_WITH_FIELDS.map((kind) => `val() of ${kind}`),
];

/** The checks of a condition. */
export function checksOf(expression: Expression): readonly Check[] {
  switch (expression.kind) {
    case "check":
      return [expression];
    case "not":
      return checksOf(expression.child);
    case "macro":
      return [];
    default:
      return expression.children.flatMap(checksOf);
  }
}

/** Operator and type of the left side, modifier, transformers of each side, field on the right. */
export function ingredientsOf({ left, operator, modifier, right }: Check): ReadonlySet<string> {
  const found = new Set([`${kindOf(left)} ${operator}`]);
  if (modifier !== null) found.add(`modifier ${modifier}`);
  for (const name of transformersIn(left)) found.add(`left ${name}()`);
  if (right?.kind === "field") found.add(`val() of ${kindOf(right)}`);
  if (right?.kind === "transformer")
    for (const name of transformersIn(right)) found.add(`right ${name}()`);
  return found;
}

function kindOf(operand: Operand): Shape["kind"] | "list" {
  const isList =
    operand.kind === "field"
      ? askedField(operand).field.list
      : operand.name === "getopt" && operand.argument === null;
  return isList ? "list" : operandShape(operand).kind;
}

function transformersIn(operand: TransformerArgument): string[] {
  if (operand.kind === "list") return operand.items.flatMap(transformersIn);
  if (operand.kind !== "transformer") return [];
  return [operand.name, ...operand.operands.flatMap(transformersIn)];
}
