/** The values that cross between JavaScript and the addon. */

/**
 * `read`: a store traps. `readwrite`: shared with every other mapping of the file. `private`: copy
 * on write, for machines where V8 has no trap handler: a store succeeds and nobody else sees it.
 */
export type WindowAccess = "read" | "readwrite" | "private";

export interface Window {
  readonly fd: number;
  /** Bytes into the file; a multiple of the kernel's page size, as are `bytes` and the address. */
  readonly fdOffset: number;
  readonly bytes: number;
  readonly access: WindowAccess;
}

/** The program that takes a system call. */
export interface Handler {
  /** Native number. */
  readonly number: number;
  /** Name in the BPF object. */
  readonly program: string;
}

export interface CaptureOptions {
  /** Path of the compiled BPF object. */
  readonly object: string;
  /** Data bytes of one ring: a power of two, at least a page. */
  readonly ringBytes: number;
  /** How many online CPUs share a ring. */
  readonly cpusPerRing: number;
  /** Of all system calls; a call that is in none arrives as a generic event. */
  readonly handlers: readonly Handler[];
}

export interface Ring {
  /** Closed by `Capture.close`. */
  readonly fd: number;
  /** Data bytes; the mapping is laid out in host/schema/memory.ts. */
  readonly bytes: number;
}

/** Which processes are captured. */
export type Scope =
  | { readonly kind: "host" }
  | { readonly kind: "tgid"; readonly value: number }
  /** Processes that `addToTree` named before, and what they start afterwards. */
  | { readonly kind: "tree" }
  /** A cgroup v2 directory and those below it: its id (inode) and depth, the root's being 0. */
  | { readonly kind: "cgroup"; readonly value: bigint; readonly level: number };

/** A thread; ids are those of the kernel's first pid namespace, which events have. */
export interface Task {
  readonly tid: number;
  readonly tgid: number;
  /** A tgid. */
  readonly parent: number;
  readonly pgid: number;
  readonly sid: number;
  /** Of its process, ns of CLOCK_MONOTONIC. */
  readonly startTime: bigint;
  /** It belongs to this process. */
  readonly isReader: boolean;
  /** Its tid in every pid namespace from the first to its own. */
  readonly numbers: readonly number[];
}

export type EventClass =
  | "open"
  | "close"
  | "execve"
  | "cloneFork"
  | "procExit"
  | "connect"
  | "dirFile"
  | "other";

/** What happened to the events of one class since the load, over all CPUs. */
export interface ClassCounters {
  readonly eventClass: EventClass;
  readonly written: number;
  /** Lost: no room in the ring. */
  readonly ringFull: number;
  /** Lost: longer than the scratch buffer. */
  readonly tooLarge: number;
  /** Lost: user memory could not be read. */
  readonly unreadable: number;
  /** Lost: a bound was hit that never should be. */
  readonly bug: number;
  /** Not decoded: 32-bit system call on a 64-bit kernel. */
  readonly compat: number;
}

export interface ProgramRuns {
  readonly program: string;
  readonly runs: number;
  readonly nanoseconds: number;
}

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

/** Which parts of the jail are in force: an empty text, or the reason why one is not. */
export interface Jail {
  /** A user that owns nothing. Capabilities are dropped in any case. */
  readonly user: string;
  /** The filter of system calls. */
  readonly seccomp: string;
}

/** How a system call ended that the jail forbids; `errno` 0 when it worked. */
export interface ForbiddenCall {
  readonly name: string;
  readonly errno: number;
}
