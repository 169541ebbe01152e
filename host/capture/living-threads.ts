/** Which threads are alive, for the engine to let go of those whose exit was lost. */
import { readlinkSync } from "node:fs";
import { numbersIn } from "./proc-file.ts";

/** Of the pid namespace that the kernel began with (PROC_PID_INIT_INO): events name its ids. */
const FIRST_NAMESPACE = "pid:[4026531836]";

/** Of root with all capabilities: who may look into it may look into every process. */
const INIT = 1;

/**
 * Ids of all threads, or undefined where that cannot be told: when /proc is that of a pid namespace
 * of our own, hides what is not ours (`hidepid`) or cannot be read, or when there are more than
 * `threadsMax`.
 */
export function livingThreads(threadsMax: number, procRoot = "/proc"): Uint32Array | undefined {
  if (!seesAll(procRoot)) return undefined;
  const threads: number[] = [];
  for (const pid of numbersIn(procRoot)) {
    // A process that ends meanwhile has no threads; its own id does no harm.
    threads.push(pid);
    for (const tid of numbersIn(`${procRoot}/${String(pid)}/task`)) {
      if (tid !== pid) threads.push(tid);
    }
    if (threads.length > threadsMax) return undefined;
  }
  return threads.length === 0 ? undefined : Uint32Array.from(threads);
}

function seesAll(procRoot: string): boolean {
  try {
    if (!isOfFirstNamespace(procRoot)) return false;
    return numbersIn(`${procRoot}/${String(INIT)}/task`).length > 0;
  } catch {
    return false;
  }
}

/** Whose process 1 is in the first namespace is mounted for it, be we in a container ourselves. */
function isOfFirstNamespace(procRoot: string): boolean {
  return ["self", String(INIT)].some((process) => {
    try {
      return readlinkSync(`${procRoot}/${process}/ns/pid`) === FIRST_NAMESPACE;
    } catch {
      return false;
    }
  });
}
