/** A replay that was asked for and is not done: what a successor has to be told of it. */
import type { EngineChild } from "./child.ts";
import type { EngineFault } from "./session.ts";
import { behindCurrent } from "./state-file.ts";
import type { WindowFiles } from "./windows.ts";

export class PendingReplay {
  /** Resolves with the bytes consumed. */
  readonly done: Promise<number>;
  readonly #start: number;
  readonly #end: number;
  #offset: number;
  /** The process that was told. */
  #child: EngineChild | undefined;
  #resolve!: (consumed: number) => void;
  #reject!: (error: EngineFault) => void;

  /** Blocks of the replay window. */
  constructor(offset: number, length: number) {
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
    child?.send({ kind: "replay", offset: this.#offset, length: this.#end - this.#offset });
  }

  /** The process is gone: its successor goes on behind the event that it was at. */
  passCurrent(windows: WindowFiles): void {
    const rest = behindCurrent(windows, this.#start, this.#end) ?? 0;
    this.#offset = Math.min(Math.max(rest, this.#offset), this.#end);
  }

  finish(consumed: number): void {
    this.#resolve(Math.min(this.#offset + consumed, this.#end) - this.#start);
  }

  fail(error: EngineFault): void {
    this.#reject(error);
  }
}
