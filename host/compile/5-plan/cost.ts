/**
 * What a node is expected to cost, in nanoseconds on the reference machine. Estimates decide speed
 * only.
 */
import type { Ask, Node, TestNode } from "./graph.ts";
import type { Read } from "./read.ts";

/** Reading a bit of an open cache row. */
export const CACHED_COST = 3;
/** Below this a node is computed again rather than remembered. */
export const WORTH_CACHING = 8;

const COMPUTED_TEXT: readonly string[] = [
  "evt.arg",
  "evt.args",
  "evt.info",
  "evt.abspath",
  "proc.env",
  "proc.aenv",
  "proc.exeline",
  "proc.aargs",
  "thread.cap_permitted",
  "thread.cap_inheritable",
  "thread.cap_effective",
  "thread.cgroups",
  "container.mounts",
  "container.labels",
];

export function readCost(read: Read): number {
  switch (read.kind) {
    case "constant":
      return 1;
    case "list":
      return 20 + sum(read.items.map(readCost));
    case "transform":
      return 40 + sum(read.operands.map(readCost));
    case "field": {
      const { name, lifetime } = read.field;
      if (read.mode === "ancestors") return 80;
      if (COMPUTED_TEXT.includes(name)) return 60;
      if (lifetime === "lineage")
        return 10 * (read.call.kind === "index" ? 1 + read.call.index : 2);
      if (read.field.class === "user" || read.field.class === "group") return 10;
      return read.mode === "ends" ? 8 : 3;
    }
  }
}

export function askCost(ask: Ask): number {
  switch (ask.op) {
    case "exists":
      return 0;
    case "number-in":
      return ask.numbers.length;
    case "number-not":
    case "number-order":
    case "float-order":
      return 1;
    case "text-in":
      return ask.texts.length === 1 ? 3 : 8;
    case "text-not":
    case "text-order":
    case "address-not":
      return 3;
    case "startswith":
    case "endswith":
    case "address-in":
      return 2 + ask.texts.length;
    case "contains":
      return 15 * ask.texts.length;
    case "icontains":
      return 40 * ask.texts.length;
    case "glob":
    case "iglob":
      return 50 * ask.texts.length;
    case "regex":
      return 100;
    case "pmatch":
      return 20;
    case "network-in":
    case "network-not":
      return 4 * ask.networks.length;
    case "list-all":
    case "list-any":
      return 40;
    case "same-field":
      return 5 + readCost(ask.right);
  }
}

/** Without regard to caches. What was measured stands in for estimates. */
export class Costs {
  readonly #measured: (test: TestNode) => number | null;
  readonly #known = new Map<Node, number>();

  constructor(measured: (test: TestNode) => number | null = () => null) {
    this.#measured = measured;
  }

  ofAll(nodes: readonly Node[]): number {
    return sum(nodes.map((node) => this.of(node)));
  }

  of(node: Node): number {
    const known = this.#known.get(node);
    if (known !== undefined) return known;
    const cost = this.#compute(node);
    this.#known.set(node, cost);
    return cost;
  }

  #compute(node: Node): number {
    switch (node.kind) {
      case "constant":
        return 0;
      case "test": {
        const measured = this.#measured(node);
        if (measured !== null) return measured;
        const perValue = readCost(node.read) + askCost(node.ask);
        return node.read.kind === "field" && node.read.mode === "ends" ? perValue * 2 : perValue;
      }
      case "not":
        return this.of(node.child);
      default:
        return this.ofAll(node.children);
    }
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}
