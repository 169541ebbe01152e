/**
 * A comparison with another field: the left value is in the locals `at`, `length` and `number`, the
 * right one in `Value`.
 */
import type { Read } from "../5-plan/read.ts";
import { Code } from "../code.ts";
import { searchOf } from "../operators/table.ts";
import { SEARCHES } from "../operators/text.ts";

const ORDERS: Readonly<Record<string, Code>> = {
  "<": Code.of`<`,
  "<=": Code.of`<=`,
  ">": Code.of`>`,
  ">=": Code.of`>=`,
};

const EQUAL = Code.of`(length == Value.length && sameBytes(at, Value.address, length))`;

export function compareCode(operator: string, left: Read): Code {
  if (left.list) {
    return operator === "in"
      ? Code.of`areAllAmong(at, length, Value.address, Value.length)`
      : Code.of`isAnyAmong(at, length, Value.address, Value.length)`;
  }
  const order = ORDERS[operator];
  if (left.family === "number" || left.family === "truth") {
    if (order === undefined)
      return operator === "!=" ? Code.of`number != Value.number` : Code.of`number == Value.number`;
    return left.signed
      ? Code.of`<i64>number ${order} <i64>Value.number`
      : Code.of`number ${order} Value.number`;
  }
  if (order !== undefined)
    return Code.of`compareBytes(at, length, Value.address, Value.length) ${order} 0`;
  if (operator === "!=") return Code.of`!${EQUAL}`;
  const search = searchOf(operator);
  return (search && SEARCHES[search].fieldCode) ?? EQUAL;
}
