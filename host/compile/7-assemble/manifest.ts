/** What the compiled pack tells about itself. */
import { EVENTS } from "../../schema/events.ts";
import type { PackManifest, RuleManifest } from "../../schema/manifest.ts";
import { PACK_ABI } from "../../schema/manifest.ts";
import { SYSCALLS } from "../../schema/syscalls.ts";
import { GENERIC_EXIT } from "../4-check/event-types.ts";
import type { Node } from "../5-plan/graph.ts";
import type { Plan, PlannedRule, Reach } from "../5-plan/plan.ts";

/** What the plan does not say. */
interface Made {
  readonly name: string;
  readonly layout: string;
  readonly dataBytes: number;
}

export function makeManifest(plan: Plan, { name, layout, dataBytes }: Made): PackManifest {
  const eventTypes = plan.dispatch.flatMap((entry) => entry.types).sort((a, b) => a - b);
  const syscalls = syscallsOf(plan, eventTypes);
  return {
    abi: PACK_ABI,
    layout,
    name,
    rules: plan.rules.map(ruleManifest),
    eventTypes,
    syscalls,
    dataBytes,
  };
}

function ruleManifest({ rule }: PlannedRule): RuleManifest {
  const { name, priority, source, tags, desc } = rule.definition;
  return { name, priority, source, tags, description: desc, output: rule.output.parts };
}

/** Calls with an event of their own by type; the others by the names that the rules ask for. */
export function syscallsOf(
  plan: { readonly dispatch: readonly Reach[] },
  eventTypes: readonly number[],
): string[] {
  const ids = new Set(
    EVENTS.filter((event) => eventTypes.includes(event.code)).map((event) => event.id),
  );
  const own = SYSCALLS.filter((syscall) => syscall.event !== null && ids.has(syscall.event));
  const generic = genericNames(plan);
  const others = SYSCALLS.filter(
    (s) => s.event === null && (generic === "all" || generic.has(s.name)),
  );
  return [...new Set([...own, ...others].map((syscall) => syscall.name))].sort();
}

function genericNames(plan: { readonly dispatch: readonly Reach[] }): ReadonlySet<string> | "all" {
  const names = new Set<string>();
  const residuals = plan.dispatch
    .filter((entry) => entry.types.includes(GENERIC_EXIT))
    .flatMap((entry) => entry.rules.map((rule) => rule.residual));
  for (const residual of residuals) {
    const found = namesIn(residual);
    if (found === null) return "all";
    for (const name of found) names.add(name);
  }
  return names;
}

/** The calls for which the node can hold, or more; null when it may hold for any. */
function namesIn(node: Node): readonly string[] | null {
  switch (node.kind) {
    case "constant":
      return node.value ? null : [];
    case "not":
      return null;
    case "test": {
      const isType =
        node.read.kind === "field" && ["evt.type", "syscall.type"].includes(node.read.field.name);
      return isType && node.ask.op === "text-in" ? node.ask.texts : null;
    }
    case "and":
      return node.children.map(namesIn).find((names) => names !== null) ?? null;
    case "or":
    case "one": {
      const names = node.children.map(namesIn);
      return names.includes(null) ? null : names.flatMap((each) => each ?? []);
    }
  }
}
