import type { FdList, ProcessEntry } from "../replay/entries.ts";
import { readDescriptors, SocketTables } from "./proc-descriptors.ts";
import { numbersIn } from "./proc-file.ts";
import { type ProcOptions, type ProcProcess, readProcess } from "./proc-process.ts";

export interface ScanBounds {
  readonly threadsMax: number;
  readonly descriptorsPerProcessMax: number;
  readonly descriptorsMax: number;
}

/** The engine's own defaults: more would be dropped there. */
export const SCAN_BOUNDS: ScanBounds = {
  threadsMax: 262_144,
  descriptorsPerProcessMax: 4_096,
  descriptorsMax: 1_048_576,
};

export interface ScanOptions {
  /**
   * Processes to read; all when left out. Their ancestors are read too, for rules that ask for a
   * parent's name, but without descriptors and environment: those are nobody's business.
   */
  readonly pids?: Iterable<number>;
  /** Wall clock minus CLOCK_BOOTTIME, ns. */
  readonly bootTime: bigint;
  readonly procRoot?: string;
  readonly bounds?: ScanBounds;
}

export interface ProcScan {
  /** Every leader stands before its threads. */
  readonly processes: readonly ProcessEntry[];
  readonly descriptors: readonly FdList[];
  readonly droppedThreads: number;
  readonly droppedDescriptors: number;
}

/** Pid 0 is nobody's entry: parent of the first process and of the first kernel thread. */
const NO_PARENT = 0;

/**
 * Reads processes, their threads and their descriptors from /proc. Synchronous: about half a
 * millisecond a process. What vanishes while it is read is left out.
 */
export function scanProc(options: ScanOptions): ProcScan {
  return new Scan(options).run();
}

class Scan {
  readonly #options: ScanOptions;
  readonly #proc: ProcOptions;
  readonly #bounds: ScanBounds;
  readonly #sockets = new SocketTables();
  readonly #found = new Map<number, ProcProcess>();
  readonly #descriptors: FdList[] = [];
  #threads = 0;
  #descriptorCount = 0;
  #droppedThreads = 0;
  #droppedDescriptors = 0;

  constructor(options: ScanOptions) {
    const { procRoot = "/proc", bootTime, bounds = SCAN_BOUNDS } = options;
    this.#options = options;
    this.#proc = { procRoot, bootTime };
    this.#bounds = bounds;
  }

  run(): ProcScan {
    const pids = this.#options.pids ?? numbersIn(this.#proc.procRoot);
    for (const pid of pids) if (this.#addProcess(pid)) this.#addDescriptors(pid);
    for (const { leader } of [...this.#found.values()]) this.#addAncestors(leader);
    return {
      processes: this.#withNamespaceStarts(),
      descriptors: this.#descriptors,
      droppedThreads: this.#droppedThreads,
      droppedDescriptors: this.#droppedDescriptors,
    };
  }

  #addProcess(pid: number, change: (found: ProcProcess) => ProcProcess = (f) => f): boolean {
    if (this.#found.has(pid)) return false;
    const room = this.#bounds.threadsMax - this.#threads;
    if (room <= 0) {
      this.#droppedThreads++;
      return false;
    }
    const found = readProcess(pid, room - 1, this.#proc);
    if (found === undefined) return false;
    this.#found.set(pid, change(found));
    this.#threads += 1 + found.threads.length;
    this.#droppedThreads += found.droppedThreads;
    return !found.zombie;
  }

  #addAncestors(leader: ProcessEntry): void {
    let parent = Number(leader.ptid);
    while (parent !== NO_PARENT && this.#addAncestor(parent)) {
      parent = Number(this.#found.get(parent)?.leader.ptid ?? NO_PARENT);
    }
  }

  /** False when it is there already, and so are its ancestors, or when it is gone. */
  #addAncestor(pid: number): boolean {
    if (this.#found.has(pid)) return false;
    this.#addProcess(pid, withoutEnvironment);
    return this.#found.has(pid);
  }

  #addDescriptors(pid: number): void {
    const left = this.#bounds.descriptorsMax - this.#descriptorCount;
    const max = Math.min(this.#bounds.descriptorsPerProcessMax, left);
    const { entries, dropped } = readDescriptors(
      `${this.#proc.procRoot}/${pid}`,
      max,
      this.#sockets,
    );
    this.#descriptorCount += entries.length;
    this.#droppedDescriptors += dropped;
    if (entries.length > 0) this.#descriptors.push({ tid: BigInt(pid), descriptors: entries });
  }

  /** A pid namespace starts with its process 1. */
  #withNamespaceStarts(): ProcessEntry[] {
    const starts = new Map<string, bigint>();
    for (const { leader, pidNamespace } of this.#found.values()) {
      if (leader.vpid === 1n) starts.set(pidNamespace, leader.startTime);
    }
    return [...this.#found.values()].flatMap(({ leader, threads, pidNamespace }) => {
      const pidnsStart = starts.get(pidNamespace) ?? 0n;
      return [leader, ...threads].map((entry) => ({ ...entry, pidnsStart }));
    });
  }
}

function withoutEnvironment(found: ProcProcess): ProcProcess {
  const strip = (entry: ProcessEntry): ProcessEntry => ({ ...entry, env: Buffer.alloc(0) });
  return { ...found, leader: strip(found.leader), threads: found.threads.map(strip) };
}
