/**
 * Notices an engine that does not get ready. Time in which it was kept from running does not count
 * against the pack that it was loading: it gets more, within a bound.
 */
export interface LoadingGuardOptions {
  readonly timeoutMs: number;
  /** CPU time of the engine so far, ms. */
  readonly cpuMs: () => number;
  /** It would run if it were let. */
  readonly isRunnable: () => boolean;
  /** `ran`: it used the CPU for at least half of one timeout. */
  readonly onLate: (ran: boolean) => void;
}

const STARVED_ROUNDS_MAX = 10;

export class LoadingGuard {
  readonly #options: LoadingGuardOptions;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: LoadingGuardOptions) {
    this.#options = options;
  }

  start(): void {
    this.stop();
    this.#arm(STARVED_ROUNDS_MAX);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #arm(rounds: number): void {
    const { timeoutMs, cpuMs, isRunnable, onLate } = this.#options;
    this.#timer = setTimeout(() => {
      const ran = cpuMs() >= timeoutMs / 2;
      if (!ran && rounds > 1 && isRunnable()) this.#arm(rounds - 1);
      else onLate(ran);
    }, timeoutMs);
  }
}
