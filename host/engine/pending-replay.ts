/** A replay that was asked for and is not done: what a successor has to be told of it. */
import type { EngineChild } from "./child.ts";
import type { EngineFault } from "./session.ts";
import { appliedEvents, behindCurrent } from "./state-file.ts";
import type { WindowFiles } from "./windows.ts";

export class PendingReplay {
  /** Resolves with the bytes consumed. */
  readonly done: Promise<number>;
  readonly #windows: WindowFiles;
  readonly #start: number;
  readonly #end: number;
  #offset: number;
  /** The process that was told, and the events that had been applied by then. */
  #child: EngineChild | undefined;
  #applied = 0n;
  #resolve!: (consumed: number) => void;
  #reject!: (error: EngineFault) => void;

  /** Blocks of the replay window. */
  constructor(windows: WindowFiles, offset: number, length: number) {
    this.#windows = windows;
    this.#start = offset;
    this.#offset = offset;
    this.#end = offset + length;
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** Tells this process, once. */
  orderFrom(child: EngineChild | undefined): void {
    if (this.#child === child) return;
    this.#child = child;
    this.#applied = appliedEvents(this.#windows.state.fd);
    child?.send({ kind: "replay", offset: this.#offset, length: this.#end - this.#offset });
  }

  /**
   * The process is gone: its successor goes on behind the event that it was at. One that had not
   * begun was at an event of an earlier replay, which may have lain at the same place.
   */
  passCurrent(): void {
    if (appliedEvents(this.#windows.state.fd) === this.#applied) return;
    const rest = behindCurrent(this.#windows, this.#start, this.#end) ?? 0;
    this.#offset = Math.min(Math.max(rest, this.#offset), this.#end);
  }

  finish(consumed: number): void {
    this.#resolve(Math.min(this.#offset + consumed, this.#end) - this.#start);
  }

  fail(error: EngineFault): void {
    this.#reject(error);
  }
}
