import type { Diagnostic, Problem } from "../../diagnostics/diagnostic.ts";
import type { Expression, ItemType, Location, Position } from "../../diagnostics/position.ts";
import type { YamlNode } from "../../yaml/nodes.ts";

/** Where something is said: the node, and the way to it from the file down. */
export interface Context {
  readonly chain: readonly Location[];
  readonly at: Position;
}

/** Collects diagnostics; the phases return null where one of theirs stopped them. */
export class Sink {
  readonly #found: Diagnostic[] = [];

  get found(): readonly Diagnostic[] {
    return this.#found;
  }
  get failed(): boolean {
    return this.#found.some((d) => d.severity === "error");
  }
  error(context: Context, problem: Problem, expression?: Expression): null {
    return this.#add("error", context, problem, expression);
  }
  warn(context: Context, problem: Problem, expression?: Expression): null {
    return this.#add("warning", context, problem, expression);
  }
  add(diagnostics: readonly Diagnostic[]): void {
    for (const each of diagnostics) this.#found.push(each);
  }

  #add(
    severity: Diagnostic["severity"],
    context: Context,
    problem: Problem,
    expression?: Expression,
  ): null {
    const base = { severity, problem, at: context.at, chain: context.chain };
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
