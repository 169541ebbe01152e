/**
 * What a node is expected to cost, in nanoseconds: about what surveys of recordings found for
 * Falco's rules (`lanner bench --write-profile`). Estimates decide speed only.
 */
import { SEARCHES } from "../operators/text.ts";
import type { Ask, Node, TestNode } from "./graph.ts";
import type { Read } from "./read.ts";

/** Reading a bit of an open cache row. */
export const CACHED_COST = 3;
/** Below this a node is computed again rather than remembered. */
export const WORTH_CACHING = 8;

/** Fields whose value is made when it is read, or is far away. */
const READ_COSTS: Readonly<Record<string, number>> = {
  "container.id": 13,
  "container.labels": 60,
  "container.mounts": 60,
  "evt.abspath": 60,
  "evt.arg": 10,
  "evt.args": 60,
  "evt.info": 60,
  "evt.rawarg": 10,
  "evt.rawres": 12,
  "evt.res": 30,
  "fd.l4proto": 14,
  "evt.is_open_create": 2,
  "evt.is_open_exec": 2,
  "evt.is_open_read": 1,
  "evt.is_open_write": 1,
  "fd.num": 1,
  "fd.type": 7,
  "fd.typechar": 2,
  "proc.aenv": 200,
  "proc.env": 200,
  "proc.exeline": 60,
  "thread.cap_effective": 1_100,
  "thread.cap_inheritable": 1_100,
  "thread.cap_permitted": 1_100,
  "thread.cgroups": 60,
};

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
      const own = READ_COSTS[name] ?? 0;
      if (read.mode === "ancestors") return Math.max(own, 20);
      if (own > 0) return own;
      if (lifetime === "lineage") return 4 + (read.call.kind === "index" ? read.call.index : 1);
      if (read.field.class === "user" || read.field.class === "group") return 15;
      return read.mode === "ends" ? 8 : 3;
    }
  }
}

export function askCost(ask: Ask): number {
  switch (ask.op) {
    case "exists":
      return 0;
    case "number-in":
      return Math.min(ask.numbers.length, 6);
    case "number-not":
    case "number-order":
    case "float-order":
      return 1;
    case "text-in":
      return ask.texts.length === 1 ? 2 : 5;
    case "text-not":
    case "text-order":
    case "address-not":
      return 2;
    case "address-in":
      return 2 + 2 * ask.texts.length;
    case "network-in":
    case "network-not":
      return 4 * ask.networks.length;
    case "list-all":
    case "list-any":
      return 40;
    case "same-field":
      return 5 + readCost(ask.right);
    default:
      return SEARCHES[ask.op].cost(ask.texts);
  }
}

/** A fact that the engine hands over with the event; next to no path has two dots in a row. */
const FACT_COST = 2;
const TEXT_SEARCHES: readonly Ask["op"][] = ["text-in", "startswith", "endswith", "contains"];

/** Only a path with two dots in a row answers with yes; the engine tells which have them. */
export function asksForTwoDots({ read, ask }: TestNode): boolean {
  if (read.kind !== "field" || read.field.name !== "fd.nameraw") return false;
  if (!TEXT_SEARCHES.includes(ask.op) || !("texts" in ask)) return false;
  return ask.texts.every((text) => text.includes(".."));
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
        if (asksForTwoDots(node)) return FACT_COST;
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
