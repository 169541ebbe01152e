/** Is the condition true for the event? */
import type { Check, Value as Constant, Expression } from "../../../host/compile/2-parse/ast.ts";
import { addressesOfHost } from "../../../host/compile/4-check/hosts.ts";
import { holds, holdsForList } from "./compare.ts";
import { bytesOf, constantOf } from "./constants.ts";
import { isShown } from "./event-types.ts";
import { operandShape, valueOf } from "./operands.ts";
import {
  type AskedField,
  askedField,
  type EventFields,
  readField,
  UnknownValue,
  type Value,
} from "./values.ts";

/** Whether a rule with this condition matches the event. */
export function interpret(expression: Expression, event: EventFields): boolean {
  return isShown(expression, event.type) && isTrue(expression, event);
}

function isTrue(expression: Expression, event: EventFields): boolean {
  switch (expression.kind) {
    case "and":
      return expression.children.every((child) => isTrue(child, event));
    case "or":
      return expression.children.some((child) => isTrue(child, event));
    case "not":
      return !isTrue(expression.child, event);
    case "macro":
      if (expression.body === null) throw new Error(`the macro ${expression.name} is not resolved`);
      return isTrue(expression.body.expression, event);
    case "check":
      return checkIsTrue(expression, event);
  }
}

const EITHER_END: readonly string[] = ["fd.ip", "fd.net", "fd.port", "fd.proto"];
/** What is asked for as an argument. */
const CLIENT_AND_SERVER = ["0", "1"];

const ANCESTORS = ["name", "exe", "exepath", "cmdline", "env", "pid"].map(
  (name) => `proc.a${name}`,
);
const HOST_NAME = /^(fd\.[cslr]ip)\.name$/;
const SETS: readonly string[] = ["in", "intersects"];

function checkIsTrue(check: Check, event: EventFields): boolean {
  const { left } = check;
  if (left.kind === "field") {
    const asked = askedField(left);
    const { name } = asked.field;
    if (HOST_NAME.test(name)) return hostName(check, name, event);
    if (EITHER_END.includes(name)) return eitherEnd(check, asked, event);
    if (asked.argument === null && ANCESTORS.includes(name))
      return anyAncestor(check, asked, event);
    if (name === "evt.rawarg") return rawParameter(check, asked, event);
  }
  return satisfies(check, valueOf(left, event), event);
}

/** A name stands for its addresses; the field itself has no value to compare with. */
function hostName(check: Check, name: string, event: EventFields): boolean {
  const { operator, modifier, right } = check;
  if (operator === "exists") return event.read("fd.connected", null) !== undefined;
  const address = event.read(name.replace(HOST_NAME, "$1"), null)?.bytes;
  if (address === undefined || modifier !== null) return false;
  const names = right?.kind === "value" ? [right] : right?.kind === "values" ? right.items : [];
  const isOne = names.some(({ text }) => addressesOfHost(bytesOf(text)).includes(address));
  return operator === "!=" ? !isOne : ["=", "==", "in"].includes(operator) && isOne;
}

/** The whole check for one value of the left side. */
function satisfies(check: Check, left: Value | undefined, event: EventFields): boolean {
  const { operator, modifier, right } = check;
  if (left === undefined) return false;
  if (operator === "exists" || right === null) return true;
  if (right.kind === "field" || right.kind === "transformer") {
    const other = valueOf(right, event);
    return other !== undefined && holds(operator, left, other);
  }
  const values = right.kind === "value" ? [right] : right.items;
  if (left.kind === "list")
    return holdsForList(
      operator,
      left.items,
      values.map((v) => bytesOf(v.text)),
    );
  const each = values.map((value) => holds(operator, left, constant(check, value)));
  const count = each.filter((answer) => answer).length;
  if (modifier === "oneof") return count === 1;
  if (modifier === "allof") return count > 0 && count === each.length;
  return count > 0;
}

function constant(check: Check, { text }: Constant): Value {
  return constantOf(text, operandShape(check.left), check.operator);
}

/** As if every constant were the only one, put together as the modifier says. */
function oneByOne(check: Check, test: (part: Check) => boolean): boolean {
  const { modifier, right } = check;
  if (modifier === null || right?.kind !== "values") return test(check);
  const answers = right.items.map((item) => test({ ...check, modifier: null, right: item }));
  const count = answers.filter((answer) => answer).length;
  if (modifier === "oneof") return count === 1;
  return modifier === "anyof" ? count > 0 : count > 0 && count === answers.length;
}

/** Client or server; for `!=` both have to differ, and one to be known. */
function eitherEnd(check: Check, asked: AskedField, event: EventFields): boolean {
  const { field, shape } = asked;
  const known = CLIENT_AND_SERVER.map((argument) =>
    readField({ ...asked, argument }, event),
  ).filter((value) => value !== undefined);
  if (check.operator === "exists") {
    // Falco: a network is there wherever a descriptor is.
    if (field.name !== "fd.net") return known.length > 0;
    return event.read("fd.connected", null) !== undefined;
  }
  const isSet = SETS.includes(check.operator);
  // Falco: a set never has the address of either end, and of networks only the first is looked at.
  if (shape.kind === "address" && isSet) return false;
  return oneByOne(check, (part) => {
    const first = field.name === "fd.net" && isSet ? onlyFirst(part) : part;
    if (first.operator !== "!=") return known.some((value) => satisfies(first, value, event));
    return known.length > 0 && known.every((value) => satisfies(first, value, event));
  });
}

function onlyFirst(check: Check): Check {
  const { right } = check;
  return right?.kind === "values"
    ? { ...check, right: { ...right, items: right.items.slice(0, 1) } }
    : check;
}

/** True when it is for any of the ancestors, from the parent up. */
function anyAncestor(check: Check, asked: AskedField, event: EventFields): boolean {
  if (asked.field.name === "proc.aenv") throw new UnknownValue("a level of proc.aenv");
  // Falco: a set of numbers never has one of an ancestor.
  if (asked.shape.kind === "integer" && SETS.includes(check.operator)) return false;
  // Falco: of several values only the first is looked at.
  const first = check.modifier === null ? check : onlyFirst(check);
  for (let level = 1; ; level++) {
    const value = readField({ ...asked, argument: String(level) }, event);
    if (value === undefined) return false;
    if (satisfies(first, value, event)) return true;
  }
}

/** Falco: of several values only the first is looked at, and a set of numbers never has one. */
function rawParameter(check: Check, asked: AskedField, event: EventFields): boolean {
  // Of whatever type the parameter is in this event, it is there.
  if (check.operator === "exists")
    return event.read(asked.field.name, asked.argument) !== undefined;
  if (asked.shape.kind === "integer" && SETS.includes(check.operator)) return false;
  const first = check.modifier === null ? check : onlyFirst(check);
  return satisfies(first, readField(asked, event), event);
}
