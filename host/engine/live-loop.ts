/**
 * When to drain. While events keep coming the rings are drained again after a millisecond, or after
 * up to three when they are few, since a look costs more than they do. When two drains in a row
 * found nothing, the engine asks the kernel for a wake-up, looks once more (an event may have come
 * between), and then nothing runs until the kernel says so.
 */
export interface Drainer {
  drain(eventsMax: number): number;
  /** Asks for a wake-up with the next record. */
  sleep(): void;
}

export interface LiveLoopOptions {
  readonly drainer: Drainer;
  /** Calls back once when a ring has a record. */
  readonly wait: (wake: () => void) => void;
  /** Runs after every drain that found events; the loop goes on when it has settled. */
  readonly afterBatch: () => Promise<void>;
  /** Called when the drainer throws; the loop has ended then. */
  readonly onFailure: (error: unknown) => void;
}

export const EVENTS_PER_DRAIN_MAX = 65_536;
/** After a drain of fewer events than this, the pause in ms. */
const PAUSES = [
  [128, 3],
  [512, 2],
  [Infinity, 1],
] as const;
/** Whoever is watched may go on while we stop. */
const LAST_ROUNDS_MAX = 64;
const EMPTY_DRAINS_BEFORE_SLEEP = 2;

export class LiveLoop {
  readonly #options: LiveLoopOptions;
  #stopping = false;
  #done: Promise<void> | undefined;
  #wake: (() => void) | undefined;

  constructor(options: LiveLoopOptions) {
    this.#options = options;
  }

  start(): void {
    this.#done ??= this.#run().catch(this.#options.onFailure);
  }

  /** Drains what is left and ends the loop. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#wake?.();
    await this.#done;
  }

  async #run(): Promise<void> {
    let empty = 0;
    let lastRounds = 0;
    for (;;) {
      const isLast = this.#stopping;
      const events = await this.#drain();
      empty = events === 0 ? empty + 1 : 0;
      // A short drain may have ended early, for an answer that the events behind it need.
      if (isLast && events < EVENTS_PER_DRAIN_MAX) lastRounds++;
      if (isLast && (events === 0 || lastRounds === LAST_ROUNDS_MAX)) return;
      if (events === EVENTS_PER_DRAIN_MAX || this.#stopping) continue;
      if (empty < EMPTY_DRAINS_BEFORE_SLEEP) await this.#pause(events);
      else {
        await this.#sleep();
        empty = 0;
      }
    }
  }

  async #drain(): Promise<number> {
    const events = this.#options.drainer.drain(EVENTS_PER_DRAIN_MAX);
    if (events > 0) await this.#options.afterBatch();
    return events;
  }

  async #sleep(): Promise<void> {
    this.#options.drainer.sleep();
    if ((await this.#drain()) > 0 || this.#stopping) return;
    await this.#until(this.#options.wait);
  }

  async #pause(drained: number): Promise<void> {
    const [, ms = 1] = PAUSES.find(([events]) => drained < events) ?? [];
    await this.#until((wake) => {
      setTimeout(wake, ms);
    });
  }

  async #until(arrange: (wake: () => void) => void): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      arrange(resolve);
    });
    this.#wake = undefined;
  }
}
