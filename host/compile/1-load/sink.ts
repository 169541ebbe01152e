import type { Diagnostic, Problem } from "../../diagnostics/diagnostic.ts";
import type { Expression, ItemType, Location, Position } from "../../diagnostics/position.ts";
import type { YamlNode } from "../../yaml/nodes.ts";

/** Where something is said: the node, and the way to it from the file down. */
export interface Context {
  readonly chain: readonly Location[];
  readonly at: Position;
}

/**
 * Collects what is found while one file is loaded, which can be about an earlier one, too; the
 * phases return null where one of theirs stopped them.
 */
export class Sink {
  readonly #loading: string;
  readonly #found: Diagnostic[] = [];
  #failed = false;

  constructor(loading: string) {
    this.#loading = loading;
  }

  get found(): readonly Diagnostic[] {
    return this.#found;
  }
  get failed(): boolean {
    return this.#failed;
  }
  error(context: Context, problem: Problem, expression?: Expression): null {
    this.#failed = true;
    return this.#add("error", context, problem, expression);
  }
  warn(context: Context, problem: Problem, expression?: Expression): null {
    return this.#add("warning", context, problem, expression);
  }

  #add(
    severity: Diagnostic["severity"],
    { at, chain }: Context,
    problem: Problem,
    expression?: Expression,
  ): null {
    const base = { severity, problem, at, chain, loading: this.#loading };
    this.#found.push(expression === undefined ? base : { ...base, expression });
    return null;
  }
}

/** The context of something inside `outer`. */
export function inside(
  outer: Context,
  itemType: ItemType,
  itemName: string,
  node: YamlNode,
): Context {
  const at = node.file.position(node.offset);
  return { chain: [...outer.chain, { itemType, itemName, at }], at };
}

/** The same place, said of the file: where Falco loses the way to what it stumbles over. */
export function outermost({ chain, at }: Context): Context {
  return { chain: chain.slice(0, 1), at };
}

/** What is said of an item, shown at one of its nodes. */
export function shownAt({ chain }: Context, node: YamlNode): Context {
  return { chain, at: node.file.position(node.offset) };
}
