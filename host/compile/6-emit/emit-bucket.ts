/** Buckets → a function each that finds the candidates for the event and tries them. */
import type { Bytes } from "../4-check/predicate.ts";
import type { Bucket, Candidate, LookupKind } from "../5-plan/partition.ts";
import { Code } from "../code.ts";
import type { DataBlock } from "./data.ts";
import type { NodeEmitter } from "./emit-node.ts";
import type { ShapeEmitter } from "./emit-shape.ts";
import { numberMap, prefixTree, suffixTree, textMap } from "./lookup-tables.ts";
import { wordsTable } from "./tables.ts";

export class BucketEmitter {
  readonly #nodes: NodeEmitter;
  readonly #shapes: ShapeEmitter;
  readonly #data: DataBlock;
  #count = 0;
  readonly definitions: Code[] = [];

  constructor(nodes: NodeEmitter, shapes: ShapeEmitter, data: DataBlock) {
    this.#nodes = nodes;
    this.#shapes = shapes;
    this.#data = data;
  }

  /** The name of the bucket's function. */
  function(bucket: Bucket): Code {
    const name = Code.name(`bucket${this.#count++}`);
    const guard = this.#nodes.expression(bucket.guard);
    this.definitions.push(Code.of`
function ${name}(): void {
  if (!${guard}) return;
${this.#find(bucket)}}
`);
    return name;
  }

  #find({ lookup, candidates }: Bucket): Code {
    if (lookup === null) {
      return Code.of`  tryAll(${this.#list(candidates)});
`;
    }
    const call = this.#nodes.reads.first(lookup.read, null);
    const table = this.#table(lookup.kind, candidates);
    const step = STEPS[lookup.kind];
    return Code.of`  if (!${call}) return;
${step(table)}`;
  }

  /** count, then for each: rule, shape, row */
  #list(candidates: readonly Candidate[]): number {
    const unique = new Set(
      candidates.map(({ rule, rest }) => {
        const { shape, row } = this.#shapes.decision(rest);
        return `${rule} ${shape} ${row}`;
      }),
    );
    const words = [...unique].flatMap((entry) => entry.split(" ").map(Number));
    return wordsTable(this.#data, [unique.size, ...words]);
  }

  #table(kind: LookupKind, candidates: readonly Candidate[]): number {
    const byValue = new Map<Bytes | bigint, Candidate[]>();
    for (const candidate of candidates) {
      for (const value of candidate.values) {
        const same = byValue.get(value);
        if (same === undefined) byValue.set(value, [candidate]);
        else same.push(candidate);
      }
    }
    const lists = [...byValue].map(([value, own]) => [value, this.#list(own)] as const);
    if (kind === "number") {
      return numberMap(
        this.#data,
        lists.map(([value, list]) => [BigInt(value), list]),
      );
    }
    const texts = lists.map(([value, list]) => [String(value), list] as const);
    return TEXT_TABLES[kind](this.#data, texts);
  }
}

const TEXT_TABLES = { text: textMap, prefix: prefixTree, suffix: suffixTree };

const STEPS: Readonly<Record<LookupKind, (table: number) => Code>> = {
  text: (table) => Code.of`  tryAll(listOfText(Value.address, Value.length, ${table}));
`,
  number: (table) => Code.of`  tryAll(listOfNumber(Value.number, ${table}));
`,
  prefix: (table) => Code.of`  const floor = Scratch.pin();
  TreeWalk.begin(Value.address, Value.length, ${table});
  for (let list = nextPrefix(); list != 0; list = nextPrefix()) tryAll(list);
  Scratch.unpin(floor);
`,
  suffix: (table) => Code.of`  const floor = Scratch.pin();
  TreeWalk.begin(Value.address, Value.length, ${table});
  for (let list = nextSuffix(); list != 0; list = nextSuffix()) tryAll(list);
  Scratch.unpin(floor);
`,
};
