/** Makes a condition smaller while the pack and the interpreter still differ about it. */
import type { Check, Expression } from "../../host/compile/2-parse/ast.ts";
import { interpret } from "../support/interpret/interpret.ts";
import { Matcher, PackTrap, refusal } from "./matches.ts";
import type { Snapshot } from "./snapshots.ts";
import type { Stream } from "./stream.ts";
import { writeCondition } from "./write-condition.ts";

const ROUNDS_MAX = 6;
const CANDIDATES_MAX = 60;
/** Each costs a compilation of its own. */
const PARTS_MAX = 8;

/** The condition itself when nothing smaller differs, as when only its company makes it differ. */
export async function minimize(
  expression: Expression,
  event: Snapshot,
  stream: Stream,
): Promise<Expression> {
  let smallest = expression;
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const candidates = smaller(smallest)
      .filter((candidate) => refusal(writeCondition(candidate)) === null)
      .slice(0, CANDIDATES_MAX);
    if (candidates.length === 0) return smallest;
    const matcher = await Matcher.of(candidates.map(writeCondition));
    const found = matcher.run(stream, candidates.length);
    const differing = candidates.filter(
      (candidate, i) => found[i]?.has(event.number) !== interpret(candidate, event),
    );
    const [next] = differing.sort((a, b) => writeCondition(a).length - writeCondition(b).length);
    if (next === undefined) return smallest;
    smallest = next;
  }
  return smallest;
}

/** The fewest of these conditions that still end in a trap when they are one pack. */
export async function fewestTrapping(
  conditions: readonly Expression[],
  stream: Stream,
): Promise<readonly Expression[]> {
  const middle = conditions.length >> 1;
  for (const half of [conditions.slice(0, middle), conditions.slice(middle)]) {
    if (half.length > 0 && (await traps(half, stream))) return await fewestTrapping(half, stream);
  }
  const [only] = conditions;
  if (conditions.length > 1 || only === undefined) return conditions;
  for (const part of smaller(only).slice(0, PARTS_MAX)) {
    const isFair = refusal(writeCondition(part)) === null;
    if (isFair && (await traps([part], stream))) return await fewestTrapping([part], stream);
  }
  return conditions;
}

async function traps(conditions: readonly Expression[], stream: Stream): Promise<boolean> {
  const matcher = await Matcher.of(conditions.map(writeCondition));
  try {
    matcher.run(stream, conditions.length);
    return false;
  } catch (error) {
    if (error instanceof PackTrap) return true;
    throw error;
  }
}

/** Parts of the condition, and the condition without one of its parts. */
function smaller(expression: Expression): Expression[] {
  switch (expression.kind) {
    case "macro":
      return [];
    case "check":
      return smallerChecks(expression);
    case "not":
      return [
        expression.child,
        ...smaller(expression.child),
        ...smaller(expression.child).map((child) => ({ ...expression, child })),
      ];
    default: {
      const { children } = expression;
      const without = children.map((_, i) => ({
        ...expression,
        children: children.filter((__, j) => j !== i),
      }));
      const inner = children.flatMap((child, i) =>
        smaller(child).map((part) => ({ ...expression, children: children.with(i, part) })),
      );
      const parts = children.flatMap((child) => [child, ...smaller(child)]);
      return [...parts, ...(children.length > 2 ? without : []), ...inner];
    }
  }
}

function smallerChecks(check: Check): Expression[] {
  const { right } = check;
  if (right?.kind !== "values" || right.items.length < 2) return [];
  return right.items.map((_, i) => ({
    ...check,
    right: { ...right, items: right.items.filter((__, j) => j !== i) },
  }));
}
