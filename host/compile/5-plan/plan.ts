/**
 * The plan of a pack: for each event type the rules that can match it and what is left of their
 * conditions, and for each node of the graph whether and where its result is remembered.
 */
import { EVENTS } from "../../schema/events.ts";
import type { EventSchema } from "../../schema/types.ts";
import type { CheckedRule } from "../4-check/check-rules.ts";
import { ASYNC_EVENT } from "../4-check/event-types.ts";
import { type Cached, type CacheKind, cacheKind } from "./cached.ts";
import { Costs, WORTH_CACHING } from "./cost.ts";
import { Figures } from "./figures.ts";
import type { Node } from "./graph.ts";
import { childrenOf, Graph } from "./graph.ts";
import { groupBy } from "./group-by.ts";
import { keptGuess } from "./kept.ts";
import { lower } from "./lower.ts";
import { type Order, ProfiledOrder, rowPays, StaticOrder } from "./order.ts";
import type { Bucket } from "./partition.ts";
import { Partitioner, RULES_MANY, sharedNodes } from "./partition.ts";
import { type Asked, Places } from "./places.ts";
import type { Profile } from "./profile.ts";
import { type ProfileUse, profileUse } from "./profile-use.ts";
import { countsReadings } from "./read.ts";
import { Specializer } from "./specialize.ts";

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
  readonly order: Order;
  /** What the order follows; null without a profile. */
  readonly figures: Figures | null;
  /** Null without a profile. */
  readonly profileUse: ProfileUse | null;
  /** Where nodes are asked. */
  readonly places: Places;
  /** Nodes that are evaluated for many rules at once. */
  readonly shared: ReadonlySet<Node>;
}

/** `profile`: for events like those of a recording. */
export function makePlan(checked: readonly CheckedRule[], profile: Profile | null = null): Plan {
  const graph = new Graph();
  const rules = checked
    .filter((rule) => rule.definition.enabled)
    .map((rule, index) => ({ index, rule }));
  const lowered = rules.map(({ rule }) => lower(graph, rule.predicate));
  const figures = profile === null || dependsOnOrder(graph) ? null : new Figures(profile);
  const costs = new Costs((test) => figures?.ns(test) ?? null);
  const lists = dispatchLists(rules, lowered, graph);
  const shared = new Set<Node>();
  for (const { rules: list } of lists) {
    if (list.length >= RULES_MANY) for (const node of sharedNodes(list)) shared.add(node);
  }
  const knowledge: Knowledge = { costs, figures, places: new Places(lists.map(askedOfRules)) };
  const dispatch = divide(lists, { graph, shared, splitter: new Splitter(graph, knowledge) });
  const places = new Places(dispatch.map(askedOf));
  const cached = assignCaches(dispatch, shared, { ...knowledge, places });
  const known = { costs, caches: cached.caches };
  const order =
    figures === null ? new StaticOrder(known, places) : new ProfiledOrder(known, figures, places);
  const use = profile === null ? null : profileUse(figures, graph.nodes, places);
  return { rules, dispatch, costs, order, figures, profileUse: use, places, shared, ...cached };
}

/** What decides whether remembering pays. */
interface Knowledge {
  readonly costs: Costs;
  readonly figures: Figures | null;
  readonly places: Places;
}

function pays(kind: CacheKind, cost: number, node: Node, knowledge: Knowledge): boolean {
  if (kind === "event") return false;
  const { figures, places } = knowledge;
  const types = places.of(node);
  return rowPays(cost, figures?.kept(kind, types) ?? keptGuess(kind, types));
}

