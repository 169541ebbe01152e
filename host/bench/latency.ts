/**
 * How long single events take, one call of the engine for each. The call and the clock take time
 * themselves: what the fastest events of all take, with nothing to do, is their share and stays in.
 */
import type { BenchSession } from "./bench-session.ts";
import { tailShares } from "./quantile-plot.ts";
import { quantile } from "./statistics.ts";
import { warmUp } from "./throughput.ts";

export interface Latency {
  readonly name: string;
  readonly events: number;
  /** ns at these shares of all events, ascending. */
  readonly quantiles: readonly { readonly share: number; readonly ns: number }[];
  /** ns between two looks at the clock with nothing in between. */
  readonly clock: number;
}

const REPETITIONS = 3;
const CLOCK_LOOKS = 100_000;
const NS_PER_MS = 1e6;

export function measureLatency(name: string, session: BenchSession): Latency {
  warmUp(session);
  session.time();
  const all = Array.from({ length: REPETITIONS }, () => [...session.time()]).flat();
  all.sort((a, b) => a - b);
  const quantiles = tailShares(all.length).map((share) => ({ share, ns: quantile(all, share) }));
  return { name, events: all.length, quantiles, clock: clockNs() };
}

function clockNs(): number {
  const looks = new Float64Array(CLOCK_LOOKS);
  for (let i = 0; i < CLOCK_LOOKS; i++) {
    const start = performance.now();
    looks[i] = (performance.now() - start) * NS_PER_MS;
  }
  return quantile(
    [...looks].sort((a, b) => a - b),
    0.5,
  );
}
