/**
 * The shape of a condition: what it asks, without the constants that it asks for. Thousands of
 * rules have few shapes, so one function per shape and one row of constants per rule do for all of
 * them. Nodes that many rules have in common are part of the shape as they are.
 */
import type { Costs } from "./cost.ts";
import type { Ask, GroupNode, Node, TestNode } from "./graph.ts";
import { readKey } from "./read.ts";

export class Shapes {
  readonly #shared: ReadonlySet<Node>;
  readonly #costs: Costs;
  readonly #keys = new Map<Node, string>();
  /** Of the first node with the shape, so that all of them are put into the same order. */
  readonly #prices = new Map<string, number>();

  constructor(shared: ReadonlySet<Node>, costs: Costs) {
    this.#shared = shared;
    this.#costs = costs;
  }

  /** Whether the constants of the test vary with the rule. Other nodes without children do not. */
  isOpen(node: TestNode): boolean {
    return !this.#shared.has(node) && node.read.kind === "field" && node.ask.op !== "same-field";
  }

  isShared(node: Node): boolean {
    return this.#shared.has(node);
  }

  /** Equal for nodes that the same code decides, given the constants. */
  key(node: Node): string {
    const known = this.#keys.get(node);
    if (known !== undefined) return known;
    const key = this.#compute(node);
    this.#keys.set(node, key);
    if (!this.#prices.has(key)) this.#prices.set(key, this.#costs.of(node));
    return key;
  }

  /** Cheap first, by shape alone. */
  inOrder(group: GroupNode): Node[] {
    const keyed = group.children.map((node) => ({ node, key: this.key(node) }));
    keyed.sort((a, b) => this.#price(a.key) - this.#price(b.key) || order(a.key, b.key));
    return keyed.map(({ node }) => node);
  }

  #price(key: string): number {
    return this.#prices.get(key) ?? 0;
  }

  #compute(node: Node): string {
    if (this.#shared.has(node) || node.kind === "constant") return `#${node.id}`;
    switch (node.kind) {
      case "test":
        return this.isOpen(node) ? `${readKey(node.read)} ${askShape(node.ask)}` : `#${node.id}`;
      case "not":
        return `!${this.key(node.child)}`;
      default: {
        const children = this.inOrder(node).map((child) => this.key(child));
        return `${node.kind}(${children.join(",")})`;
      }
    }
  }
}

function askShape(ask: Ask): string {
  const operator = "operator" in ask ? ask.operator : "";
  const signed = "signed" in ask && ask.signed ? "signed" : "";
  const several = "texts" in ask && ask.texts.length !== 1 ? "several" : "";
  const none = "numbers" in ask && ask.numbers.length === 0 ? "none" : "";
  return `${ask.op}${operator}${signed}${several}${none}`;
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
