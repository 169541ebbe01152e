/**
 * The predicate graph: every condition of every rule in one hash-consed DAG. Equal sub-conditions
 * are one node, whatever rule they stand in and whatever order they were written in.
 *
 * Nodes are only made by `Graph`, which simplifies: constants fold, nested groups flatten, tests of
 * one value against several constants merge into one test against a set.
 */
import type { Lifetime } from "../../schema/types.ts";
import type { Bytes } from "../4-check/predicate.ts";
import { asSearch } from "../operators/table.ts";
import { SEARCHES, type SearchName } from "../operators/text.ts";
import type { Read } from "./read.ts";
import { join, readKey } from "./read.ts";

/** What is asked of a value that is there. A missing value makes every test false. */
export type Ask =
  | { readonly op: "exists" }
  /** Is one of these. Sorted, unique. */
  | { readonly op: "text-in"; readonly texts: readonly Bytes[] }
  | { readonly op: "text-not"; readonly texts: readonly [Bytes] }
  | { readonly op: "text-order"; readonly operator: Order; readonly texts: readonly [Bytes] }
  | { readonly op: SearchName; readonly texts: readonly Bytes[] }
  | { readonly op: "number-in"; readonly numbers: readonly bigint[] }
  | { readonly op: "number-not"; readonly numbers: readonly [bigint] }
  | {
      readonly op: "number-order";
      readonly operator: Order;
      readonly numbers: readonly [bigint];
      readonly signed: boolean;
    }
  | {
      readonly op: "float-order";
      readonly operator: FloatOrder;
      readonly numbers: readonly [bigint];
    }
  | { readonly op: "address-in"; readonly texts: readonly Bytes[] }
  | { readonly op: "address-not"; readonly texts: readonly [Bytes] }
  | { readonly op: "network-in" | "network-not"; readonly networks: readonly Network[] }
  /** A list value: all of its elements, or at least one, are among these. */
  | { readonly op: "list-all" | "list-any"; readonly texts: readonly Bytes[] }
  | { readonly op: "same-field"; readonly operator: string; readonly right: Read };

export type Order = "<" | "<=" | ">" | ">=";
export type FloatOrder = Order | "==" | "!=";
export interface Network {
  readonly bytes: Bytes;
  readonly bits: number;
}

interface Common {
  readonly id: number;
  readonly lifetime: Lifetime;
}
export interface ConstantNode extends Common {
  readonly kind: "constant";
  readonly value: boolean;
}
export interface TestNode extends Common {
  readonly kind: "test";
  readonly read: Read;
  readonly ask: Ask;
}
export interface NotNode extends Common {
  readonly kind: "not";
  readonly child: Node;
}
/** `one`: exactly one child is true. */
export interface GroupNode extends Common {
  readonly kind: "and" | "or" | "one";
  readonly children: readonly Node[];
}
export type Node = ConstantNode | TestNode | NotNode | GroupNode;

/** These merge by uniting their constants when one value is asked twice in an `or`. */
function merges({ op }: Ask): boolean {
  const search = asSearch(op);
  return search === null ? op === "text-in" || op === "address-in" : SEARCHES[search].merges;
}

export class Graph {
  readonly #nodes: Node[] = [];
  readonly #byKey = new Map<string, Node>();
  readonly yes: Node;
  readonly no: Node;

