import { fileURLToPath } from "node:url";
import { bootTimeNs, Capture, type ClassCounters, type Ring } from "../native/native.ts";
import {
  bootstrapAccounts,
  bootstrapDescriptors,
  bootstrapProcesses,
} from "../replay/bootstrap.ts";
import type { CaptureLists } from "../replay/writer.ts";
import { portableCodes } from "../schema/syscalls.ts";
import type { Canaries } from "./canary.ts";
import { handlersOf } from "./handlers.ts";
import { nativeArchitecture } from "./interest.ts";
import { readHostInterfaces } from "./interfaces.ts";
import { type CaptureLosses, sumLosses } from "./losses.ts";
import { readMachine } from "./machine.ts";
import { Membership } from "./membership.ts";
import { scanProc } from "./proc-scan.ts";
import type { ProcessIds } from "./process-ids.ts";
import { byKernelIds } from "./scan-ids.ts";
import { type CaptureScope, scopePids } from "./scope.ts";
import { readAccountFiles } from "./users.ts";

/** The same distance from host/capture and from dist/capture. */
export const CAPTURE_OBJECT = fileURLToPath(new URL("../../build/capture.bpf.o", import.meta.url));

export interface LiveOptions {
  /** Path of the compiled BPF object; the one that the build made when left out. */
  readonly object?: string;
  readonly scope: CaptureScope;
  /** From `selectInterest`. */
  readonly interest: Uint8Array;
  /** Data bytes of one ring: a power of two, at least a page. */
  readonly ringBytes: number;
  readonly cpusPerRing: number;
  /** Bytes of I/O data kept for each event. */
  readonly snaplen: number;
  /** Leave out system calls that failed. */
  readonly dropFailed?: boolean;
}

/** State at the moment of the scan, for the engine and for a recording's head. */
export interface StartState {
  readonly lists: CaptureLists;
  /** `lists` as state-only event blocks for the replay window. */
  readonly blocks: Buffer;
  /** Entries that did not fit a bound or cannot be said in an event. */
  readonly dropped: number;
}

const CLOCK_REFRESH_MS = 1_000;
/** A smaller step is noise of reading two clocks. */
const CLOCK_STEP_NS = 1_000_000n;

/**
 * The capture programs at work. The rings are there at once, so that an engine can get ready while
 * `start` loads the programs. Everything is attached and enabled before `scan` may be called, so
 * that no process is missed; one that starts meanwhile is told twice, which the engine expects.
 */
export class LiveCapture {
  readonly #capture: Capture;
  readonly #membership: Membership;
  readonly #scope: CaptureScope;
  readonly #options: LiveOptions;
  #clock: NodeJS.Timeout | undefined;
  #bootTime: bigint;
  #closed = false;

  /** Throws a NativeError whose code says why capture cannot start (NO_BTF, NO_PERMISSION …). */
  constructor(options: LiveOptions) {
    const { object = CAPTURE_OBJECT, ringBytes, cpusPerRing, scope } = options;
    this.#scope = scope;
    this.#bootTime = bootTimeNs();
    this.#options = options;
    const handlers = handlersOf(nativeArchitecture());
    this.#capture = new Capture({ object, ringBytes, cpusPerRing, handlers });
    this.#membership = new Membership(this.#capture, scope);
  }

  /** Loads, attaches and enables the programs. Throws a NativeError; `close` is still owed then. */
  async start(): Promise<void> {
    await this.#capture.load(this.#options.interest);
    this.#enable(this.#options);
    this.#clock = setInterval(() => this.#refreshClock(), CLOCK_REFRESH_MS);
    this.#clock.unref();
  }

  #enable(options: LiveOptions): void {
    const capture = this.#capture;
    capture.setInterest(options.interest);
    capture.setSyscallCodes(portableCodes(nativeArchitecture()));
    capture.setBootTime(this.#bootTime);
    capture.setSnaplen(options.snaplen);
    capture.setDropFailed(options.dropFailed ?? false);
    capture.attach();
    this.#membership.enter();
    capture.setEnabled(true);
    this.#membership.join();
  }

