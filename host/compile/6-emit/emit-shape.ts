/** Shapes → functions that decide a condition given a row of its constants. */
import type { Node, TestNode } from "../5-plan/graph.ts";
import type { Shapes } from "../5-plan/shape.ts";
import { Code } from "../code.ts";
import type { PlainAsk } from "./ask-code.ts";
import { askCode } from "./ask-code.ts";
import { RowConstants } from "./constants.ts";
import type { DataBlock } from "./data.ts";
import type { NodeEmitter } from "./emit-node.ts";
import { eitherEnd } from "./emit-node.ts";
import { longsTable } from "./tables.ts";

/** What decides a condition: the number of a function, and the address of its row. */
export interface Decision {
  readonly shape: number;
  readonly row: number;
}

export class ShapeEmitter {
  readonly #nodes: NodeEmitter;
  readonly #shapes: Shapes;
  readonly #data: DataBlock;
  readonly #numbers = new Map<string, number>();
  /** Functions that walk ancestors, by what they do. */
  readonly #walks = new Map<string, Code>();
  readonly definitions: Code[] = [];

  constructor(nodes: NodeEmitter, shapes: Shapes, data: DataBlock) {
    this.#nodes = nodes;
    this.#shapes = shapes;
    this.#data = data;
  }

  /** Makes the shape's function when it is the first of its shape. */
  decision(node: Node): Decision {
    const constants = new RowConstants(this.#data);
    const code = this.#expression(node, constants);
    const row = constants.words.length === 0 ? 0 : longsTable(this.#data, constants.words);
    const known = this.#numbers.get(code.text);
    if (known !== undefined) return { shape: known, row };
    const shape = this.#numbers.size;
    this.#numbers.set(code.text, shape);
    this.definitions.push(Code.of`
function shape${shape}(row: usize): bool {
  return ${code};
}
`);
    return { shape, row };
  }

  /** The function that calls a shape's by its number. */
  choice(): Code {
    const cases = [...this.#numbers.values()].map(
      (shape) => Code.of`    case ${shape}:
      return shape${shape}(row);
`,
    );
    return Code.of`
function decide(shape: u32, row: usize): bool {
  switch (shape) {
${Code.join(cases, "")}  }
  return false;
}
`;
  }

  #expression(node: Node, constants: RowConstants): Code {
    if (this.#shapes.isShared(node)) return this.#nodes.expression(node);
    switch (node.kind) {
      case "constant":
        return this.#nodes.expression(node);
      case "not":
        return Code.of`!${this.#expression(node.child, constants)}`;
      case "test":
        return this.#test(node, constants);
      case "one": {
        const terms = this.#children(node, constants).map((term) => Code.of`<u32>${term}`);
        return Code.of`(${Code.join(terms, " + ")} == 1)`;
      }
      case "and":
        return Code.of`(${Code.join(this.#children(node, constants), " && ")})`;
      case "or":
        return Code.of`(${Code.join(this.#children(node, constants), " || ")})`;
    }
  }

  #children(node: Extract<Node, { kind: "and" | "or" | "one" }>, constants: RowConstants): Code[] {
    return this.#shapes.inOrder(node).map((child) => this.#expression(child, constants));
  }

  #test(node: TestNode, constants: RowConstants): Code {
    const { read, ask } = node;
    if (!this.#shapes.isOpen(node) || read.kind !== "field" || ask.op === "same-field")
      return this.#nodes.expression(node);
    const { reads } = this.#nodes;
    if (read.mode === "ends") return eitherEnd(reads, read, { ask, constants });
    if (read.mode === "ancestors") {
      return this.#anyAncestor(reads.first(read, Code.of`level`), ask, constants);
    }
    if (ask.op === "exists") return reads.first(read, null);
    return Code.of`(${reads.first(read, null)} && ${askCode(ask, constants)})`;
  }

  #anyAncestor(call: Code, ask: PlainAsk, constants: RowConstants): Code {
    const body = Code.of`(row: usize): bool {
  for (let level: u32 = 1; ${call}; level++) {
    if (${askCode(ask, constants)}) return true;
  }
  return false;
}
`;
    const known = this.#walks.get(body.text);
    if (known !== undefined) return Code.of`${known}(row)`;
    const name = Code.name(`walk${this.#walks.size}`);
    this.#walks.set(body.text, name);
    this.definitions.push(Code.of`
function ${name}${body}`);
    return Code.of`${name}(row)`;
  }
}
