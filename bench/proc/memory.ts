/** What processes hold in memory. */
import { readFileSync } from "node:fs";
import { treeOf } from "./tree.ts";

/**
 * Bytes. `rss` counts a shared page in each process that has it mapped and touched; `pss` counts it
 * once over all of them, so only `pss` may be added up.
 */
export interface Memory {
  readonly rss: number;
  readonly pss: number;
  /** Parts of `pss`: memory of its own, files (programs and libraries), shared memory. */
  readonly pssAnonymous: number;
  readonly pssFile: number;
  readonly pssShared: number;
}

const KIB = 1_024;

export function memoryOf(pid: number): Memory {
  return parseRollup(readFileSync(`/proc/${String(pid)}/smaps_rollup`, "utf8"));
}

export function parseRollup(text: string): Memory {
  const bytes = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(text)?.[1] ?? 0) * KIB;
  return {
    rss: bytes("Rss"),
    pss: bytes("Pss"),
    pssAnonymous: bytes("Pss_Anon"),
    pssFile: bytes("Pss_File"),
    pssShared: bytes("Pss_Shmem"),
  };
}

/** Most resident bytes that a process has had so far. */
export function peakOf(pid: number): number {
  const status = readFileSync(`/proc/${String(pid)}/status`, "utf8");
  return Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? 0) * KIB;
}

/** The same over a process and those below it; 0 once it has ended. */
export function peakOfTree(pid: number): number {
  try {
    return treeOf(pid).reduce((sum, one) => sum + peakOf(one), 0);
  } catch {
    return 0;
  }
}
