/**
 * Deaths of engine processes for which no pack is to blame: how many make a successor pointless. A
 * fault that every start meets ends it soon; one that comes back after each few events does too, or
 * restarts would hide it.
 */
const IN_A_ROW_MAX = 5;
const PER_MINUTE_MAX = 20;
const MINUTE_MS = 60_000;

export class Deaths {
  #inARow = 0;
  #times: number[] = [];

  /** An engine got somewhere, or a pack was to blame. */
  forget(): void {
    this.#inARow = 0;
  }

  /** `now`: monotonic, ms. */
  count(now: number): void {
    this.#inARow += 1;
    this.#times = [...this.#times.filter((time) => now - time < MINUTE_MS), now];
  }

  get areTooMany(): boolean {
    return this.#inARow >= IN_A_ROW_MAX || this.#times.length >= PER_MINUTE_MAX;
  }

  /** When attempts end: `after 5 failures in a row`, or `at once` for another reason. */
  get text(): string {
    if (!this.areTooMany && this.#inARow === 0) return "at once";
    if (this.#inARow >= IN_A_ROW_MAX || this.#times.length < PER_MINUTE_MAX) {
      return `after ${String(this.#inARow)} failures in a row`;
    }
    return `after ${String(this.#times.length)} failures within a minute`;
  }
}
