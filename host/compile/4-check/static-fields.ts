/**
 * Fields that the configuration defines: `static.<name>`, the same text for every event. A test of
 * one is decided here; what remains is a test of `evt.num` that is always or never true.
 */
import type { Check, Expression } from "../2-parse/ast.ts";
import type { Condition } from "../3-resolve/resolve.ts";
import { operatorOfName, searchOf } from "../operators/table.ts";
import { SEARCHES } from "../operators/text.ts";

/** Values by the name behind `static.`. */
export type StaticFields = ReadonlyMap<string, string>;

const PREFIX = "static.";

/** Null when it is no such field. */
export function staticValue(field: string, statics: StaticFields): string | null {
  return field.startsWith(PREFIX) ? (statics.get(field.slice(PREFIX.length)) ?? null) : null;
}

/** The longest one that `text` begins with; null when it begins with none. */
export function staticPrefix(text: string, statics: StaticFields): string | null {
  const names = [...statics.keys()].map((name) => PREFIX + name);
  const found = names.filter((name) => text.startsWith(name));
  return found.sort((a, b) => b.length - a.length)[0] ?? null;
}

export function decideStatics(condition: Condition, statics: StaticFields): Condition {
  if (statics.size === 0) return condition;
  return { ...condition, expression: decided(condition.expression, statics) };
}

function decided(expression: Expression, statics: StaticFields): Expression {
  switch (expression.kind) {
    case "check":
      return decidedCheck(expression, statics);
    case "not":
      return { ...expression, child: decided(expression.child, statics) };
    case "macro": {
      const { body } = expression;
      return body === null ? expression : { ...expression, body: decidedBody(body, statics) };
    }
    default:
      return {
        ...expression,
        children: expression.children.map((child) => decided(child, statics)),
      };
  }
}

/** Uses of a macro go on sharing one body. */
function decidedBody(body: Condition, statics: StaticFields): Condition {
  const bodies = DECIDED.get(statics) ?? new WeakMap<Condition, Condition>();
  DECIDED.set(statics, bodies);
  const known = bodies.get(body);
  if (known !== undefined) return known;
  const result = { ...body, expression: decided(body.expression, statics) };
  bodies.set(body, result);
  return result;
}

const DECIDED = new WeakMap<StaticFields, WeakMap<Condition, Condition>>();

/** Unchanged when it is about other fields, or asks what is not decided here. */
function decidedCheck(check: Check, statics: StaticFields): Check {
  const { left, operator, modifier, right, at } = check;
  if (left.kind !== "field" || left.argument !== null || modifier !== null) return check;
  const value = staticValue(left.name, statics);
  if (value === null) return check;
  const isTrue = operator === "exists" ? true : compared(value, operator, textsOf(right));
  if (isTrue === null) return check;
  const zero = { kind: "value", text: "0", at } as const;
  return {
    ...check,
    left: { ...left, name: "evt.num" },
    operator: isTrue ? ">=" : "<",
    right: zero,
  };
}

function textsOf(right: Check["right"]): readonly string[] | null {
  if (right?.kind === "value") return [right.text];
  return right?.kind === "values" ? right.items.map((item) => item.text) : null;
}

function compared(
  value: string,
  operator: Check["operator"],
  texts: readonly string[] | null,
): boolean | null {
  const first = texts?.[0];
  if (texts === null || first === undefined) return null;
  switch (operator) {
    case "=":
    case "==":
      return value === first;
    case "!=":
      return value !== first;
    case "in":
    case "intersects":
      return texts.includes(value);
    default: {
      // Constants in hexadecimal digits are for buffers; the checker refuses them for these fields.
      const search = operatorOfName(operator).hexadecimal ? null : searchOf(operator);
      return (search && SEARCHES[search].holds?.(value, first)) ?? null;
    }
  }
}
