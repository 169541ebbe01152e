/**
 * CPU time of processes. /proc/PID/stat counts in ticks of 10 ms, too coarse for runs of seconds;
 * schedstat counts ns, of threads that live. Where a kernel has no schedstat, ticks have to do.
 */
import { readFileSync } from "node:fs";
import { tasksOf } from "./tree.ts";

export interface CpuTime {
  /** User and system together. */
  readonly ns: number;
  /** The same in ticks, and how many of them were spent in the kernel. */
  readonly ticks: number;
  readonly systemTicks: number;
}

export const NS_PER_TICK = 1e7;

export function cpuTime(pid: number): CpuTime {
  const { user, system } = ticksOf(readFileSync(`/proc/${String(pid)}/stat`, "utf8"));
  const ticks = user + system;
  return { ns: schedstatNs(pid) ?? ticks * NS_PER_TICK, ticks, systemTicks: system };
}

/** Fields 14 and 15 of /proc/PID/stat; the name in field 2 may hold anything. */
export function ticksOf(stat: string): { readonly user: number; readonly system: number } {
  const afterName = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return { user: Number(afterName[11]), system: Number(afterName[12]) };
}

function schedstatNs(pid: number): number | undefined {
  try {
    return tasksOf(pid)
      .map((tid) => readFileSync(`/proc/${String(pid)}/task/${tid}/schedstat`, "utf8"))
      .reduce((sum, text) => sum + Number(text.split(" ")[0]), 0);
  } catch {
    return undefined;
  }
}

export function sumOf(times: readonly CpuTime[]): CpuTime {
  return times.reduce(
    (sum, time) => ({
      ns: sum.ns + time.ns,
      ticks: sum.ticks + time.ticks,
      systemTicks: sum.systemTicks + time.systemTicks,
    }),
    { ns: 0, ticks: 0, systemTicks: 0 },
  );
}

export function since(before: CpuTime, after: CpuTime): CpuTime {
  return {
    ns: after.ns - before.ns,
    ticks: after.ticks - before.ticks,
    systemTicks: after.systemTicks - before.systemTicks,
  };
}
