/** Predicates → graph, for all event types. Operators and modifiers become few questions. */
import type { Constant, Predicate, Test } from "../4-check/predicate.ts";
import { searchOf } from "../operators/table.ts";
import { SEARCHES } from "../operators/text.ts";
import type { Ask, FloatOrder, Graph, Network, Node, Order } from "./graph.ts";
import { unique } from "./graph.ts";
import { lowerHostName } from "./host-names.ts";
import type { FieldRead, Read } from "./read.ts";
import { toRead } from "./read.ts";

export function lower(graph: Graph, predicate: Predicate): Node {
  switch (predicate.kind) {
    case "and":
      return graph.and(predicate.children.map((child) => lower(graph, child)));
    case "or":
      return graph.or(predicate.children.map((child) => lower(graph, child)));
    case "not":
      return graph.not(lower(graph, predicate.child));
    case "test":
      return lowerTest(graph, predicate);
  }
}

function lowerTest(graph: Graph, test: Test): Node {
  const hostName = lowerHostName(graph, test);
  if (hostName !== null) return hostName;
  const read = toRead(test.left);
  if (isNeverEvaluated(read)) return graph.no;
  if (test.right !== null) {
    const right = toRead(test.right);
    return isNeverEvaluated(right)
      ? graph.no
      : graph.test(read, { op: "same-field", operator: test.operator, right });
  }
  const { modifier } = test;
  if (isNeverIn(read, test)) return graph.no;
  // As with Falco, what has a comparison of its own is compared with the first of several values.
  const isOwn = read.kind === "field" && (read.mode === "ancestors" || isRaw(read));
  const constants = isOwn && modifier !== null ? test.constants.slice(0, 1) : test.constants;
  if (modifier === null) return lowerPlain(graph, read, test, constants);
  const each = constants.map((constant) => lowerPlain(graph, read, test, [constant]));
  if (each.length === 0) return graph.no;
  if (modifier === "oneof") return graph.one(each);
  return modifier === "anyof" ? graph.or(each) : graph.and(each);
}

function isRaw(read: FieldRead): boolean {
  return read.field.name === "evt.rawarg";
}

/**
 * As with Falco, sets never contain a number of an ancestor or of a raw parameter: what is looked
 * up has another length than what is in the set.
 */
function isNeverIn(read: Read, test: Test): boolean {
  if (read.kind !== "field" || !isSetOperator(test) || read.family !== "number") return false;
  return read.mode === "ancestors" || isRaw(read);
}

/** Fields that are known but that nothing can read are missing values. */
function isNeverEvaluated(read: Read): boolean {
  if (read.kind === "transform") return read.operands.some(isNeverEvaluated);
  if (read.kind === "list") return read.items.some(isNeverEvaluated);
  if (read.kind === "constant") return false;
  const { accessor } = read.field;
  const usesIndexed = read.call.kind !== "none" || read.mode !== "one";
  return (usesIndexed ? accessor?.indexed : accessor?.plain) == null;
}

function lowerPlain(graph: Graph, read: Read, test: Test, constants: readonly Constant[]): Node {
  if (test.operator === "exists") return graph.test(read, { op: "exists" });
  if (read.list) {
    const op = test.operator === "in" ? "list-all" : "list-any";
    return graph.test(read, { op, texts: unique(textsOf(constants)) });
  }
  switch (read.family) {
    case "number":
    case "truth":
      if (read.kind === "field" && read.float)
        return floatTest(graph, read, test, numbersOf(constants));
      if (isWindow(read, test))
        return graph.test(read, withinAsk(numbersOf(constants), read.signed));
      return graph.test(read, numberAsk(test, numbersOf(constants), read.signed));
    case "address": {
      // As with Falco, the comparison with either end never finds a value in a list.
      if (read.kind === "field" && read.mode === "ends" && isSetOperator(test)) return graph.no;
      return graph.test(read, equality(test, textsOf(constants), "address"));
    }
    case "network": {
      // As with Falco, `fd.net in (…)` looks at its first value only.
      const isEnds = read.kind === "field" && read.mode === "ends";
      const all = networksOf(constants);
      const networks = isEnds ? all.slice(0, 1) : all;
      if (networks.length === 0) return graph.no;
      return graph.test(read, {
        op: test.operator === "!=" ? "network-not" : "network-in",
        networks,
      });
    }
    default:
      return lowerText(graph, read, test, textsOf(constants));
  }
}

function isSetOperator(test: Test): boolean {
  return test.operator === "in" || test.operator === "intersects";
}

function lowerText(graph: Graph, read: Read, test: Test, texts: readonly string[]): Node {
  const [first = ""] = texts;
  switch (test.operator) {
    case "<":
    case "<=":
    case ">":
    case ">=":
      return graph.test(read, { op: "text-order", operator: test.operator, texts: [first] });
    default: {
      const op = searchOf(test.operator);
      return graph.test(
        read,
        op === null ? equality(test, texts, "text") : { op, texts: SEARCHES[op].constants(texts) },
      );
    }
  }
}

function equality(test: Test, texts: readonly string[], kind: "text" | "address"): Ask {
  if (test.operator === "!=") return { op: `${kind}-not`, texts: [texts[0] ?? ""] };
  return { op: `${kind}-in`, texts: unique(texts) };
}

function floatTest(graph: Graph, read: Read, test: Test, numbers: readonly bigint[]): Node {
  const ask = (operator: FloatOrder, number: bigint): Node =>
    graph.test(read, { op: "float-order", operator, numbers: [number] });
  const [first = 0n] = numbers;
  switch (test.operator) {
    case "<":
    case "<=":
    case ">":
    case ">=":
      return ask(test.operator, first);
    case "!=":
      return ask("!=", first);
    default:
      return graph.or(numbers.map((number) => ask("==", number)));
  }
}

/** To "equal" a distance in time is to be no farther away. */
function isWindow(read: Read, test: Test): boolean {
  if (read.kind !== "field" || read.field.name !== "evt.around") return false;
  return test.operator === "=" || test.operator === "==";
}

function withinAsk([most = 0n]: readonly bigint[], signed: boolean): Ask {
  return { op: "number-order", operator: "<=", numbers: [most], signed };
}

function numberAsk(test: Test, numbers: readonly bigint[], signed: boolean): Ask {
  const [first = 0n] = numbers;
  const { operator } = test;
  if (operator === "!=") return { op: "number-not", numbers: [first] };
  if (operator === "<" || operator === "<=" || operator === ">" || operator === ">=") {
    return { op: "number-order", operator: operator satisfies Order, numbers: [first], signed };
  }
  return { op: "number-in", numbers: [...new Set(numbers)].sort((a, b) => (a < b ? -1 : 1)) };
}

function textsOf(constants: readonly Constant[]): string[] {
  return constants.flatMap((c) => (c.kind === "text" || c.kind === "address" ? [c.bytes] : []));
}
function numbersOf(constants: readonly Constant[]): bigint[] {
  return constants.flatMap((c) => (c.kind === "number" ? [c.value] : []));
}
function networksOf(constants: readonly Constant[]): Network[] {
  return constants.flatMap((c) => (c.kind === "network" ? [{ bytes: c.bytes, bits: c.bits }] : []));
}