  constructor() {
    this.no = this.#intern("0", (id) => ({
      id,
      kind: "constant",
      value: false,
      lifetime: "constant",
    }));
    this.yes = this.#intern("1", (id) => ({
      id,
      kind: "constant",
      value: true,
      lifetime: "constant",
    }));
  }

  get nodes(): readonly Node[] {
    return this.#nodes;
  }

  constant(value: boolean): Node {
    return value ? this.yes : this.no;
  }

  test(read: Read, ask: Ask): Node {
    const lifetime =
      ask.op === "same-field" ? join(read.lifetime, ask.right.lifetime) : read.lifetime;
    const key = `${readKey(read)} ${askKey(ask)}`;
    return this.#intern(key, (id) => ({ id, kind: "test", read, ask, lifetime }));
  }

  not(child: Node): Node {
    if (child.kind === "constant") return this.constant(!child.value);
    if (child.kind === "not") return child.child;
    return this.#intern(`!${child.id}`, (id) => ({
      id,
      kind: "not",
      child,
      lifetime: child.lifetime,
    }));
  }

  and(children: readonly Node[]): Node {
    return this.#group("and", children);
  }

  or(children: readonly Node[]): Node {
    return this.#group("or", children);
  }

  /** Exactly one of the children; equal children count twice. */
  one(children: readonly Node[]): Node {
    const [only] = children;
    if (only === undefined) return this.no;
    if (children.length === 1) return only;
    return this.#makeGroup("one", children);
  }

  /** A group that keeps the groups inside of it. */
  nested(kind: "and" | "or", children: readonly Node[]): Node {
    const [only] = children;
    return children.length === 1 && only !== undefined ? only : this.#makeGroup(kind, children);
  }

  #group(kind: "and" | "or", children: readonly Node[]): Node {
    const absorbing = this.constant(kind === "or");
    const found = new Set<Node>();
    for (const child of children) {
      const flat = child.kind === kind ? child.children : [child];
      for (const node of flat) if (node.kind !== "constant" || node === absorbing) found.add(node);
    }
    if (found.has(absorbing)) return absorbing;
    for (const node of found) if (found.has(this.not(node))) return absorbing;
    const merged = kind === "or" ? this.#mergeTests([...found]) : this.#mergeNegated([...found]);
    const [only] = merged;
    if (only === undefined) return this.constant(kind === "and");
    return merged.length === 1 ? only : this.#makeGroup(kind, merged);
  }

  #makeGroup(kind: GroupNode["kind"], children: readonly Node[]): Node {
    const ordered = [...children].sort((a, b) => a.id - b.id);
    const lifetime = ordered.map((child) => child.lifetime).reduce(join);
    const key = `${kind}:${ordered.map((child) => child.id).join(",")}`;
    return this.#intern(key, (id) => ({ id, kind, children: ordered, lifetime }));
  }

  /** `f = a or f in (b, c)` is `f in (a, b, c)`. */
  #mergeTests(nodes: readonly Node[]): Node[] {
    const result: Node[] = [];
    const merging = new Map<string, TestNode[]>();
    for (const node of nodes) {
      if (node.kind !== "test" || !merges(node.ask)) {
        result.push(node);
        continue;
      }
      const key = `${readKey(node.read)} ${node.ask.op}`;
      const same = merging.get(key);
      if (same === undefined) merging.set(key, [node]);
      else same.push(node);
    }
    for (const same of merging.values()) {
      const [first] = same;
      if (first === undefined) continue;
      const texts = same.flatMap((node) => ("texts" in node.ask ? node.ask.texts : []));
      result.push(
        same.length === 1
          ? first
          : this.test(first.read, { op: first.ask.op, texts: unique(texts) } as Ask),
      );
    }
    return result;
  }

  /** `not f = a and not f = b` is `not f in (a, b)`. */
  #mergeNegated(nodes: readonly Node[]): Node[] {
    const negated = nodes.filter((node) => node.kind === "not" && node.child.kind === "test");
    if (negated.length < 2) return [...nodes];
    const rest = nodes.filter((node) => !negated.includes(node));
    const tests = negated.map((node) => (node.kind === "not" ? node.child : node));
    return [...rest, ...this.#mergeTests(tests).map((node) => this.not(node))];
  }

  #intern(key: string, make: (id: number) => Node): Node {
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    const node = make(this.#nodes.length);
    this.#nodes.push(node);
    this.#byKey.set(key, node);
    return node;
  }
}

export function childrenOf(node: Node): readonly Node[] {
  if (node.kind === "not") return [node.child];
  return node.kind === "test" || node.kind === "constant" ? [] : node.children;
}

export function unique(texts: readonly Bytes[]): Bytes[] {
  return [...new Set(texts)].sort();
}

function askKey(ask: Ask): string {
  if (ask.op === "same-field") return `${ask.operator} ${readKey(ask.right)}`;
  return JSON.stringify(ask, (_, value: unknown) =>
    typeof value === "bigint" ? `${value}n` : value,
  );
}
