/** Profiles out of nowhere: figures for about half of what rules ask, true or not. */
import { typeName } from "../../host/compile/5-plan/figures.ts";
import { childrenOf, type Node } from "../../host/compile/5-plan/graph.ts";
import { NodeKeys } from "../../host/compile/5-plan/node-key.ts";
import { makePlan } from "../../host/compile/5-plan/plan.ts";
import type { Counts, NodeFigures, Profile } from "../../host/compile/5-plan/profile.ts";
import { checkFiles, type RulesFile } from "../../host/compile/check.ts";

/** Whole numbers from 0 to below `below`. */
export type Dice = (below: number) => number;

const EVENTS = 1_000;

export function randomProfile(files: readonly RulesFile[], dice: Dice): Profile {
  const { dispatch } = makePlan(checkFiles(files).rules ?? []);
  const types = [...new Set(dispatch.flatMap((entry) => entry.types.map(typeName)))];
  const seen = types.filter(() => dice(4) > 0);
  const keys = new NodeKeys();
  const nodes = new Map<string, NodeFigures>();
  const visit = (node: Node): void => {
    const ns = dice(3) === 0 ? null : dice(200);
    if (dice(2) === 0) nodes.set(keys.of(node), { ns, true: counts(seen, dice) });
    childrenOf(node).forEach(visit);
  };
  for (const { rules } of dispatch) for (const { residual } of rules) visit(residual);
  return {
    source: "dice",
    events: new Map(seen.map((type) => [type, EVENTS])),
    kept: {
      process: counts(seen, dice),
      lineage: counts(seen, dice),
      descriptor: counts(seen, dice),
    },
    nodes,
  };
}

/** Often none or all of the events. */
function counts(types: readonly string[], dice: Dice): Counts {
  const count = (): number => [0, EVENTS, dice(EVENTS)][dice(3)] ?? 0;
  return new Map(types.filter(() => dice(5) > 0).map((type) => [type, count()]));
}
