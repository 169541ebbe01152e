/**
 * Made-up conditions on recorded and made-up events: for every pair of a condition and an event the
 * compiled rule has to answer as the interpreter does.
 */
import type { Expression } from "../../host/compile/2-parse/ast.ts";
import { interpret } from "../support/interpret/interpret.ts";
import { Coverage } from "./coverage.ts";
import { Generator } from "./generator.ts";
import { REQUIRED } from "./ingredients.ts";
import { Matcher, PackTrap, refusal } from "./matches.ts";
import { fewestTrapping, minimize } from "./minimize.ts";
import { Random } from "./random.ts";
import { Samples } from "./samples.ts";
import { type Snapshot, snapshots } from "./snapshots.ts";
import type { Stream } from "./stream.ts";
import { writeCondition } from "./write-condition.ts";

export interface FuzzOptions {
  readonly seed: number;
  /** Pairs of a condition and an event to compare, at least. */
  readonly pairs: number;
  readonly streams: readonly Stream[];
  /** Conditions that are compiled into one pack. */
  readonly conditionsPerPack: number;
  readonly eventsPerStream: number;
  readonly log: (line: string) => void;
}

export interface FuzzResult {
  readonly pairs: number;
  readonly matched: number;
  readonly refused: ReadonlyMap<string, number>;
  readonly differences: readonly string[];
  readonly coverage: Coverage;
}

const DIFFERENCES_MAX = 5;
/** Tries at a condition with something in it that the compiler takes. */
const REFUSALS_MAX = 20;

export async function fuzz(options: FuzzOptions): Promise<FuzzResult> {
  const random = new Random(options.seed);
  const coverage = new Coverage();
  const refused = new Map<string, number>();
  const differences: string[] = [];
  let [pairs, matched] = [0, 0];
  const start = performance.now();
  const observed = options.streams.map((stream) => ({
    stream,
    events: snapshots(stream, options.eventsPerStream, random),
  }));
  for (const { stream, events: some } of observed) coverage.addEvents(stream.name, some);
  const events = observed.flatMap(({ events: some }) => some);
  const generator = new Generator(random, new Samples(events));
  const first = required(generator, refused);
  while ((first.length > 0 || pairs < options.pairs) && differences.length < DIFFERENCES_MAX) {
    const conditions = first.splice(0, options.conditionsPerPack);
    if (conditions.length === 0)
      conditions.push(...accepted(generator, options.conditionsPerPack, refused));
    const matcher = await Matcher.of(conditions.map(writeCondition));
    for (const condition of conditions) coverage.add(condition, events);
    for (const { stream, events: some } of observed) {
      const found = await run(matcher, conditions, stream);
      if (typeof found === "string") {
        differences.push(found);
        options.log(found);
        break;
      }
      pairs += conditions.length * some.length;
      for (const [i, condition] of conditions.entries()) {
        const numbers = found[i] ?? new Set();
        const wrong = some.find(
          (event) => numbers.has(event.number) !== interpret(condition, event),
        );
        matched += some.filter((event) => numbers.has(event.number)).length;
        if (wrong === undefined || differences.length >= DIFFERENCES_MAX) continue;
        differences.push(await describe(condition, wrong, stream));
        options.log(differences.at(-1) ?? "");
      }
    }
    const rate = Math.round(pairs / ((performance.now() - start) / 1_000));
    options.log(
      `${String(pairs)} pairs, ${String(rate)}/s, ${String(matched)} matched, ` +
        `${String(differences.length)} differences`,
    );
  }
  return { pairs, matched, refused, differences, coverage };
}

/** What matched, or which conditions made the pack trap. */
async function run(
  matcher: Matcher,
  conditions: readonly Expression[],
  stream: Stream,
): Promise<readonly ReadonlySet<bigint>[] | string> {
  try {
    return matcher.run(stream, conditions.length);
  } catch (error) {
    if (!(error instanceof PackTrap)) throw error;
    const fewest = (await fewestTrapping(conditions, stream)).map(writeCondition);
    return `trap: ${error.message} on ${stream.name}\n  ${fewest.join("\n  ")}`;
  }
}

/** One condition for everything that a run has to contain; what cannot be made remains a gap. */
function required(generator: Generator, refused: Map<string, number>): Expression[] {
  return REQUIRED.flatMap((ingredient) => {
    for (let i = 0; i < REFUSALS_MAX; i++) {
      const check = generator.checkWith(ingredient);
      if (check === undefined) return [];
      if (isAccepted(check, refused)) return [check];
    }
    return [];
  });
}

/** Conditions that the compiler takes; what it refuses is counted by reason. */
function accepted(generator: Generator, count: number, refused: Map<string, number>): Expression[] {
  const conditions: Expression[] = [];
  while (conditions.length < count) {
    const condition = generator.condition();
    if (isAccepted(condition, refused)) conditions.push(condition);
  }
  return conditions;
}

function isAccepted(condition: Expression, refused: Map<string, number>): boolean {
  const reason = refusal(writeCondition(condition));
  if (reason !== null) refused.set(reason, (refused.get(reason) ?? 0) + 1);
  return reason === null;
}

async function describe(condition: Expression, event: Snapshot, stream: Stream): Promise<string> {
  const smallest = await minimize(condition, event, stream);
  const answer = interpret(smallest, event) ? "true" : "false";
  return [
    `difference: event ${String(event.number)} of ${stream.name}, type ${String(event.type)}`,
    `  ${writeCondition(smallest)}`,
    `  the interpreter says ${answer}, the pack does not`,
    ...(smallest === condition ? [] : [`  smallest part of: ${writeCondition(condition)}`]),
  ].join("\n");
}
