/** How much memory a child process has had at most. */
import { readFileSync } from "node:fs";
import { childFolder } from "./child-folder.ts";

/** Bytes resident, pages that it shares with others included; 0 when it is gone. */
export function peakBytes(pid: number | undefined): number {
  const folder = pid === undefined ? undefined : childFolder(pid);
  if (folder === undefined) return 0;
  try {
    const status = readFileSync(`${folder}/status`, "latin1");
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1_024;
  } catch {
    return 0;
  }
}
