/**
 * In which order the children of a group are tried. Orders decide speed only: no predicate has an
 * effect, so none changes a result.
 *
 * Without a profile: cheap first, and what a cache may answer counts as cheap. With one, the child
 * goes first that decides the group at the least expense: of an `and`, cost over the likelihood of
 * being false; of an `or`, over that of being true. Children are taken to be independent of one
 * another, except inside of a group, whose own answers were counted.
 */
import type { Cached } from "./cached.ts";
import { CACHED_COST, type Costs } from "./cost.ts";
import { type Figures, guessTruth, likelihood } from "./figures.ts";
import type { GroupNode, Node } from "./graph.ts";
import { keptGuess } from "./kept.ts";
import type { Places } from "./places.ts";

/** Storing an answer in a row. */
const REMEMBER_COST = 3;
/** What never decides goes last, the cheap first. */
const DECIDES_MIN = 1e-9;

export interface Order {
  /** Equal ranks keep a fixed order. */
  of(group: GroupNode): readonly Node[];
}

/** What each of these needs to know of the plan. */
interface Known {
  readonly costs: Costs;
  readonly caches: ReadonlyMap<Node, Cached>;
}

export class StaticOrder implements Order {
  readonly #known: Known;
  readonly #places: Places;

  constructor(known: Known, places: Places) {
    this.#known = known;
    this.#places = places;
  }

  of(group: GroupNode): readonly Node[] {
    const types = this.#places.of(group);
    return sorted(group, (node) => this.#price(node, types));
  }

  #price(node: Node, types: readonly string[]): number {
    const inner = node.kind === "not" ? node.child : node;
    const cost = this.#known.costs.of(inner);
    const cached = this.#known.caches.get(inner);
    if (cached === undefined || cached.kind === "event") return cost;
    // A row outlives many events; its first computation is spread over them.
    return CACHED_COST + (1 - keptGuess(cached.kind, types)) * cost;
  }
}

export class ProfiledOrder implements Order {
  readonly #known: Known;
  readonly #figures: Figures;
  readonly #places: Places;
  readonly #otherwise: StaticOrder;
  readonly #expectations = new Map<readonly string[], Expectation>();

  constructor(known: Known, figures: Figures, places: Places) {
    this.#known = known;
    this.#figures = figures;
    this.#places = places;
    this.#otherwise = new StaticOrder(known, places);
  }

  of(group: GroupNode): readonly Node[] {
    const types = this.#places.of(group);
    if (!this.#figures.knowsSomeOf(types)) return this.#otherwise.of(group);
    const expectation =
      this.#expectations.get(types) ?? new Expectation(this.#known, this.#figures, types);
    this.#expectations.set(types, expectation);
    return expectation.order(group);
  }
}

/** What is expected of nodes for events of some types. */
class Expectation {
  readonly #known: Known;
  readonly #figures: Figures;
  readonly #types: readonly string[];
  readonly #costs = new Map<Node, number>();
  readonly #truths = new Map<Node, number>();

  constructor(known: Known, figures: Figures, types: readonly string[]) {
    this.#known = known;
    this.#figures = figures;
    this.#types = types;
  }

  order(group: GroupNode): readonly Node[] {
    return sorted(group, (node) => {
      const decides = group.kind === "or" ? this.#truth(node) : 1 - this.#truth(node);
      return group.kind === "one" ? 0 : this.#cost(node) / Math.max(decides, DECIDES_MIN);
    });
  }

  #truth(node: Node): number {
    const known = this.#truths.get(node);
    if (known !== undefined) return known;
    const truth = this.#guess(node);
    this.#truths.set(node, truth);
    return truth;
  }

  #guess(node: Node): number {
    switch (node.kind) {
      case "constant":
        return Number(node.value);
      case "not":
        return 1 - this.#truth(node.child);
      case "test":
        return likelihood(this.#figures.truth(node, this.#types), guessTruth(node));
      default:
        return likelihood(this.#figures.truth(node, this.#types), this.#ofChildren(node));
    }
  }

  #ofChildren({ kind, children }: GroupNode): number {
    const truths = children.map((child) => this.#truth(child));
    switch (kind) {
      case "and":
        return product(truths);
      case "or":
        return 1 - product(truths.map((truth) => 1 - truth));
      case "one":
        return 0.5;
    }
  }

  /** Of asking once, with what a cache is expected to answer. */
  #cost(node: Node): number {
    const known = this.#costs.get(node);
    if (known !== undefined) return known;
    const computed = this.#computed(node);
    const cached = this.#known.caches.get(node);
    const cost =
      cached === undefined || cached.kind === "event"
        ? computed
        : CACHED_COST + (1 - this.#figures.kept(cached.kind, this.#types)) * computed;
    this.#costs.set(node, cost);
    return cost;
  }

  #computed(node: Node): number {
    if (node.kind === "not") return this.#cost(node.child);
    if (node.kind === "constant" || node.kind === "test") return this.#known.costs.of(node);
    let cost = 0;
    let reached = 1;
    for (const child of this.order(node)) {
      cost += reached * this.#cost(child);
      if (node.kind === "and") reached *= this.#truth(child);
      else if (node.kind === "or") reached *= 1 - this.#truth(child);
    }
    return cost;
  }
}

/** Whether a row that is open for so many questions saves more than it costs. */
export function rowPays(cost: number, kept: number): boolean {
  return kept * cost > CACHED_COST + (1 - kept) * REMEMBER_COST;
}

function sorted(group: GroupNode, rank: (node: Node) => number): readonly Node[] {
  const ranks = new Map(group.children.map((node) => [node, rank(node)]));
  const of = (node: Node): number => ranks.get(node) ?? 0;
  return [...group.children].sort((a, b) => of(a) - of(b) || a.id - b.id);
}

function product(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a * b, 1);
}
