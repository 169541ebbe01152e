/** The event types in which each node is asked. */
import { typeName } from "./figures.ts";
import type { Node } from "./graph.ts";
import { childrenOf } from "./graph.ts";

/** Nodes are asked for these types, by way of these roots. */
export interface Asked {
  readonly types: readonly number[];
  readonly roots: readonly Node[];
}

export class Places {
  readonly #entries: readonly (readonly string[])[];
  readonly #asked = new Map<Node, number[]>();
  /** So that equal lists are one. */
  readonly #lists = new Map<string, readonly string[]>();

  constructor(asked: readonly Asked[]) {
    this.#entries = asked.map(({ types }) => types.map(typeName));
    asked.forEach(({ roots }, entry) => {
      for (const root of roots) this.#visit(root, entry);
    });
  }

  /** Names of the types. Equal lists are the same object. */
  of(node: Node): readonly string[] {
    const entries = this.#asked.get(node) ?? [];
    const key = entries.join();
    const known = this.#lists.get(key);
    if (known !== undefined) return known;
    const types = [...new Set(entries.flatMap((entry) => this.#entries[entry] ?? []))];
    this.#lists.set(key, types);
    return types;
  }

  #visit(node: Node, entry: number): void {
    const entries = this.#asked.get(node);
    if (entries?.at(-1) === entry) return;
    if (entries === undefined) this.#asked.set(node, [entry]);
    else entries.push(entry);
    for (const child of childrenOf(node)) this.#visit(child, entry);
  }
}
