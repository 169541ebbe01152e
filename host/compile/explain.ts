/** How a rule will be evaluated, read from the plan that code is made from. */
import { EVENTS } from "../schema/events.ts";
import type { Lifetime } from "../schema/types.ts";
import { printExpression } from "./2-parse/print.ts";
import type { ResolvedRule } from "./3-resolve/resolve.ts";
import { GENERIC_EXIT } from "./4-check/event-types.ts";
import type { CacheKind } from "./5-plan/cached.ts";
import { CACHED_COST } from "./5-plan/cost.ts";
import { childrenOf, type Node, type TestNode } from "./5-plan/graph.ts";
import type { Plan, Reach } from "./5-plan/plan.ts";
import { operatorOf, readText, valuesOf } from "./5-plan/predicate-text.ts";
import { syscallsOf } from "./7-assemble/manifest.ts";
import { answerOf } from "./explain-predicate.ts";
import { nodeText } from "./node-text.ts";

export interface PredicateExplanation {
  readonly field: string;
  readonly operator: string;
  readonly values: readonly string[];
  readonly lifetime: Lifetime;
  /** How the question is answered, in words. */
  readonly answered: string;
  /** The cache that keeps its own result or that of the smallest group around it. */
  readonly remembered: CacheKind | null;
  /** Other rules that ask the same. */
  readonly sharedWith: readonly string[];
  /** Nanoseconds, estimated, or measured where a profile says so. */
  readonly cost: number;
  /** What the profile says of it: events of its types, and those for which it holds. */
  readonly profile?: { readonly events: number; readonly true: number; readonly ns: number | null };
}

export interface RuleExplanation {
  readonly rule: string;
  /** In canonical form; macros and lists filled in, exceptions added. */
  readonly condition: string;
  /** Names of the events that reach the rule. */
  readonly eventTypes: readonly string[];
  /** System calls that are captured for it. */
  readonly syscalls: readonly string[];
  /** What is asked when an event of such a type arrives; the type itself is known then. */
  readonly predicates: readonly PredicateExplanation[];
  /** Estimated nanoseconds for one event: nothing remembered, and everything that can be. */
  readonly cost: { readonly first: number; readonly repeated: number };
  /** In which order it asks, by the event types of one condition. */
  readonly order: readonly { readonly eventTypes: readonly string[]; readonly asks: string }[];
  /** What the profile that decided the order was measured on; null without one. */
  readonly profile: string | null;
  readonly slow: readonly string[];
}

/** From here on a single predicate is worth naming. */
const DEAR_COST = 40;
/** More event types than this mean that nearly everything that happens reaches the rule. */
const TYPES_MANY = 100;

/** Null when the rule is not in the plan: it is disabled, or its source is not known. */
export function explainRule(plan: Plan, rule: ResolvedRule): RuleExplanation | null {
  const { name } = rule.definition;
  const planned = plan.rules.find((one) => one.rule.definition.name === name);
  if (planned === undefined) return null;
  const dispatch = plan.dispatch.flatMap(({ types, rules }) => {
    const own = rules.filter(({ index }) => index === planned.index);
    return own.length === 0 ? [] : [{ types, rules: own }];
  });
  const roots = dispatch.flatMap(({ rules }) => rules.map(({ residual }) => residual));
  const types = dispatch.flatMap((entry) => entry.types);
  const found = predicatesOf(plan, roots, planned.index);
  const predicates = found.toSorted((a, b) => b.cost - a.cost);
  return {
    rule: name,
    condition: printExpression(rule.condition.expression),
    eventTypes: namesOf(dispatch, types),
    syscalls: syscallsOf({ dispatch }, types),
    predicates,
    cost: {
      first: Math.max(0, ...roots.map((root) => plan.costs.of(root))),
      repeated: Math.max(0, ...roots.map((root) => repeatedCost(plan, root))),
    },
    order: ordersOf(plan, dispatch),
    profile: plan.figures?.profile.source ?? null,
    slow: reasons(predicates, types.length),
  };
}

/** Calls without an event of their own under their names. */
function namesOf(dispatch: readonly Reach[], types: readonly number[]): readonly string[] {
  const own = EVENTS.filter(({ code }) => code !== GENERIC_EXIT && types.includes(code));
  const generic = types.includes(GENERIC_EXIT) ? syscallsOf({ dispatch }, [GENERIC_EXIT]) : [];
  return [...own.map((event) => event.name), ...generic];
}

