/** Nodes → expressions. A node that is remembered, or that several use, is a function. */
import type { Cached } from "../5-plan/cached.ts";
import { asksForTwoDots } from "../5-plan/cost.ts";
import type { Ask, GroupNode, Node, TestNode } from "../5-plan/graph.ts";
import { childrenOf } from "../5-plan/graph.ts";
import { groupBy } from "../5-plan/group-by.ts";
import type { Plan } from "../5-plan/plan.ts";
import { rootsOf } from "../5-plan/plan.ts";
import type { FieldRead } from "../5-plan/read.ts";
import { readKey } from "../5-plan/read.ts";
import { Code } from "../code.ts";
import type { PlainAsk } from "./ask-code.ts";
import { askCode } from "./ask-code.ts";
import { compareCode } from "./compare-code.ts";
import type { Constants } from "./constants.ts";
import { FixedConstants } from "./constants.ts";
import type { DataBlock } from "./data.ts";
import { ReadEmitter } from "./emit-read.ts";
import type { Instruments } from "./instruments.ts";
import type { CacheLayout } from "./prelude.ts";

/** A shared node with more tests than this is a function even when nothing remembers it. */
const INLINE_NODES_MAX = 3;

export const ROW_HEADER_BYTES = 24;

export class NodeEmitter {
  readonly #plan: Plan;
  readonly #layout: CacheLayout;
  readonly #uses: ReadonlyMap<Node, number>;
  readonly #functions = new Map<Node, Code>();
  readonly #definitions: Code[] = [];
  /** Tests that have a function of their own below that of the node. */
  readonly #written = new Set<Node>();
  #comparesFields = false;
  readonly #constants: FixedConstants;
  readonly reads: ReadEmitter;
  readonly #instruments: Instruments | null;

  constructor(
    plan: Plan,
    layout: CacheLayout,
    data: DataBlock,
    instruments: Instruments | null = null,
  ) {
    this.#instruments = instruments;
    this.#plan = plan;
    this.#layout = layout;
    this.#constants = new FixedConstants(data);
    this.reads = new ReadEmitter(data, this.#definitions);
    this.#uses = countUses(plan);
  }

  get definitions(): readonly Code[] {
    return this.#definitions;
  }

  /** Accessors by the file that has them. */
  get imports(): ReadonlyMap<string, ReadonlySet<string>> {
    return this.reads.imports;
  }

  /** Whether anything emitted so far transforms values or compares two fields. */
  get transforms(): boolean {
    return this.reads.transforms || this.#comparesFields;
  }

  /** A boolean expression, in parentheses where it needs them. */
  expression(node: Node): Code {
    const cached = this.#plan.caches.get(node);
    const isShared = (this.#uses.get(node) ?? 0) > 1 && sizeOf(node) > INLINE_NODES_MAX;
    return cached !== undefined || isShared
      ? Code.of`${this.#function(node, cached)}()`
      : this.#body(node);
  }

  #function(node: Node, cached: Cached | undefined): Code {
    const known = this.#functions.get(node);
    if (known !== undefined) return known;
    const name = Code.name(`n${node.id}`);
    this.#functions.set(node, name);
    const body = this.#body(node);
    this.#definitions.push(
      cached === undefined ? plain(name, body) : this.#remembered(node, name, body, cached),
    );
    return name;
  }

