/** What became of a profile: whether it decides the order of a plan, and how much it knows. */
import type { Figures } from "./figures.ts";
import type { Node } from "./graph.ts";
import type { Places } from "./places.ts";

export type ProfileUse =
  /** A rule counts how often a field is read, so no other order gives the same results. */
  | { readonly kind: "unused" }
  /** Predicates of event types that the profile has seen, and those of them that it knows. */
  | { readonly kind: "used"; readonly predicates: number; readonly known: number };

/** `figures`: those that the plan follows, null for none. */
export function profileUse(
  figures: Figures | null,
  nodes: readonly Node[],
  places: Places,
): ProfileUse {
  if (figures === null) return { kind: "unused" };
  const asked = nodes.filter(
    (node) => node.kind === "test" && figures.knowsSomeOf(places.of(node)),
  );
  const known = asked.filter((node) => figures.truth(node, places.of(node)) !== null);
  return { kind: "used", predicates: asked.length, known: known.length };
}
