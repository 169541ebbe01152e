/**
 * Many rules for one event type. Trying each of them would cost more with every rule, so most are
 * found by a value: a rule that can only be true when `proc.name` is one of its names is looked up
 * by `proc.name`, and only then tried. Of the values that a rule could be found by, the one that
 * fewest other rules want is taken. Rules that have none share the test of what they have in common
 * (the guard), and are tried in a row when that is true.
 */
import type { Bytes } from "../4-check/predicate.ts";
import { readCost } from "./cost.ts";
import type { Graph, Node, TestNode } from "./graph.ts";
import { groupBy } from "./group-by.ts";
import type { FieldRead } from "./read.ts";
import { readKey } from "./read.ts";

/** How a value leads to candidates: equal text, equal number, text that it begins or ends with. */
export type LookupKind = "text" | "number" | "prefix" | "suffix";

export interface Lookup {
  readonly read: FieldRead;
  readonly kind: LookupKind;
}
export interface Candidate {
  /** Index of the rule. */
  readonly rule: number;
  /** Any of these leads to it; none when there is no lookup. */
  readonly values: readonly (Bytes | bigint)[];
  /** What is left to be true. */
  readonly rest: Node;
}
export interface Bucket {
  /** Has to be true for all of them. */
  readonly guard: Node;
  /** Null: every candidate is tried. */
  readonly lookup: Lookup | null;
  readonly candidates: readonly Candidate[];
}
export interface Entry {
  readonly index: number;
  readonly residual: Node;
}
export interface Partition {
  /** These have code of their own. */
  readonly plain: readonly Entry[];
  readonly buckets: readonly Bucket[];
}

/** Fewer rules than this are tried one by one, each with code and remembered answers of its own. */
export const RULES_MANY = 24;
/** A node that so many rules have is evaluated for all of them. */
const SHARED_MIN = 16;
/** A bucket for fewer candidates does not pay. */
const BUCKET_MIN = 16;
/** A value that more than this part of the rules want tells too little. */
const SELECTIVE_PART = 1 / 8;

/** One way to find a rule. */
interface Access {
  readonly lookup: Lookup;
  readonly key: string;
  readonly values: readonly (Bytes | bigint)[];
}
/** A conjunct that is true only if one of the accesses is. */
interface Clause {
  readonly node: Node;
  readonly accesses: readonly Access[];
  readonly cost: number;
}

/** Nodes that many of the rules contain. */
export function sharedNodes(entries: readonly Entry[]): Set<Node> {
  const counts = new Map<Node, number>();
  for (const { residual } of entries) {
    const seen = new Set<Node>();
    const visit = (node: Node): void => {
      if (seen.has(node)) return;
      seen.add(node);
      counts.set(node, (counts.get(node) ?? 0) + 1);
      if (node.kind === "not") visit(node.child);
      else if (node.kind !== "test" && node.kind !== "constant") node.children.forEach(visit);
    };
    visit(residual);
  }
  return new Set([...counts].filter(([, count]) => count >= SHARED_MIN).map(([node]) => node));
}

export class Partitioner {
  readonly #graph: Graph;
  readonly #shared: ReadonlySet<Node>;

  /** `shared`: what `sharedNodes` found, over all event types. */
  constructor(graph: Graph, shared: ReadonlySet<Node>) {
    this.#graph = graph;
    this.#shared = shared;
  }

  partition(entries: readonly Entry[]): Partition {
    if (entries.length < RULES_MANY) return { plain: entries, buckets: [] };
    const parts = entries.map((entry) => ({ entry, cases: casesOf(entry) }));
    const wanted = countValues(parts.flatMap(({ cases }) => cases));
    const limit = entries.length * SELECTIVE_PART;
    const found: Found[] = [];
    const others: Entry[] = [];
    for (const { entry, cases } of parts) {
      const clauses = cases.map((one) => best(one, wanted, limit));
      if (clauses.includes(null)) others.push(entry);
      else {
        cases.forEach((one, i) => {
          const clause = clauses[i];
          if (clause != null) found.push({ entry: one, clause });
        });
      }
    }
    const byValue = this.#valueBuckets(found);
    const inRow = this.#rowBuckets(others);
    return { plain: inRow.plain, buckets: [...byValue, ...inRow.buckets] };
  }

  #valueBuckets(found: readonly Found[]): Bucket[] {
    const byKey = new Map<string, { lookup: Lookup; members: Member[] }>();
    for (const { entry, clause } of found) {
      const accesses = groupBy(clause.accesses, (access) => access.key);
      for (const [key, [first, ...more]] of accesses) {
        if (first === undefined) continue;
        const values = [first, ...more].flatMap((access) => access.values);
        const member = { entry, clause: clause.node, values };
        const same = byKey.get(key);
        if (same === undefined) byKey.set(key, { lookup: first.lookup, members: [member] });
        else same.members.push(member);
      }
    }
    return [...byKey.values()].flatMap(({ lookup, members }) => this.#guarded(lookup, members));
  }

