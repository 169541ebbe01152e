/**
 * What capture costs, out of pairs of runs: the observed program alone, and the same under capture.
 *
 * In the kernel the programs run on the observed program's own time, so what its rounds need more
 * CPU time than alone is their cost, with all that they do to its caches. In user space it is the
 * CPU time of agent and engine, what they spend inside of system calls included.
 */
import { type CpuTime, sumOf } from "../proc/cpu-time.ts";
import { cost, type Measured, yieldOf } from "../report/section.ts";
import type { Observed } from "./observed.ts";
import type { Watched } from "./watcher.ts";

export interface Pair {
  readonly alone: Observed;
  readonly captured: Observed;
  readonly watched: Watched;
  /** CPU time of the two processes, from the start of the rounds until they were drained. */
  readonly agent: CpuTime;
  readonly engine: CpuTime;
}

const NS_PER_SECOND = 1e9;

export const eventsPerSecond = ({ captured, watched }: Pair): number =>
  watched.events / (captured.ns / NS_PER_SECOND);

export function kernelNsPerEvent({ alone, captured, watched }: Pair): number {
  const more = captured.cpuNs / captured.rounds - alone.cpuNs / alone.rounds;
  return more / (counted(watched) / captured.rounds);
}

export const userNsPerEvent = ({ agent, engine, watched }: Pair): number =>
  (agent.ns + engine.ns) / watched.events;

/** Elapsed time of a round against that alone; only of a program that does not sleep. */
export const slowDown = ({ alone, captured }: Pair): number =>
  captured.ns / captured.rounds / (alone.ns / alone.rounds);

/** The same in CPU time, which other processes of the machine disturb less. */
export const cpuSlowDown = ({ alone, captured }: Pair): number =>
  captured.cpuNs / captured.rounds / (alone.cpuNs / alone.rounds);

/** The programs ran for events that were lost, too. */
const counted = ({ events, drops }: Watched): number => events + drops.total;

/** `rate` 0: unpaced. */
export function costFigures(name: string, rate: number, pairs: readonly Pair[]): Measured[] {
  const unpaced = [cost(`${name}: slow-down`, "×", pairs.map(slowDown))];
  return [
    yieldOf(`${name}: events`, "1/s", pairs.map(eventsPerSecond)),
    cost(`${name}: kernel per event`, "ns", pairs.map(kernelNsPerEvent)),
    cost(`${name}: user space per event`, "ns", pairs.map(userNsPerEvent)),
    ...(rate === 0 ? unpaced : []),
    cost(`${name}: slow-down in CPU time`, "×", pairs.map(cpuSlowDown)),
    cost(
      `${name}: lost`,
      "events",
      pairs.map(({ watched }) => watched.drops.total),
    ),
  ];
}

/** Parts of the CPU time of agent and engine: the agent's, and what was spent in system calls. */
export function userSpaceShares(pairs: readonly Pair[]): {
  readonly agent: number;
  readonly system: number;
} {
  const agent = sumOf(pairs.map((pair) => pair.agent));
  const all = sumOf([agent, ...pairs.map(({ engine }) => engine)]);
  return { agent: agent.ns / all.ns, system: all.systemTicks / all.ticks };
}