  get scope(): CaptureScope {
    return this.#scope;
  }

  /** Processes of a tree scope that are running. */
  members(): readonly number[] {
    return this.#membership.members();
  }

  /** Descriptors that `close` closes. */
  rings(): readonly Ring[] {
    return this.#capture.rings();
  }

  wakeupFd(): number {
    return this.#capture.wakeupFd();
  }

  /** Reads processes in scope, users, groups and interfaces. Synchronous. */
  scan(): StartState {
    const ids = this.#membership.look();
    const pids = scopePids(this.#scope, ids);
    const limits = pids === undefined ? {} : { pids };
    const hidden = this.#scope.kind === "tree" ? this.#scope.waiting?.gate : undefined;
    const without = hidden === undefined ? {} : { without: BigInt(hidden) };
    return readStartState({ bootTime: this.#bootTime, ids, ...limits, ...without });
  }

  /** The number that /proc has for a process of an event; undefined when it shows none. */
  procNumber(kernelId: number): number | undefined {
    return this.#membership.procNumber(kernelId);
  }

  /** Makes a canary; see `provesItself` in canary.ts. */
  get canaries(): Canaries {
    const [capture, membership, scope] = [this.#capture, this.#membership, this.#scope];
    return {
      expect: (number) => {
        const ids = membership.look();
        const sender = scope.kind === "tree" && scope.waiting !== undefined;
        const tgid = sender ? ids.kernelId(scope.root, "own") : ids.self()?.tgid;
        if (tgid !== undefined) capture.awaitCanary(tgid, number);
      },
      send: (number) => {
        capture.sendCanary(number);
      },
      forget: () => {
        capture.forgetCanary();
      },
      written: () => capture.canariesWritten(),
    };
  }

  /** From now on; the rules in force may have changed. */
  setInterest(bits: Uint8Array): void {
    this.#capture.setInterest(bits);
  }

  /** None before `start` is done. */
  counters(): readonly ClassCounters[] {
    return this.#clock === undefined ? [] : this.#capture.counters();
  }

  losses(): CaptureLosses {
    return sumLosses(this.counters());
  }

  /** Detaches and unloads; calling it again does nothing. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#clock);
    this.#capture.close();
  }

  /** The wall clock may be set while we run; events carry wall-clock times. */
  #refreshClock(): void {
    const now = bootTimeNs();
    const step = now > this.#bootTime ? now - this.#bootTime : this.#bootTime - now;
    if (step < CLOCK_STEP_NS) return;
    this.#bootTime = now;
    this.#capture.setBootTime(now);
  }
}

/** Makes the rings; `start` does the rest. Throws a NativeError. */
export function openLive(options: LiveOptions): LiveCapture {
  return new LiveCapture(options);
}

/** State of this host now; `pids` limits the processes. `bootTime`: see `bootTimeNs`. */
export function readStartState(options: {
  readonly bootTime: bigint;
  readonly pids?: readonly number[];
  /** Of all threads that are told. */
  readonly ids: ProcessIds;
  /** Descriptor of the limiting processes that is not theirs. */
  readonly without?: bigint;
}): StartState {
  const time = BigInt(Date.now()) * 1_000_000n;
  const scan = byKernelIds(scanProc(options), options.ids, options.without);
  const accounts = readAccountFiles();
  const lists: CaptureLists = {
    machine: readMachine(options.bootTime),
    interfaces: readHostInterfaces(),
    accounts,
    processes: scan.processes,
    descriptors: scan.descriptors,
  };
  const parts = [
    bootstrapAccounts(accounts, time),
    bootstrapProcesses(scan.processes, time),
    ...scan.descriptors.map((list) => bootstrapDescriptors(list, time, list.tid)),
  ];
  const notSaid = parts.reduce((sum, part) => sum + part.dropped, 0);
  return {
    lists,
    blocks: Buffer.concat(parts.map((part) => part.blocks)),
    dropped: scan.droppedThreads + scan.droppedDescriptors + accounts.dropped + notSaid,
  };
}
