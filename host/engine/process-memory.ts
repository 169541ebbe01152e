/** How much memory a process has had at most. */
import { readFileSync } from "node:fs";

/** Bytes resident, pages that it shares with others included; 0 when it is gone. */
export function peakBytes(pid: number | undefined): number {
  if (pid === undefined) return 0;
  try {
    const status = readFileSync(`/proc/${String(pid)}/status`, "latin1");
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1_024;
  } catch {
    return 0;
  }
}