function divide(
  lists: readonly Reach[],
  parts: {
    readonly graph: Graph;
    readonly shared: ReadonlySet<Node>;
    readonly splitter: Splitter;
  },
): readonly Dispatch[] {
  const { graph, shared, splitter } = parts;
  const partitioner = new Partitioner(graph, shared);
  const split = (list: Dispatch["rules"]): Dispatch["rules"] =>
    list.map(({ index, residual }) => ({ index, residual: splitter.split(residual) }));
  return lists.map(({ types, rules: list }) => {
    const { plain, buckets } = partitioner.partition(list);
    const guarded = buckets.map((bucket) => ({ ...bucket, guard: splitter.split(bucket.guard) }));
    const alone = split(plain);
    return { types, rules: buckets.length === 0 ? alone : list, plain: alone, buckets: guarded };
  });
}

function askedOfRules({ types, rules }: Reach): Asked {
  return { types, roots: rules.map(({ residual }) => residual) };
}

function askedOf({ types, plain, buckets }: Dispatch): Asked {
  const found = buckets.flatMap(({ guard, candidates }) => [
    guard,
    ...candidates.map(({ rest }) => rest),
  ]);
  return { types, roots: [...plain.map(({ residual }) => residual), ...found] };
}

/** One field counts how often it is read: then any other order may change what matches. */
function dependsOnOrder(graph: Graph): boolean {
  return graph.nodes.some(
    (node) =>
      node.kind === "test" &&
      (countsReadings(node.read) ||
        (node.ask.op === "same-field" && countsReadings(node.ask.right))),
  );
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

/** Puts the children of a group that live equally long into a group of their own, if that pays. */
class Splitter {
  readonly #graph: Graph;
  readonly #knowledge: Knowledge;
  readonly #results = new Map<Node, Node>();

  constructor(graph: Graph, knowledge: Knowledge) {
    this.#graph = graph;
    this.#knowledge = knowledge;
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
    const split = node.children.map((child) => ({
      kind: cacheKind(child.lifetime),
      part: this.split(child),
    }));
    const byKind = groupBy(split, ({ kind }) => kind);
    if (byKind.size === 1) return node;
    const parts: Node[] = [];
    for (const [kind, same] of byKind) {
      const children = same.map(({ part }) => part);
      const cost = this.#knowledge.costs.ofAll(children);
      const isGroup = children.length > 1 && pays(kind, cost, node, this.#knowledge);
      if (isGroup) parts.push(this.#graph.nested(node.kind, children));
      else for (const child of children) parts.push(child);
    }
    return this.#graph.nested(node.kind, parts);
  }
}

/** Maximal sub-trees of one lifetime are remembered, and inner nodes that several others use. */
function assignCaches(
  dispatch: readonly Dispatch[],
  shared: ReadonlySet<Node>,
  knowledge: Knowledge,
): Pick<Plan, "caches" | "cacheSizes"> {
  const uses = new Map<Node, number>();
  const isMaximal = new Set<Node>();
  const visit = (node: Node, parent: CacheKind | null): void => {
    const kind = cacheKind(node.lifetime);
    // What is negated is remembered, not its negation.
    if (kind !== parent && node.kind !== "not") isMaximal.add(node);
    const count = (uses.get(node) ?? 0) + 1;
    uses.set(node, count);
    if (count > 1) return;
    for (const child of childrenOf(node)) visit(child, node.kind === "not" ? parent : kind);
  };
  for (const root of rootsOf(dispatch, shared)) {
    visit(root, null);
    if (shared.has(root)) uses.set(root, (uses.get(root) ?? 0) + 1);
  }
  const caches = new Map<Node, Cached>();
  const cacheSizes = { process: 0, lineage: 0, descriptor: 0, event: 0 };
  for (const [node, count] of uses) {
    const cost = knowledge.costs.of(node);
    if (cost < WORTH_CACHING || node.kind === "not") continue;
    const lasting = cacheKind(node.lifetime);
    const kind = pays(lasting, cost, node, knowledge) ? lasting : "event";
    const reused = count > 1 || (kind !== "event" && isMaximal.has(node));
    if (reused) caches.set(node, { kind, index: cacheSizes[kind]++ });
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
