/**
 * Notices an engine that was told to stop and does not. How long the rest takes depends on how much
 * lies in the rings and how many alerts it raises, so only standing still counts against it.
 */
export interface StopGuardOptions {
  /** Anything that changes while the engine gets on, or while it waits for the agent. */
  readonly progress: () => string;
  /** It stood still for `STILL_MS_MAX`. */
  readonly onStill: () => void;
}

export const STILL_MS_MAX = 3_000;

export class StopGuard {
  readonly #options: StopGuardOptions;

  constructor(options: StopGuardOptions) {
    this.#options = options;
  }

  /** Watches until `ended` settles. */
  async during(ended: Promise<void>): Promise<void> {
    let last = this.#options.progress();
    const timer = setInterval(() => {
      const now = this.#options.progress();
      if (now === last) this.#options.onStill();
      last = now;
    }, STILL_MS_MAX);
    try {
      await ended;
    } finally {
      clearInterval(timer);
    }
  }
}
