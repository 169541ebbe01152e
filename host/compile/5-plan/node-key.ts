/**
 * The canonical text of a node: the same for equal conditions, whatever the rules around them and
 * in whatever order they were written. Groups in a group of their own kind count as one, since the
 * plan may nest them. Profiles name nodes by it, so a change of it makes old profiles worthless.
 */
import { createHash } from "node:crypto";
import type { Node, TestNode } from "./graph.ts";
import { operatorOf, readText, valuesOf } from "./predicate-text.ts";

/** What is longer is cut and goes on with a hash of the whole. */
export const KEY_CHARACTERS_MAX = 120;
const HASH_DIGITS = 16;

export class NodeKeys {
  readonly #known = new Map<Node, string>();

  of(node: Node): string {
    const known = this.#known.get(node);
    if (known !== undefined) return known;
    const key = shortened(this.#compute(node));
    this.#known.set(node, key);
    return key;
  }

  #compute(node: Node): string {
    switch (node.kind) {
      case "constant":
        return String(node.value);
      case "not":
        return `not ${this.of(node.child)}`;
      case "test":
        return testKey(node);
      default: {
        const keys = flatChildren(node.kind, node.children).map((child) => this.of(child));
        return `(${keys.sort().join(` ${node.kind} `)})`;
      }
    }
  }
}

function flatChildren(kind: Node["kind"], children: readonly Node[]): readonly Node[] {
  if (kind === "one") return children;
  return children.flatMap((child) =>
    child.kind === kind && "children" in child ? flatChildren(kind, child.children) : [child],
  );
}

function testKey({ read, ask }: TestNode): string {
  const operator = operatorOf(ask);
  const field = readText(read);
  if (operator === "exists") return `${field} exists`;
  const values = valuesOf(ask).map(quoted);
  return `${field} ${operator} ${values.length === 1 ? (values[0] ?? "") : `(${values.join(", ")})`}`;
}

function quoted(value: string): string {
  return /^[\w./:*@-]+$/.test(value) ? value : JSON.stringify(value);
}

function shortened(text: string): string {
  if (text.length <= KEY_CHARACTERS_MAX) return text;
  const hash = createHash("sha256").update(text).digest("hex").slice(0, HASH_DIGITS);
  return `${text.slice(0, KEY_CHARACTERS_MAX - HASH_DIGITS - 3)}… #${hash}`;
}
