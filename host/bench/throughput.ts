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
  /** Instead of the engine; see probe.ts. */
  readonly walker?: Uint8Array;
}

export interface ThroughputOptions {
  readonly workload: Workload;
  readonly session: Omit<BenchSessionOptions, "packs" | "onMatch">;
  /** Samples of each variant. */
  readonly rounds: number;
}

/** A sample lasts about this long, so that a clock tick or an interrupt is not seen. */
const SAMPLE_NS = 50_000_000;
const WARM_UP_NS = 700_000_000;

/** Samples in ns per event, by name of the variant. */
export async function measureThroughput(
  variants: readonly Variant[],
  { workload, session, rounds }: ThroughputOptions,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const runners = variants.map(
    ({ onMatch = ignore, packs, walker }) =>
      new BenchSession(workload, {
        ...session,
        packs,
        onMatch,
        ...(walker === undefined ? {} : { walker }),
      }),
  );
  try {
    for (const runner of runners) warmUp(runner);
    const samples = await interleave(runners, (runner) => sample(runner, SAMPLE_NS), {
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

/** Until V8 has compiled what runs often with its second compiler. */
export function warmUp(runner: BenchSession): void {
  sample(runner, WARM_UP_NS);
}

/** Repeats the workload until `ns` have passed in it. Returns ns per event. */
export function sample(runner: BenchSession, ns: number): number {
  let sum = 0;
  let repetitions = 0;
  do {
    sum += runner.repeat();
    repetitions += 1;
  } while (sum * runner.events < ns);
  return sum / repetitions;
}
