/** Memory of a live agent that has nothing to do: it watches a process that sleeps. */
import { ObservedProgram, UNPACED } from "../live/observed.ts";
import { Watcher } from "../live/watcher.ts";
import { type Memory, memoryOf, peakOf } from "../proc/memory.ts";
import { distinctBytes } from "../proc/pages.ts";
import { cost, type Measured } from "../report/section.ts";

const MB = 1e6;

export interface RestOptions {
  readonly rules: readonly string[];
  readonly runs: number;
  /** Before it is looked at. */
  readonly restSeconds: number;
}

/** One process of those that run. */
interface Held extends Memory {
  readonly peak: number;
}

interface Run {
  readonly processes: readonly Held[];
  /** Both together, each page once; NaN where that cannot be told. */
  readonly distinct: number;
}

export interface AtRest {
  readonly figures: readonly Measured[];
  readonly runs: readonly Run[];
}

export async function measureAtRest(options: RestOptions): Promise<AtRest> {
  const runs: Run[] = [];
  for (let run = 0; run < options.runs; run++) runs.push(await atRest(options));
  const agents = (part: keyof Held): readonly number[] =>
    runs.map(({ processes: [agent] }) => (agent?.[part] ?? Number.NaN) / MB);
  const engines = (part: keyof Held): readonly number[] =>
    runs.map(({ processes: [, ...engine] }) => sum(engine, part) / MB);
  const all = (part: keyof Held): readonly number[] =>
    runs.map(({ processes }) => sum(processes, part) / MB);
  const distinct = runs.map((run) => run.distinct / MB);
  return {
    figures: [
      cost("at rest, agent, resident (RSS)", "MB", agents("rss")),
      cost("at rest, agent, its share (PSS)", "MB", agents("pss")),
      cost("at rest, engine, resident (RSS)", "MB", engines("rss")),
      cost("at rest, engine, its share (PSS)", "MB", engines("pss")),
      cost("at rest, both, each page once", "MB", distinct),
      cost("at rest, both (sum of RSS)", "MB", all("rss")),
      cost("at rest, both (sum of PSS)", "MB", all("pss")),
      cost("at rest, shared memory in that PSS", "MB", all("pssShared")),
      cost("peak since start, both", "MB", all("peak")),
    ],
    runs,
  };
}

function sum(held: readonly Held[], part: keyof Held): number {
  return held.reduce((total, one) => total + one[part], 0);
}

async function atRest({ rules, restSeconds }: RestOptions): Promise<Run> {
  const program = await ObservedProgram.start({ work: "idle", seconds: 1, pace: UNPACED });
  try {
    const watcher = await Watcher.start({ rules, pid: program.pid });
    try {
      await new Promise((resolve) => setTimeout(resolve, restSeconds * 1_000));
      const pids = watcher.processes;
      return {
        processes: pids.map((pid) => ({ ...memoryOf(pid), peak: peakOf(pid) })),
        distinct: distinctBytes(pids) ?? Number.NaN,
      };
    } finally {
      await watcher.stop();
    }
  } finally {
    program.close();
  }
}