function predicatesOf(
  plan: Plan,
  roots: readonly Node[],
  index: number,
): readonly PredicateExplanation[] {
  const tests = new Map<TestNode, CacheKind | null>();
  const visit = (node: Node, around: CacheKind | null): void => {
    const kept = plan.caches.get(node)?.kind ?? around;
    if (node.kind === "test") tests.set(node, tests.get(node) ?? kept);
    for (const child of childrenOf(node)) visit(child, kept);
  };
  for (const root of roots) visit(root, null);
  const users = usersOf(plan, new Set(tests.keys()));
  return [...tests].map(([test, remembered]) => ({
    field: readText(test.read),
    operator: operatorOf(test.ask),
    values: valuesOf(test.ask),
    lifetime: test.lifetime,
    answered: answerOf(test.ask),
    remembered,
    sharedWith: [...(users.get(test) ?? [])]
      .filter((user) => user !== index)
      .flatMap((user) => plan.rules[user]?.rule.definition.name ?? []),
    cost: plan.costs.of(test),
    ...profileOf(plan, test),
  }));
}

function profileOf(
  { figures, places }: Plan,
  test: TestNode,
): Pick<PredicateExplanation, "profile"> {
  const truth = figures?.truth(test, places.of(test)) ?? null;
  const ns = figures?.ns(test) ?? null;
  if (truth === null && ns === null) return {};
  return { profile: { events: truth?.events ?? 0, true: truth?.true ?? 0, ns } };
}

function ordersOf(plan: Plan, dispatch: readonly Reach[]): RuleExplanation["order"] {
  const byAsks = new Map<string, string[]>();
  for (const { types, rules } of dispatch) {
    const names = namesOf([{ types, rules }], types);
    for (const { residual } of rules) {
      const asks = inOrder(plan, residual);
      byAsks.set(asks, [...(byAsks.get(asks) ?? []), ...names]);
    }
  }
  return [...byAsks].map(([asks, names]) => ({ eventTypes: [...new Set(names)], asks }));
}

/** A condition as it is evaluated, from left to right. */
function inOrder(plan: Plan, node: Node): string {
  switch (node.kind) {
    case "constant":
    case "test":
      return nodeText(node);
    case "not":
      return `not ${inOrder(plan, node.child)}`;
    default: {
      const asks = plan.order.of(node).map((child) => inOrder(plan, child));
      return `(${asks.join(` ${node.kind} `)})`;
    }
  }
}

/** Indexes of the rules that ask each of these. */
function usersOf(plan: Plan, wanted: ReadonlySet<Node>): ReadonlyMap<Node, ReadonlySet<number>> {
  const users = new Map<Node, Set<number>>([...wanted].map((node) => [node, new Set<number>()]));
  const seen = new Map<number, Set<Node>>();
  const visit = (node: Node, index: number, visited: Set<Node>): void => {
    if (visited.has(node)) return;
    visited.add(node);
    users.get(node)?.add(index);
    for (const child of childrenOf(node)) visit(child, index, visited);
  };
  for (const { rules } of plan.dispatch) {
    for (const { index, residual } of rules) {
      const visited = seen.get(index) ?? new Set<Node>();
      seen.set(index, visited);
      visit(residual, index, visited);
    }
  }
  return users;
}

/** Results that outlive the event cost a look into their row. */
function repeatedCost(plan: Plan, node: Node): number {
  const cached = plan.caches.get(node);
  if (cached !== undefined && cached.kind !== "event") return CACHED_COST;
  const children = childrenOf(node);
  if (children.length === 0) return plan.costs.of(node);
  return children.reduce((sum, child) => sum + repeatedCost(plan, child), 0);
}

function reasons(predicates: readonly PredicateExplanation[], types: number): readonly string[] {
  const found: string[] = [];
  if (types === 0) found.push("no event can make it true, so it is never evaluated");
  if (types > TYPES_MANY) {
    found.push(`it is evaluated for ${types} event types; name those that it needs with evt.type`);
  }
  for (const { field, operator, answered, lifetime, cost } of predicates) {
    if (cost < DEAR_COST) continue;
    const often =
      lifetime === "event"
        ? "asked anew for each event"
        : `but kept as long as the ${lifetime} does not change`;
    found.push(`'${field} ${operator}' takes about ${cost} ns (${answered}), ${often}`);
  }
  return found;
}