  /** One bucket per guard that many share; the rest go into one without. */
  #guarded(lookup: Lookup, members: readonly Member[]): Bucket[] {
    const byGuard = groupBy(members, ({ entry }) => this.#guard(entry.residual));
    const small: Member[] = [];
    const buckets: Bucket[] = [];
    for (const [guard, own] of byGuard) {
      if (own.length < BUCKET_MIN || guard === this.#graph.yes) small.push(...own);
      else buckets.push(this.#bucket(lookup, guard, own));
    }
    if (small.length > 0) buckets.push(this.#bucket(lookup, this.#graph.yes, small));
    return buckets;
  }

  #bucket(lookup: Lookup, guard: Node, members: readonly Member[]): Bucket {
    const candidates = members.map(({ entry, clause, values }) => ({
      rule: entry.index,
      values,
      rest: this.#without(entry.residual, guard, clause),
    }));
    return { lookup, guard, candidates };
  }

  #rowBuckets(entries: readonly Entry[]): Partition {
    const plain: Entry[] = [];
    const buckets: Bucket[] = [];
    for (const [guard, own] of groupBy(entries, ({ residual }) => this.#guard(residual))) {
      if (own.length < BUCKET_MIN) {
        plain.push(...own);
        continue;
      }
      const candidates = own.map(({ index, residual }) => ({
        rule: index,
        values: [],
        rest: this.#without(residual, guard, null),
      }));
      buckets.push({ lookup: null, guard, candidates });
    }
    return { plain, buckets };
  }

  /** What the rule has in common with many others. */
  #guard(residual: Node): Node {
    if (this.#shared.has(residual)) return residual;
    return this.#graph.and(conjuncts(residual).filter((node) => this.#shared.has(node)));
  }

  #without(residual: Node, guard: Node, clause: Node | null): Node {
    const known = new Set<Node | null>([guard, ...conjuncts(guard), clause]);
    if (known.has(residual)) return this.#graph.yes;
    return this.#graph.and(conjuncts(residual).filter((node) => !known.has(node)));
  }
}

interface Found {
  readonly entry: Entry;
  readonly clause: Clause;
}
interface Member {
  readonly entry: Entry;
  readonly clause: Node;
  readonly values: readonly (Bytes | bigint)[];
}

function conjuncts(node: Node): readonly Node[] {
  return node.kind === "and" ? node.children : [node];
}

/** A rule that is true in several cases is found when each of them can be. */
function casesOf({ index, residual }: Entry): readonly Entry[] {
  if (residual.kind !== "or") return [{ index, residual }];
  return residual.children.map((child) => ({ index, residual: child }));
}

function clausesOf(residual: Node): Clause[] {
  return conjuncts(residual).flatMap((node) => {
    const tests = node.kind === "or" ? node.children : [node];
    const accesses = tests.map(accessOf);
    if (accesses.some((access) => access === null)) return [];
    const whole = accesses.filter((access) => access !== null);
    const cost = whole.reduce((sum, { lookup }) => sum + readCost(lookup.read) + 8, 0);
    return [{ node, accesses: whole, cost }];
  });
}

function accessOf(node: Node): Access | null {
  if (node.kind !== "test" || node.read.kind !== "field") return null;
  const { read } = node;
  if ((read.mode !== "one" && read.mode !== "param") || read.list) return null;
  const found = lookupOf(node);
  if (found === null || found.values.length === 0) return null;
  const { kind, values } = found;
  return { lookup: { read, kind }, key: `${kind} ${readKey(read)}`, values };
}

function lookupOf({
  ask,
}: TestNode): { readonly kind: LookupKind; readonly values: readonly (Bytes | bigint)[] } | null {
  switch (ask.op) {
    case "text-in":
    case "address-in":
      return { kind: "text", values: ask.texts };
    case "number-in":
      return { kind: "number", values: ask.numbers };
    case "startswith":
      return { kind: "prefix", values: ask.texts };
    case "endswith":
      return { kind: "suffix", values: ask.texts };
    default:
      return null;
  }
}

function valueKeys({ key, values }: Access): readonly string[] {
  return values.map((value) => `${key}\0${String(value)}`);
}

function countValues(entries: readonly Entry[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { residual } of entries) {
    const keys = clausesOf(residual).flatMap(({ accesses }) => accesses.flatMap(valueKeys));
    for (const key of new Set(keys)) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

/** The clause whose values lead to the fewest rules; null when even that one leads to too many. */
function best(
  { residual }: Entry,
  wanted: ReadonlyMap<string, number>,
  limit: number,
): Clause | null {
  let found: Clause | null = null;
  let least = limit;
  for (const clause of clausesOf(residual)) {
    const keys = clause.accesses.flatMap(valueKeys);
    const rules = keys.reduce((most, key) => Math.max(most, wanted.get(key) ?? 0), 0);
    const isBetter = rules < least || (rules === least && clause.cost < (found?.cost ?? 0));
    if (!isBetter) continue;
    found = clause;
    least = rules;
  }
  return found;
}
