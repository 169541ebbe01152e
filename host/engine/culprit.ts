/**
 * Whether the code that ran is to blame for the end of its process. Signals from outside and a
 * process that was kept from running say nothing about the pack that happened to be called.
 */
import { readFileSync } from "node:fs";
import { childFolder } from "./child-folder.ts";

/** What a process does to itself: bad memory, bad instructions, failed checks of V8. */
const OWN_SIGNALS: readonly string[] = ["SIGSEGV", "SIGBUS", "SIGILL", "SIGABRT", "SIGTRAP"];

/** `how` begins with the name of the signal, or says "exit code". */
export function endedByOwnFault(how: string): boolean {
  return OWN_SIGNALS.some((signal) => how.startsWith(signal));
}

/** USER_HZ, the unit of /proc/<pid>/stat on every architecture that Linux knows today. */
const MS_PER_TICK = 10;
/** utime and stime, counted behind the command's closing parenthesis. */
const UTIME_AT = 11;
const STIME_AT = 12;

/** What a process does by proc(5): R is on a CPU, or in the queue for one. */
export function isRunnable(pid: number | undefined): boolean {
  return statOf(pid)?.[0] === "R";
}

/** Milliseconds of CPU time that a process has used; 0 when it is gone. */
export function cpuMs(pid: number | undefined): number {
  const fields = statOf(pid) ?? [];
  return (Number(fields[UTIME_AT]) + Number(fields[STIME_AT])) * MS_PER_TICK || 0;
}

/** From the state on, behind the command. */
function statOf(pid: number | undefined): readonly string[] | undefined {
  const folder = pid === undefined ? undefined : childFolder(pid);
  if (folder === undefined) return undefined;
  try {
    const stat = readFileSync(`${folder}/stat`, "latin1");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  } catch {
    return undefined;
  }
}