  #remembered(node: Node, name: Code, body: Code, { kind, index }: Cached): Code {
    const { asked, remembered } = this.#instruments?.memory(node, kind) ?? NOT_COUNTED;
    if (kind === "event") {
      const word = this.#layout.memo + index * 4;
      return Code.of`
function ${name}(): bool {${asked}
  const seen = load<u32>(${word}) ^ epoch;
  if (seen < 2) {${remembered} return seen != 0; }
  const answer: bool = ${body};
  store<u32>(${word}, epoch | <u32>answer);
  return answer;
}
`;
    }
    const offset = ROW_HEADER_BYTES + 16 * Math.floor(index / 64);
    const bit = 1n << BigInt(index % 64);
    return Code.of`
function ${name}(): bool {${asked}
  const pair = ${ROWS[kind]}() + ${offset};
  if (isKnown(pair, ${bit})) {${remembered} return answerOf(pair, ${bit}); }
  return remember(pair, ${bit}, ${body});
}
`;
  }

  #body(node: Node): Code {
    switch (node.kind) {
      case "constant":
        return node.value ? Code.of`true` : Code.of`false`;
      case "not":
        return Code.of`!${this.expression(node.child)}`;
      case "test":
        return this.#counted([node], this.#test(node));
      case "one": {
        const terms = node.children.map((child) => Code.of`<u32>${this.expression(child)}`);
        return Code.of`(${Code.join(terms, " + ")} == 1)`;
      }
      case "and":
      case "or":
        return this.#group(node);
    }
  }

  /** Tests of one value read it once, where the first of them stands. */
  #group(group: GroupNode): Code {
    const operator = group.kind === "and" ? " && " : " || ";
    const ordered = [...new Set(this.#plan.order.of(group))];
    const byRead = groupBy<Node | string, Node>(ordered, (child) => this.#readOf(child) ?? child);
    const terms = [...byRead.values()].map(([first, ...others]) => {
      if (first === undefined) throw new Error("a group of no tests");
      if (others.length === 0) return this.expression(first);
      return this.#together([first, ...others], group.kind === "and");
    });
    return Code.of`(${Code.join(terms, operator)})`;
  }

  /** What the node reads, when others that read the same can be asked with it; null when not. */
  #readOf(node: Node): string | null {
    const test = plainTest(node);
    if (test === null || this.#plan.caches.has(test)) return null;
    return `${node.kind} ${readKey(test.read)}`;
  }

  /** `not a and not b` of one value is `not (it is there and (a or b))`. */
  #together(nodes: readonly Node[], isAnd: boolean): Code {
    const tests = nodes.map(plainTest).filter((test) => test !== null);
    const [first] = tests;
    if (first === undefined) throw new Error("a group of no tests");
    const negated = nodes[0]?.kind === "not";
    const asks = tests.map((test) => this.#ask(test.ask));
    const joined = Code.join(asks, isAnd !== negated ? " && " : " || ");
    const climbing = climbs(tests, isAnd !== negated);
    const present = this.#counted(
      tests,
      Code.of`(${climbing}${this.reads.first(first.read, null)} && (${joined}))`,
    );
    return negated ? Code.of`!${present}` : present;
  }

  #counted(tests: readonly TestNode[], body: Code): Code {
    return this.#instruments?.predicate(tests, body) ?? body;
  }

  #test(node: TestNode): Code {
    const { read, ask } = node;
    if (ask.op === "same-field") return this.#sameField(node, ask);
    if (read.kind === "field" && read.mode === "ends") return this.#eitherEnd(read, ask);
    if (read.kind === "field" && read.mode === "ancestors")
      return Code.of`${this.#anyAncestor(node, read)}()`;
    if (ask.op === "exists") return this.reads.first(read, null);
    return Code.of`(${climbs([node], true)}${this.reads.first(read, null)} && ${this.#ask(ask)})`;
  }

  /** Keeps the left value while the right one is read. */
  #sameField(node: TestNode, ask: Extract<Ask, { op: "same-field" }>): Code {
    this.#comparesFields = true;
    // No shorter: `f64` is a type.
    const name = Code.name(`same${node.id}`);
    if (this.#written.has(node)) return Code.of`${name}()`;
    this.#written.add(node);
    this.#definitions.push(Code.of`
function ${name}(): bool {
  if (!${this.reads.first(node.read, null)}) return false;
  const at = Value.address;
  const length = Value.length;
  const number = Value.number;
  return ${this.reads.call(ask.right, null)} && ${compareCode(ask.operator, node.read)};
}
`);
    return Code.of`${name}()`;
  }

  #ask(ask: Ask): Code {
    if (ask.op === "same-field")
      throw new Error("a comparison of two fields is no question to one value");
    return askCode(ask, this.#constants);
  }

  #eitherEnd(read: FieldRead, ask: Ask): Code {
    if (ask.op === "same-field")
      throw new Error("a comparison of two fields is no question to one value");
    return eitherEnd(this.reads, read, { ask, constants: this.#constants });
  }

  #anyAncestor(node: TestNode, read: FieldRead): Code {
    const name = Code.name(`a${node.id}`);
    if (this.#written.has(node)) return name;
    this.#written.add(node);
    this.#definitions.push(Code.of`
function ${name}(): bool {
  for (let level: u32 = 1; ${this.reads.first(read, Code.of`level`)}; level++) {
    if (${this.#ask(node.ask)}) return true;
  }
  return false;
}
`);
    return name;
  }
}

/** Puts a fact of the event in front where nothing else can make the tests of one value true. */
function climbs(tests: readonly TestNode[], isAnd: boolean): Code {
  const needs = isAnd ? tests.some(asksForTwoDots) : tests.every(asksForTwoDots);
  return needs ? Code.of`mayClimb() && ` : Code.of``;
}

const NOT_COUNTED = { asked: Code.of``, remembered: Code.of`` };

/** With `!=` both ends have to differ, and one has to be there. */
export function eitherEnd(
  reads: ReadEmitter,
  read: FieldRead,
  { ask, constants }: { readonly ask: PlainAsk; readonly constants: Constants },
): Code {
  const [client, server] = [reads.first(read, Code.of`0`), reads.first(read, Code.of`1`)];
  if (ask.op === "exists") return Code.of`(${client} || ${server})`;
  const positive =
    POSITIVE[ask.op] === undefined ? ask : ({ ...ask, op: POSITIVE[ask.op] } as PlainAsk);
  const question = askCode(positive, constants);
  const either = Code.of`((${client} && ${question}) || (${server} && ${question}))`;
  return positive === ask ? either : Code.of`((${client} || ${server}) && !${either})`;
}

export const ROWS = {
  process: Code.of`processRow`,
  lineage: Code.of`lineageRow`,
  descriptor: Code.of`descriptorRow`,
};

/** What `!=` asks when it is put the other way round. */
const POSITIVE: Readonly<Partial<Record<Ask["op"], Ask["op"]>>> = {
  "text-not": "text-in",
  "number-not": "number-in",
  "address-not": "address-in",
  "network-not": "network-in",
};

function plain(name: Code, body: Code): Code {
  return Code.of`
function ${name}(): bool {
  return ${body};
}
`;
}

/** The test that a node is or negates, when it reads one value in the ordinary way. */
function plainTest(node: Node): TestNode | null {
  const test = node.kind === "not" ? node.child : node;
  if (test.kind !== "test" || test.read.kind !== "field" || test.ask.op === "same-field")
    return null;
  return test.read.mode === "one" || test.read.mode === "param" ? test : null;
}

function countUses(plan: Plan): Map<Node, number> {
  const uses = new Map<Node, number>();
  const visit = (node: Node): void => {
    const count = (uses.get(node) ?? 0) + 1;
    uses.set(node, count);
    if (count === 1) for (const child of childrenOf(node)) visit(child);
  };
  for (const root of rootsOf(plan.dispatch, plan.shared)) {
    visit(root);
    if (plan.shared.has(root)) uses.set(root, (uses.get(root) ?? 0) + 1);
  }
  return uses;
}

function sizeOf(node: Node): number {
  return 1 + childrenOf(node).reduce((size, child) => size + sizeOf(child), 0);
}
