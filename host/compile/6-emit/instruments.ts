/**
 * Counters in the generated code, for measuring; see host/schema/instruments.ts. Without them the
 * code is what runs in production.
 */
import {
  INSTRUMENT_AT,
  INSTRUMENT_SLOT_BYTES,
  INSTRUMENT_SLOTS_MAX,
  INSTRUMENTS_BASE,
} from "../../schema/instruments.ts";
import type { CacheKind } from "../5-plan/cached.ts";
import type { Node } from "../5-plan/graph.ts";
import type { RowKind } from "../5-plan/profile.ts";
import { Code } from "../code.ts";

/** What a slot is of; the nodes are asked together. */
export type Instrumented =
  | { readonly kind: "rule"; readonly rule: number }
  | { readonly kind: "predicate"; readonly nodes: readonly Node[] }
  | { readonly kind: "memory"; readonly node: Node; readonly cache: CacheKind }
  /** Of events of one type: all of them, those with an open row, those for which a node holds. */
  | { readonly kind: "event"; readonly type: number }
  | { readonly kind: "row"; readonly type: number; readonly cache: RowKind }
  | { readonly kind: "node"; readonly type: number; readonly node: Node };

export class Instruments {
  readonly slots: Instrumented[] = [];
  readonly definitions: Code[] = [];
  readonly #rules = new Map<number, number>();
  /** Calls of predicates that are counted already, by the ids of their nodes. */
  readonly #predicates = new Map<string, Code>();

  /** Whether there are slots enough, and the caches, which end at `end`, leave them alone. */
  fitBehind(end: number): boolean {
    return this.slots.length <= INSTRUMENT_SLOTS_MAX && end <= INSTRUMENTS_BASE;
  }

  /** Evaluates a rule unless it is left out; the same slot for all its residuals. */
  rule(index: number, call: Code): Code {
    const slot = this.#rules.get(index) ?? this.#add({ kind: "rule", rule: index });
    this.#rules.set(index, slot);
    const name = Code.name(`r${this.definitions.length}`);
    this.definitions.push(Code.of`
function ${name}(): bool {
  if (load<u32>(${slot}, ${INSTRUMENT_AT.control}) != 0) return false;
  ${count(slot, "asked")}
  const answer: bool = ${call};
  if (answer) ${count(slot, "true")}
  return answer;
}
`);
    return Code.of`${name}()`;
  }

  /** Computes a predicate, and again as often as its slot says. */
  predicate(nodes: readonly Node[], body: Code): Code {
    const key = nodes.map((node) => node.id).join();
    const known = this.#predicates.get(key);
    if (known !== undefined) return known;
    const slot = this.#add({ kind: "predicate", nodes });
    const name = Code.name(`p${this.definitions.length}`);
    const call = Code.of`${name}()`;
    this.#predicates.set(key, call);
    this.definitions.push(Code.of`
function ${name}(): bool {
  ${count(slot, "asked")}
  let answer: bool = ${body};
  if (answer) ${count(slot, "true")}
  for (let left = load<u32>(${slot}, ${INSTRUMENT_AT.control}); left != 0; left--) {
    answer = ${body};
  }
  return answer;
}
`);
    return call;
  }

  /** A slot for a remembered node: what counts a question, and an answer from the cache. */
  memory(node: Node, cache: CacheKind): { readonly asked: Code; readonly remembered: Code } {
    const slot = this.#add({ kind: "memory", node, cache });
    return { asked: count(slot, "asked"), remembered: count(slot, "remembered") };
  }

  /** A slot of a survey: what counts an event in it. */
  event(slot: Extract<Instrumented, { kind: "event" | "row" | "node" }>): Code {
    return count(this.#add(slot), slot.kind === "event" ? "asked" : "true");
  }

  #add(slot: Instrumented): number {
    this.slots.push(slot);
    return INSTRUMENTS_BASE + (this.slots.length - 1) * INSTRUMENT_SLOT_BYTES;
  }
}

function count(slot: number, what: "asked" | "true" | "remembered"): Code {
  const at = slot + INSTRUMENT_AT[what];
  return Code.of`store<u64>(${at}, load<u64>(${at}) + 1);`;
}
