import { addon } from "./load.ts";
import { guarded } from "./native-error.ts";

export type CapabilityName =
  | "CAP_SYS_ADMIN"
  | "CAP_SYS_RESOURCE"
  | "CAP_SYS_PTRACE"
  | "CAP_DAC_READ_SEARCH"
  | "CAP_PERFMON"
  | "CAP_BPF"
  | "CAP_SETUID"
  | "CAP_SETGID";

export type ProgramFeatureName =
  | "ringbuf"
  | "tp_btf"
  | "io_uring"
  | "iterator"
  | "fentry"
  | "lsm"
  | "kprobe"
  | "raw_tracepoint";

/** Something that was tried out just now. `reason` is empty when it works. */
export interface ProgramFeature {
  readonly name: ProgramFeatureName;
  readonly available: boolean;
  readonly reason: string;
}

export interface Features {
  /** As `uname -r` prints it. */
  readonly release: string;
  /** The kernel is new enough for BPF ring buffers (5.8). */
  readonly ringBuffers: boolean;
  readonly btf: boolean;
  /** Effective uid 0; says nothing about capabilities. */
  readonly root: boolean;
  /** The effective set. */
  readonly capabilities: Readonly<Record<CapabilityName, boolean>>;
  /** RLIMIT_MEMLOCK in bytes; Infinity when there is none. */
  readonly lockedBytesMax: number;
  /** Where cgroup v2 is mounted; empty when it is not. */
  readonly cgroup2: string;
  /** kernel.unprivileged_bpf_disabled as text; empty when the kernel has no such setting. */
  readonly unprivilegedBpfDisabled: string;
  /** BPF is among the active security modules. */
  readonly bpfLsm: boolean;
  /** The addon was built with libbpf. */
  readonly capture: boolean;
  /** Empty without `capture`. */
  readonly programs: readonly ProgramFeature[];
}

/** Looks at the kernel and at this process's rights; loads the smallest programs and drops them. */
export function probe(): Features {
  return guarded(() => addon().probe());
}

/** Wall clock minus CLOCK_BOOTTIME, ns; good to about a microsecond. */
export function bootTimeNs(): bigint {
  return guarded(() => addon().bootTimeNs());
}
