import { availableParallelism, hostname, totalmem } from "node:os";
import type { MachineInfo } from "../replay/entries.ts";
import { peekProc } from "./proc-file.ts";

/** What a recording says of this host. `bootTime`: wall clock minus CLOCK_BOOTTIME, ns. */
export function readMachine(bootTime: bigint): MachineInfo {
  const maxPid = peekProc("/proc/sys/kernel/pid_max", 32)?.toString("latin1").trim() ?? "";
  return {
    cpus: availableParallelism(),
    memoryBytes: BigInt(totalmem()),
    maxPid: /^\d+$/.test(maxPid) ? BigInt(maxPid) : 0n,
    hostname: Buffer.from(hostname()),
    bootTime,
    flags: 0n,
  };
}
