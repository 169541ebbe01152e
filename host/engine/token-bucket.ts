/** How often something may happen: `burst` times at once, `perSecond` in the long run. */
export interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

export class TokenBucket {
  readonly #rate: Rate;
  #tokens: number;
  #filledAt: number;

  /** `now` here and below: monotonic, ms. */
  constructor(rate: Rate, now: number) {
    this.#rate = rate;
    this.#tokens = rate.burst;
    this.#filledAt = now;
  }

  /** Whether `count` can be taken now. */
  has(count: number, now: number): boolean {
    const passed = Math.max(now - this.#filledAt, 0);
    this.#filledAt = now;
    this.#tokens = Math.min(
      this.#rate.burst,
      this.#tokens + (passed * this.#rate.perSecond) / 1_000,
    );
    return this.#tokens >= count;
  }

  /** Takes `count`, also what is not there: later ones wait for it. */
  take(count: number): void {
    this.#tokens -= count;
  }
}
