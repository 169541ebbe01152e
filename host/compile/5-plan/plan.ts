/**
 * The plan of a pack: for each event type the rules that can match it and what is left of their
 * conditions, and for each node of the graph whether and where its result is remembered.
 */
import { EVENTS } from "../../schema/events.ts";
import type { EventSchema, Lifetime } from "../../schema/types.ts";
import type { CheckedRule } from "../4-check/check-rules.ts";
import { ASYNC_EVENT } from "../4-check/event-types.ts";
import { CACHED_COST, Costs, WORTH_CACHING } from "./cost.ts";
import type { GroupNode, Node } from "./graph.ts";
import { Graph } from "./graph.ts";
import { lower } from "./lower.ts";
import type { Bucket } from "./partition.ts";
import { Partitioner, RULES_MANY, sharedNodes } from "./partition.ts";
import { Specializer } from "./specialize.ts";

/** Which table of rows remembers a node; `event`: until the next event. */
export type CacheKind = "process" | "lineage" | "descriptor" | "event";

export interface Cached {
  readonly kind: CacheKind;
  /** Bit of a row, or word of the event memo. */
  readonly index: number;
}

export interface PlannedRule {
  /** What `matches` reports. */
  readonly index: number;
  readonly rule: CheckedRule;
}

/** Event types with the same rules and the same residual conditions. */
export interface Dispatch {
  readonly types: readonly number[];
  readonly rules: readonly { readonly index: number; readonly residual: Node }[];
  /** Those that are tried one by one. */
  readonly plain: Dispatch["rules"];
  /** The others, when there are many. */
  readonly buckets: readonly Bucket[];
}

/** What reaches the rules. */
export type Reach = Pick<Dispatch, "types" | "rules">;

export interface Plan {
  readonly rules: readonly PlannedRule[];
  readonly dispatch: readonly Dispatch[];
  readonly caches: ReadonlyMap<Node, Cached>;
  /** How many bits or words each cache needs. */
  readonly cacheSizes: Readonly<Record<CacheKind, number>>;
  readonly costs: Costs;
  /** Nodes that are evaluated for many rules at once. */
  readonly shared: ReadonlySet<Node>;
}

export function makePlan(checked: readonly CheckedRule[]): Plan {
  const graph = new Graph();
  const rules = checked
    .filter((rule) => rule.definition.enabled)
    .map((rule, index) => ({ index, rule }));
  const costs = new Costs();
  const lowered = rules.map(({ rule }) => lower(graph, rule.predicate));
  const lists = dispatchLists(rules, lowered, graph);
  const shared = new Set<Node>();
  for (const { rules: list } of lists) {
    if (list.length >= RULES_MANY) for (const node of sharedNodes(list)) shared.add(node);
  }
  const partitioner = new Partitioner(graph, shared);
  const splitter = new Splitter(graph);
  const split = (list: Dispatch["rules"]): Dispatch["rules"] =>
    list.map(({ index, residual }) => ({ index, residual: splitter.split(residual) }));
  const dispatch = lists.map(({ types, rules: list }) => {
    const { plain, buckets } = partitioner.partition(list);
    const guarded = buckets.map((bucket) => ({ ...bucket, guard: splitter.split(bucket.guard) }));
    const alone = split(plain);
    return { types, rules: buckets.length === 0 ? alone : list, plain: alone, buckets: guarded };
  });
  return { rules, dispatch, costs, shared, ...assignCaches(dispatch, costs, shared) };
}

/** Event types that leave the same of every rule, with what they leave. */
function dispatchLists(
  rules: readonly PlannedRule[],
  lowered: readonly Node[],
  graph: Graph,
): readonly Reach[] {
  const byList = new Map<string, { types: number[]; rules: Dispatch["rules"] }>();
  for (const event of EVENTS.filter(reachesRules)) {
    const specializer = new Specializer(graph, event);
    const list = rules.flatMap(({ index, rule }) => {
      if (event.code !== ASYNC_EVENT && !rule.types.has(event.code)) return [];
      const residual = specializer.specialize(lowered[index] ?? graph.no);
      return residual === graph.no ? [] : [{ index, residual }];
    });
    if (list.length === 0) continue;
    const key = list.map(({ index, residual }) => `${index}:${residual.id}`).join(",");
    const same = byList.get(key);
    if (same === undefined) byList.set(key, { types: [event.code], rules: list });
    else same.types.push(event.code);
  }
  return [...byList.values()];
}

/** Enter events only feed the engine's state. */
function reachesRules(event: EventSchema): boolean {
  return event.kind !== "syscall" || event.code % 2 === 1;
}

