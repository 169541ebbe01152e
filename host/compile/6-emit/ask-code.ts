/** The code that puts a question to the value in `Value`. Functions called are in prelude.ts. */
import type { Ask } from "../5-plan/graph.ts";
import { Code } from "../code.ts";
import { SEARCHES } from "../operators/text.ts";
import type { Constants } from "./constants.ts";

const ORDERS = { "<": Code.of`<`, "<=": Code.of`<=`, ">": Code.of`>`, ">=": Code.of`>=` };

const FLOAT_ORDERS = { ...ORDERS, "==": Code.of`==`, "!=": Code.of`!=` };

/** Questions to one value. */
export type PlainAsk = Exclude<Ask, { op: "same-field" }>;

export function askCode(ask: PlainAsk, constants: Constants): Code {
  switch (ask.op) {
    case "exists":
      return Code.of`true`;
    case "text-in":
      return ask.texts.length === 1
        ? Code.of`is(${constants.text(ask.texts[0] ?? "")})`
        : Code.of`isIn(${constants.set(ask.texts)})`;
    case "text-not":
      return Code.of`!is(${constants.text(ask.texts[0])})`;
    case "text-order":
      return Code.of`(order(${constants.text(ask.texts[0])}) ${ORDERS[ask.operator]} 0)`;
    case "number-in":
      return numberIn(ask.numbers, constants);
    case "number-not":
      return Code.of`(Value.number != ${constants.unsigned(ask.numbers[0])})`;
    case "number-order":
      return ask.signed
        ? Code.of`(<i64>Value.number ${ORDERS[ask.operator]} ${constants.signed(ask.numbers[0])})`
        : Code.of`(Value.number ${ORDERS[ask.operator]} ${constants.unsigned(ask.numbers[0])})`;
    case "float-order":
      return floatOrder(FLOAT_ORDERS[ask.operator], constants.signed(ask.numbers[0]));
    case "address-in":
      return Code.of`isAddress(${constants.list(ask.texts)})`;
    case "address-not":
      return Code.of`!isAddress(${constants.list(ask.texts)})`;
    case "network-in":
      return Code.of`isInside(${constants.networks(ask.networks)})`;
    case "network-not":
      return Code.of`!isInside(${constants.networks(ask.networks)})`;
    case "list-all":
      return Code.of`allIn(${constants.set(ask.texts)})`;
    case "list-any":
      return Code.of`anyIn(${constants.set(ask.texts)})`;
    default:
      return SEARCHES[ask.op].code(ask.texts, constants);
  }
}

function numberIn(numbers: readonly bigint[], constants: Constants): Code {
  if (numbers.length === 0) return Code.of`false`;
  if (numbers.length > constants.inlineNumbersMax)
    return Code.of`isNumber(${constants.numbers(numbers)})`;
  const tests = numbers.map((number) => Code.of`Value.number == ${constants.unsigned(number)}`);
  return Code.of`(${Code.join(tests, " || ")})`;
}

function floatOrder(operator: Code, number: Code): Code {
  return Code.of`(reinterpret<f64>(Value.number) ${operator} <f64>(${number}))`;
}
