import type { AddonCapture } from "./load.ts";
import { addon } from "./load.ts";
import { guarded, guardedLater, NativeError } from "./native-error.ts";
import type { CaptureOptions, ClassCounters, ProgramRuns, Ring, Scope, Task } from "./values.ts";

/**
 * The capture programs. Order: construct (rings and wake-up page are there then), `load`, set
 * scope, interest, codes and boot time, `attach`, `setEnabled(true)`. The constructor and `load`
 * throw
 * NativeError: NO_CAPTURE, NO_BTF, NO_PERMISSION, KERNEL_TOO_OLD, LOAD_FAILED, MAP_FAILED or
 * BAD_ARGUMENT; every method but `detach` and `close` throws CLOSED after `close`, and those that
 * need the programs before `load` is done.
 */
export class Capture {
  readonly #capture: AddonCapture;

  constructor(options: CaptureOptions) {
    const open = addon().Capture;
    if (open === undefined) {
      const advice = "the addon was built without capture; install libbpf and run `npm run setup`";
      throw new NativeError("NO_CAPTURE", advice);
    }
    this.#capture = guarded(() => new open(options));
  }

  /**
   * Has the kernel verify the programs that `interest` needs, on another thread; some 0.3 s.
   * @param interest as for `setInterest`.
   */
  async load(interest: Uint8Array): Promise<void> {
    await guardedLater(() => this.#capture.load(interest));
  }

  attach(): void {
    this.#do((capture) => {
      capture.attach();
    });
  }

  detach(): void {
    this.#capture.detach();
  }

  /** Detaches, unloads and closes the rings' descriptors. Windows of the rings stay as they are. */
  close(): void {
    this.#capture.close();
  }

  rings(): readonly Ring[] {
    return this.#do((capture) => capture.rings());
  }

  /** Its first page is `struct wakeup` of bpf/control.h. Closed by `close`. */
  wakeupFd(): number {
    return this.#do((capture) => capture.wakeupFd());
  }

  /**
   * Programs that were not needed so far are loaded now; those that run are not touched.
   * @param bits 64 bytes; bit n of the little-endian bit string is native system call n.
   */
  setInterest(bits: Uint8Array): void {
    this.#do((capture) => {
      capture.setInterest(bits);
    });
  }

  setScope(scope: Scope): void {
    this.#do((capture) => {
      capture.setScope(scope);
    });
  }

  /** Lets the attached programs write, or makes them return at once. */
  setEnabled(enabled: boolean): void {
    this.#do((capture) => {
      capture.setEnabled(enabled);
    });
  }

  /** @param ns wall clock minus CLOCK_BOOTTIME, see `bootTimeNs`. */
  setBootTime(ns: bigint): void {
    this.#do((capture) => {
      capture.setBootTime(ns);
    });
  }

  /** @param bytes of I/O data kept for each event, at most 65,000. */
  setSnaplen(bytes: number): void {
    this.#do((capture) => {
      capture.setSnaplen(bytes);
    });
  }

  /** Whether system calls that failed are left out. */
  setDropFailed(drop: boolean): void {
    this.#do((capture) => {
      capture.setDropFailed(drop);
    });
  }

  /** @param codes portable code for each native system call number; 0 where unknown. */
  setSyscallCodes(codes: Uint16Array): void {
    this.#do((capture) => {
      capture.setSyscallCodes(codes);
    });
  }

  /** The threads that are in this process's pid namespace, or in one below it. */
  tasks(): readonly Task[] {
    return this.#do((capture) => capture.tasks());
  }

  /** Makes a process a root of the tree scope; those it starts from now on follow. */
  addToTree(tgid: number): void {
    this.#do((capture) => {
      capture.addToTree(tgid);
    });
  }

  /** Undoes `addToTree`; processes that end are removed without it. */
  removeFromTree(tgid: number): void {
    this.#do((capture) => {
      capture.removeFromTree(tgid);
    });
  }

  /** Processes (tgids) that the tree scope has now; none that has ended. */
  treeMembers(): readonly number[] {
    return this.#do((capture) => capture.treeMembers());
  }

  /**
   * Never captures this process, nor what it starts from now on, in host and cgroup scope. Ends
   * with the process: the next one of this id has another start time.
   */
  exclude(tgid: number, startTime: bigint): void {
    this.#do((capture) => {
      capture.exclude(tgid, startTime);
    });
  }

  /** Captures nothing of this member of the tree before it has started another program. */
  hold(tgid: number): void {
    this.#do((capture) => {
      capture.hold(tgid);
    });
  }

  /**
   * A `close` of descriptor `number`, which is none, by this process becomes a canary.
   * @param number of 2^31 or more.
   */
  awaitCanary(tgid: number, number: number): void {
    this.#do((capture) => {
      capture.awaitCanary(tgid, number);
    });
  }

  /** Makes that call. */
  sendCanary(number: number): void {
    this.#do((capture) => {
      capture.sendCanary(number);
    });
  }

  forgetCanary(): void {
    this.#capture.forgetCanary();
  }

  /** Canaries that the programs put into a ring. */
  canariesWritten(): number {
    return this.#do((capture) => capture.canariesWritten());
  }

  counters(): readonly ClassCounters[] {
    return this.#do((capture) => capture.counters());
  }

  /** Has the kernel count and time program runs until `close`; costs some 20 ns a run. */
  collectStatistics(): void {
    this.#do((capture) => {
      capture.collectStatistics();
    });
  }

  /** Runs of the attached programs; zeros unless the kernel collects statistics. */
  statistics(): readonly ProgramRuns[] {
    return this.#do((capture) => capture.statistics());
  }

  #do<T>(call: (capture: AddonCapture) => T): T {
    return guarded(() => call(this.#capture));
  }
}
