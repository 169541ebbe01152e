/** The code that puts a question to the value in `Value`. Functions called are in prelude.ts. */
import type { Ask } from "../5-plan/graph.ts";
import { Code } from "./code.ts";
import type { DataBlock } from "./data.ts";
import {
  listTable,
  networkTable,
  numberTable,
  pathTable,
  regexTable,
  setTable,
  textTable,
} from "./tables.ts";

const ORDERS = { "<": Code.of`<`, "<=": Code.of`<=`, ">": Code.of`>`, ">=": Code.of`>=` };

const FLOAT_ORDERS = { ...ORDERS, "==": Code.of`==`, "!=": Code.of`!=` };

export function askCode(ask: Exclude<Ask, { op: "same-field" }>, data: DataBlock): Code {
  switch (ask.op) {
    case "exists":
      return Code.of`true`;
    case "text-in":
      return ask.texts.length === 1
        ? Code.of`is(${textTable(data, ask.texts[0] ?? "")})`
        : Code.of`isIn(${setTable(data, ask.texts)})`;
    case "text-not":
      return Code.of`!is(${textTable(data, ask.texts[0])})`;
    case "text-order":
      return Code.of`(order(${textTable(data, ask.texts[0])}) ${ORDERS[ask.operator]} 0)`;
    case "startswith":
      return single(ask.texts, data, Code.of`starts`, Code.of`startsAny`);
    case "endswith":
      return single(ask.texts, data, Code.of`ends`, Code.of`endsAny`);
    case "contains":
      return single(ask.texts, data, Code.of`has`, Code.of`hasAny`);
    case "icontains":
      return single(ask.texts.map(lowerCase), data, Code.of`hasFolded`, Code.of`hasFoldedAny`);
    case "glob":
      return Code.of`fits(${listTable(data, ask.texts)}, false)`;
    case "iglob":
      return Code.of`fits(${listTable(data, ask.texts)}, true)`;
    case "pmatch":
      return Code.of`below(${pathTable(data, ask.texts)})`;
    case "number-in":
      return numberIn(ask.numbers, data);
    case "number-not":
      return Code.of`(Value.number != ${unsigned(ask.numbers[0])})`;
    case "number-order":
      return ask.signed
        ? Code.of`(<i64>Value.number ${ORDERS[ask.operator]} ${signed(ask.numbers[0])})`
        : Code.of`(Value.number ${ORDERS[ask.operator]} ${unsigned(ask.numbers[0])})`;
    case "float-order":
      return floatOrder(FLOAT_ORDERS[ask.operator], ask.numbers[0]);
    case "address-in":
      return Code.of`isAddress(${listTable(data, ask.texts)})`;
    case "address-not":
      return Code.of`!isAddress(${listTable(data, ask.texts)})`;
    case "network-in":
      return Code.of`isInside(${networkTable(data, ask.networks)})`;
    case "network-not":
      return Code.of`!isInside(${networkTable(data, ask.networks)})`;
    case "list-all":
      return Code.of`allIn(${setTable(data, ask.texts)})`;
    case "list-any":
      return Code.of`anyIn(${setTable(data, ask.texts)})`;
    case "regex":
      return Code.of`matched(${regexTable(data, ask.texts[0])})`;
  }
}

function single(texts: readonly string[], data: DataBlock, one: Code, any: Code): Code {
  const [first = ""] = texts;
  return texts.length === 1
    ? Code.of`${one}(${textTable(data, first)})`
    : Code.of`${any}(${listTable(data, texts)})`;
}

function lowerCase(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

const INLINE_NUMBERS_MAX = 3;

function numberIn(numbers: readonly bigint[], data: DataBlock): Code {
  if (numbers.length === 0) return Code.of`false`;
  if (numbers.length > INLINE_NUMBERS_MAX) return Code.of`isNumber(${numberTable(data, numbers)})`;
  const tests = numbers.map((number) => Code.of`Value.number == ${unsigned(number)}`);
  return Code.of`(${Code.join(tests, " || ")})`;
}

function unsigned(number: bigint): Code {
  return Code.of`<u64>${BigInt.asUintN(64, number)}`;
}

function signed(number: bigint): Code {
  // The most negative number has no literal of its own.
  if (number <= -(1n << 63n)) return Code.of`i64.MIN_VALUE`;
  return Code.of`<i64>${number}`;
}

function floatOrder(operator: Code, number: bigint): Code {
  return Code.of`(reinterpret<f64>(Value.number) ${operator} <f64>${number})`;
}
