/** What a condition names: fields, operators, macros and lists, each once and in byte order. */

import { EVENTS } from "../schema/events.ts";
import type { Check, Expression, RightSide, TransformerArgument } from "./2-parse/ast.ts";
import { parseCondition } from "./2-parse/parse-condition.ts";
import { printExpression } from "./2-parse/print.ts";
import type { Condition } from "./3-resolve/resolve.ts";
import { checkCondition } from "./4-check/check-condition.ts";
import {
  ALL_TYPES,
  ASYNC_EVENT,
  GENERIC_EXIT,
  inferTypes,
  TypeSet,
} from "./4-check/event-types.ts";

/** What stands in the text of a condition before macros and lists are filled in. */
export interface Mentions {
  readonly macros: readonly string[];
  readonly lists: readonly string[];
}

export interface ConditionDetails {
  readonly condition_operators: readonly string[];
  readonly condition_fields: readonly string[];
  readonly events: readonly string[];
  readonly condition_compiled: string;
}

export function describeCondition(condition: Condition): ConditionDetails {
  const operators: string[] = [];
  const fields: string[] = [];
  for (const check of checksOf(condition.expression)) {
    operators.push(
      check.modifier === null ? check.operator : `${check.operator} ${check.modifier}`,
    );
    collectFields(check.left, fields);
    if (check.right?.kind === "field" || check.right?.kind === "transformer")
      collectFields(check.right, fields);
  }
  return {
    condition_operators: sorted(operators),
    condition_fields: sorted(fields),
    events: eventNamesOf(typesOf(condition)),
    condition_compiled: printExpression(condition.expression),
  };
}

/** `text` as its author wrote it, with appended parts. Only values in parentheses may be lists. */
export function mentionsIn(text: string, lists: { has(name: string): boolean }): Mentions {
  const { macros, values } = wordsIn(text);
  return { macros: sorted(macros), lists: sorted(values.filter((value) => lists.has(value))) };
}

/** Macros, and values in parentheses, in the order of the text; none when it does not parse. */
export function wordsIn(text: string): {
  readonly macros: readonly string[];
  readonly values: readonly string[];
} {
  const found = { macros: [] as string[], values: [] as string[] };
  const parsed = parseCondition(text);
  if (parsed.problem !== null) return found;
  const visit = (expression: Expression): void => {
    switch (expression.kind) {
      case "macro":
        found.macros.push(expression.name);
        return;
      case "not":
        visit(expression.child);
        return;
      case "check":
        for (const value of valuesOf(expression.right)) found.values.push(value);
        return;
      default:
        expression.children.forEach(visit);
    }
  };
  visit(parsed.expression);
  return found;
}

/** Unique, in byte order. */
export function sorted(names: Iterable<string>): readonly string[] {
  return inByteOrder([...new Set(names)]);
}

export function inByteOrder(names: readonly string[]): readonly string[] {
  return [...names].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

function* checksOf(expression: Expression): Generator<Check> {
  switch (expression.kind) {
    case "check":
      yield expression;
      return;
    case "macro":
      if (expression.body !== null) yield* checksOf(expression.body.expression);
      return;
    case "not":
      yield* checksOf(expression.child);
      return;
    default:
      for (const child of expression.children) yield* checksOf(child);
  }
}

function collectFields(operand: TransformerArgument, fields: string[]): void {
  switch (operand.kind) {
    case "field":
      fields.push(
        operand.argument === null ? operand.name : `${operand.name}[${operand.argument}]`,
      );
      return;
    case "transformer":
      for (const inner of operand.operands) collectFields(inner, fields);
      return;
    case "list":
      for (const inner of operand.items) collectFields(inner, fields);
      return;
    case "value":
  }
}

function valuesOf(right: RightSide | null): readonly string[] {
  return right?.kind === "values" && !right.bare ? right.items.map((item) => item.text) : [];
}

/** A macro that nobody uses may name what does not exist: then nothing is known of its types. */
function typesOf(condition: Condition): TypeSet {
  const predicate = checkCondition(condition, []);
  return predicate === null ? ALL_TYPES : inferTypes(predicate);
}

/** The generic event is told by the names of its calls. */
const NAMES: ReadonlyMap<number, string> = new Map(
  EVENTS.filter(({ code }) => code !== GENERIC_EXIT).map(({ code, name }) => [code, name]),
);

/** Every condition also sees async events. */
export function eventNamesOf(types: TypeSet): readonly string[] {
  const own = types.union(TypeSet.of([ASYNC_EVENT]));
  return sorted([
    ...own.codes().flatMap((code) => NAMES.get(code) ?? []),
    ...own.genericNames(),
    ...own.retiredNames(),
  ]);
}