/** The cache that a node's lifetime allows. */
export function cacheKind(lifetime: Lifetime): CacheKind {
  switch (lifetime) {
    case "constant":
    case "container":
    case "process":
      return "process";
    case "lineage":
      return "lineage";
    case "descriptor":
      return "descriptor";
    case "event":
      return "event";
  }
}

/** Puts the children of a group that live equally long into a group of their own. */
class Splitter {
  readonly #graph: Graph;
  readonly #results = new Map<Node, Node>();

  constructor(graph: Graph) {
    this.#graph = graph;
  }

  split(node: Node): Node {
    const known = this.#results.get(node);
    if (known !== undefined) return known;
    const result = this.#compute(node);
    this.#results.set(node, result);
    return result;
  }

  #compute(node: Node): Node {
    if (node.kind === "not") return this.#graph.not(this.split(node.child));
    if (node.kind !== "and" && node.kind !== "or") return node;
    const byKind = new Map<CacheKind, Node[]>();
    for (const child of node.children) {
      const kind = cacheKind(child.lifetime);
      byKind.set(kind, [...(byKind.get(kind) ?? []), this.split(child)]);
    }
    if (byKind.size === 1) return node;
    const parts: Node[] = [];
    for (const [kind, children] of byKind) {
      const isGroup = kind !== "event" && children.length > 1;
      if (isGroup) parts.push(this.#graph.nested(node.kind, children));
      else parts.push(...children);
    }
    return this.#graph.nested(node.kind, parts);
  }
}

/** Maximal sub-trees of one lifetime are remembered, and inner nodes that several others use. */
function assignCaches(
  dispatch: readonly Dispatch[],
  costs: Costs,
  shared: ReadonlySet<Node>,
): Pick<Plan, "caches" | "cacheSizes"> {
  const uses = new Map<Node, number>();
  const isMaximal = new Set<Node>();
  const visit = (node: Node, parent: CacheKind | null): void => {
    const kind = cacheKind(node.lifetime);
    if (kind !== parent) isMaximal.add(node);
    const count = (uses.get(node) ?? 0) + 1;
    uses.set(node, count);
    if (count > 1) return;
    for (const child of childrenOf(node)) visit(child, kind);
  };
  for (const root of rootsOf(dispatch, shared)) {
    visit(root, null);
    if (shared.has(root)) uses.set(root, (uses.get(root) ?? 0) + 1);
  }
  const caches = new Map<Node, Cached>();
  const cacheSizes = { process: 0, lineage: 0, descriptor: 0, event: 0 };
  for (const [node, count] of uses) {
    const kind = cacheKind(node.lifetime);
    const pays = costs.of(node) >= WORTH_CACHING && node.kind !== "not";
    const reused = kind === "event" ? count > 1 : isMaximal.has(node) || count > 1;
    if (pays && reused) caches.set(node, { kind, index: cacheSizes[kind]++ });
  }
  return { caches, cacheSizes };
}

/**
 * What code of its own is made for, each once: conditions of rules that are tried one by one,
 * guards, and what candidates have in common.
 */
export function rootsOf(
  dispatch: readonly Dispatch[],
  shared: ReadonlySet<Node>,
): ReadonlySet<Node> {
  const roots = new Set<Node>();
  const seen = new Set<Node>();
  const visit = (node: Node): void => {
    if (seen.has(node)) return;
    seen.add(node);
    if (shared.has(node)) roots.add(node);
    else childrenOf(node).forEach(visit);
  };
  for (const { plain, buckets } of dispatch) {
    for (const { residual } of plain) roots.add(residual);
    for (const { guard, candidates } of buckets) {
      roots.add(guard);
      for (const { rest } of candidates) visit(rest);
    }
  }
  return roots;
}

export function childrenOf(node: Node): readonly Node[] {
  if (node.kind === "not") return [node.child];
  return node.kind === "test" || node.kind === "constant" ? [] : node.children;
}

/** Cheap first; what a cache may answer counts as cheap. Equal costs keep a fixed order. */
export function inEvaluationOrder(group: GroupNode, plan: Pick<Plan, "caches" | "costs">): Node[] {
  const price = (node: Node): number => {
    const inner = node.kind === "not" ? node.child : node;
    const cost = plan.costs.of(inner);
    const cached = plan.caches.get(inner);
    // A row outlives many events; its first computation is spread over them.
    return cached === undefined || cached.kind === "event" ? cost : CACHED_COST + cost / 16;
  };
  return [...group.children].sort((a, b) => price(a) - price(b) || a.id - b.id);
}
