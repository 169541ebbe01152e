/**
 * Whether every match that an engine counted was heard of, as an alert or as a merged one. The
 * engine counts in the state window, which outlives it.
 */
import { takeRendered } from "./state-file.ts";

export class MatchLedger {
  readonly #stateFd: number;
  #heard = 0;
  #lost = 0;

  constructor(stateFd: number) {
    this.#stateFd = stateFd;
  }

  hear(matches: number): void {
    this.#heard += matches;
  }

  /** Heard of since the last death. */
  get heard(): number {
    return this.#heard;
  }

  /** Counted by engines that have ended, and never heard of. */
  get lost(): number {
    return this.#lost;
  }

  /** The engine is dead and all that it said was heard; the rest went with it. */
  close(): void {
    this.#lost += Math.max(takeRendered(this.#stateFd) - this.#heard, 0);
    this.#heard = 0;
  }
}
