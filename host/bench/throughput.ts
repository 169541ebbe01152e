/** ns per event of several sets of packs on one workload, measured in turn. */
import type { Match } from "../engine/session.ts";
import { BenchSession, type BenchSessionOptions } from "./bench-session.ts";
import { interleave } from "./interleave.ts";
import type { Workload } from "./workload.ts";

export interface Variant {
  readonly name: string;
  readonly packs: readonly Uint8Array[];
  /** Gets every match whose rule has something to render; default: nobody does. */
  readonly onMatch?: (match: Match) => void;
}

export interface ThroughputOptions {
  readonly workload: Workload;
  readonly session: Omit<BenchSessionOptions, "packs" | "onMatch">;
  /** Samples of each variant. */
  readonly rounds: number;
}

/** A sample lasts about this long, so that a clock tick or an interrupt is not seen. */
const SAMPLE_NS = 50_000_000;
/** Long enough for V8 to compile everything that runs often with its second compiler. */
const WARM_UP_NS = 700_000_000;

/** Samples in ns per event, by name of the variant. */
export async function measureThroughput(
  variants: readonly Variant[],
  { workload, session, rounds }: ThroughputOptions,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const runners = variants.map(
    ({ packs, onMatch = ignore }) => new BenchSession(workload, { ...session, packs, onMatch }),
  );
  try {
    for (const runner of runners) warmUp(runner, workload);
    const samples = await interleave(runners, (runner) => sample(runner, workload, SAMPLE_NS), {
      rounds,
      warmUps: 1,
    });
    return new Map(
      runners.map((runner, i) => [variants[i]?.name ?? "", samples.get(runner) ?? []]),
    );
  } finally {
    for (const runner of runners) runner.close();
  }
}

function ignore(): void {
  return;
}

function warmUp(runner: BenchSession, workload: Workload): void {
  sample(runner, workload, WARM_UP_NS);
}

/** Repeats the workload until `ns` have passed in it. Returns ns per event. */
function sample(runner: BenchSession, { times }: Workload, ns: number): number {
  let sum = 0;
  let repetitions = 0;
  do {
    sum += runner.repeat();
    repetitions += 1;
  } while (sum * times.length < ns);
  return sum / repetitions;
}
