/** How what an engine recorded gets from the replay window to whoever keeps it. */
import type { EngineChild } from "./child.ts";
import { clearTapped, tappedBytes } from "./state-file.ts";
import type { WindowFiles } from "./windows.ts";

export interface HandOverOptions {
  readonly windows: WindowFiles;
  /** So many bytes lie in the replay window, until this returns. */
  readonly onRecorded: (bytes: number) => void | Promise<void>;
  readonly onFailure: (reason: string) => void;
}

export class HandOver {
  readonly #options: HandOverOptions;
  #underWay = 0;

  constructor(options: HandOverOptions) {
    this.#options = options;
  }

  /** The engine waits until what it recorded is taken. */
  get isUnderWay(): boolean {
    return this.#underWay > 0;
  }

  /** `child`: the engine that waits to go on. */
  async hand(bytes: number, child?: EngineChild): Promise<void> {
    this.#underWay += 1;
    try {
      const kept = this.#options.onRecorded(bytes);
      clearTapped(this.#options.windows.state.fd);
      await kept;
      child?.send({ kind: "taken" });
    } catch (error) {
      this.#options.onFailure(`what was recorded could not be kept: ${String(error)}`);
    } finally {
      this.#underWay -= 1;
    }
  }

  /** What a dead engine had recorded and not handed over. */
  handRest(): void {
    const { replay, state } = this.#options.windows;
    const bytes = Math.min(tappedBytes(state.fd), replay.bytes);
    if (bytes > 0) void this.hand(bytes);
  }
}
