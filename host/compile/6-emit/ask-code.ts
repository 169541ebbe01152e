/** The code that puts a question to the value in `Value`. Functions called are in prelude.ts. */
import type { Ask } from "../5-plan/graph.ts";
import { Code } from "./code.ts";
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
    case "startswith":
      return single(ask.texts, constants, Code.of`starts`, Code.of`startsAny`);
    case "endswith":
      return single(ask.texts, constants, Code.of`ends`, Code.of`endsAny`);
    case "contains":
      return single(ask.texts, constants, Code.of`has`, Code.of`hasAny`);
    case "icontains":
      return single(ask.texts.map(lowerCase), constants, Code.of`hasFolded`, Code.of`hasFoldedAny`);
    case "glob":
      return Code.of`fits(${constants.list(ask.texts)}, false)`;
    case "iglob":
      return Code.of`fits(${constants.list(ask.texts)}, true)`;
    case "pmatch":
      return Code.of`below(${constants.paths(ask.texts)})`;
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
    case "regex":
      return Code.of`matched(${constants.regex(ask.texts[0])})`;
  }
}

function single(texts: readonly string[], constants: Constants, one: Code, any: Code): Code {
  const [first = ""] = texts;
  return texts.length === 1
    ? Code.of`${one}(${constants.text(first)})`
    : Code.of`${any}(${constants.list(texts)})`;
}

function lowerCase(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
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
