/** The machine that figures were taken on. */
import { arch, cpus, loadavg, release, totalmem } from "node:os";

export interface Machine {
  readonly cpu: string;
  readonly cpus: number;
  readonly memoryBytes: number;
  readonly arch: string;
  readonly kernel: string;
  readonly node: string;
  readonly v8: string;
  /** Processes that wanted to run in the last minute, this one included: above 1 is noise. */
  readonly load: number;
}

export function describeMachine(): Machine {
  const all = cpus();
  return {
    cpu: all[0]?.model ?? "unknown",
    cpus: all.length,
    memoryBytes: totalmem(),
    arch: arch(),
    kernel: release(),
    node: process.version,
    v8: process.versions.v8,
    load: loadavg()[0] ?? Number.NaN,
  };
}
