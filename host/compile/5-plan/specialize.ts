/**
 * What is left of a condition when the event type is known: tests of the type itself, of parameters
 * that the type lacks, of descriptors where there is none, become constants, and with them whole
 * branches go.
 */
import type { EventSchema } from "../../schema/types.ts";
import { ASYNC_EVENT, codesOfName, GENERIC_EXIT } from "../4-check/event-types.ts";
import { family as familyOf } from "../4-check/types.ts";
import type { Ask, Graph, Node, Order, TestNode } from "./graph.ts";
import type { FieldRead } from "./read.ts";

/** Files are opened by these; `evt.is_open_*` is 0, not missing, on every other event. */
const OPENING: readonly string[] = ["open", "openat", "openat2", "open_by_handle_at", "creat"];
const FD_FLAGS: readonly string[] = ["creates_fd", "uses_fd", "destroys_fd"];
/** Of class fd but about the process: they need no descriptor of the event. */
const NOT_OF_THE_EVENT: readonly string[] = ["fd.types"];

export class Specializer {
  readonly #graph: Graph;
  readonly #event: EventSchema;
  readonly #results = new Map<Node, Node>();

  constructor(graph: Graph, event: EventSchema) {
    this.#graph = graph;
    this.#event = event;
  }

  specialize(node: Node): Node {
    const known = this.#results.get(node);
    if (known !== undefined) return known;
    const result = this.#compute(node);
    this.#results.set(node, result);
    return result;
  }

  #compute(node: Node): Node {
    const graph = this.#graph;
    switch (node.kind) {
      case "constant":
        return node;
      case "not":
        return graph.not(this.specialize(node.child));
      case "and":
        return graph.and(node.children.map((child) => this.specialize(child)));
      case "or":
        return graph.or(node.children.map((child) => this.specialize(child)));
      case "one":
        return graph.one(node.children.map((child) => this.specialize(child)));
      case "test":
        return node.read.kind === "field" ? this.#test(node, node.read) : node;
    }
  }

  #test(node: TestNode, read: FieldRead): Node {
    const graph = this.#graph;
    const event = this.#event;
    const { name } = read.field;
    if (name === "evt.type" || name === "syscall.type") return this.#typeTest(node, name);
    if (name === "evt.type.is") {
      const answer = asksForNumber(node.ask, isFirstNamed(event, read.argument ?? "") ? 1n : 0n);
      return answer === null ? node : graph.constant(answer);
    }
    if (name === "evt.num") return decidedByNumbering(node.ask, graph) ?? node;
    if (read.mode === "param") return this.#parameterTest(node, read);
    if (name.startsWith("evt.is_open_") && !OPENING.includes(event.name)) {
      const answer = asksForNumber(node.ask, 0n);
      return answer === null ? node : graph.constant(answer);
    }
    const needsFd = read.field.class === "fd" && !NOT_OF_THE_EVENT.includes(name);
    if (needsFd && !event.flags.some((flag) => FD_FLAGS.includes(flag))) return graph.no;
    return node;
  }

  /**
   * False where the event has no such parameter, and where a raw one is a number in the condition
   * and none in the event, as the `type` of `socket` and of `mount`.
   */
  #parameterTest(node: TestNode, { field, argument, family }: FieldRead): Node {
    const { params } = this.#event;
    const name = argument ?? "";
    const param = /^\d+$/.test(name)
      ? params[Number(name)]
      : params.find((candidate) => candidate.name === name);
    if (param === undefined) return this.#graph.no;
    const isOfAnyKind = field.name !== "evt.rawarg" || node.ask.op === "exists";
    const isNumber = familyOf(param.type) === "number";
    return isOfAnyKind || isNumber === (family === "number") ? node : this.#graph.no;
  }

  #typeTest(node: TestNode, field: string): Node {
    const graph = this.#graph;
    const { ask } = node;
    const { code, name, kind } = this.#event;
    if (code !== GENERIC_EXIT && code !== ASYNC_EVENT) {
      if (field === "syscall.type" && kind !== "syscall") return graph.no;
      const answer = asksForText(ask, name);
      return answer === null ? node : graph.constant(answer);
    }
    if (field === "syscall.type" && code === ASYNC_EVENT) return graph.no;
    if (ask.op !== "text-in") return node;
    // Only names that belong to this type can ever be shown by it.
    const texts = ask.texts.filter((text) => codesOfName(text)?.includes(code) === true);
    return texts.length === 0 ? graph.no : graph.test(node.read, { op: "text-in", texts });
  }
}

/** Null when it cannot be told here. */
function asksForText(ask: Ask, text: string): boolean | null {
  switch (ask.op) {
    case "exists":
      return true;
    case "text-in":
      return ask.texts.includes(text);
    case "text-not":
      return ask.texts[0] !== text;
    case "startswith":
      return ask.texts.some((part) => text.startsWith(part));
    case "endswith":
      return ask.texts.some((part) => text.endsWith(part));
    case "contains":
      return ask.texts.some((part) => text.includes(part));
    default:
      return null;
  }
}

/** Null when it cannot be told here: the other side is a field. */
function asksForNumber(ask: Ask, value: bigint): boolean | null {
  switch (ask.op) {
    case "exists":
      return true;
    case "number-in":
      return ask.numbers.includes(value);
    case "number-not":
      return ask.numbers[0] !== value;
    case "number-order":
      return inOrder(ask.operator, value, ask.numbers[0]);
    default:
      return null;
  }
}

function inOrder(operator: Order, a: bigint, b: bigint): boolean {
  switch (operator) {
    case "<":
      return a < b;
    case "<=":
      return a <= b;
    case ">":
      return a > b;
    case ">=":
      return a >= b;
  }
}

/** As with Falco, `evt.type.is.NAME` only knows the oldest event of the name. */
function isFirstNamed(event: EventSchema, name: string): boolean {
  return event.name === name && !event.flags.includes("replaces");
}

/** `evt.num` counts from 1. */
function decidedByNumbering(ask: Ask, graph: Graph): Node | null {
  if (ask.op === "number-in" && ask.numbers.every((number) => number === 0n)) return graph.no;
  if (ask.op === "number-not" && ask.numbers[0] === 0n) return graph.yes;
  if (ask.op !== "number-order") return null;
  const [limit] = ask.numbers;
  switch (ask.operator) {
    case "<":
      return limit <= 1n ? graph.no : null;
    case "<=":
      return limit === 0n ? graph.no : null;
    case ">":
      return limit === 0n ? graph.yes : null;
    case ">=":
      return limit <= 1n ? graph.yes : null;
  }
}
