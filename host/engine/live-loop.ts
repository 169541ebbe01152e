/**
 * When to drain. Events are drained in slices that a clock is looked at between; after some
 * milliseconds the loop gives the process a turn, so that what was found leaves it however fast
 * events come. While events keep coming the rings are drained again after a millisecond, or after
 * up to three when they are few, since a look costs more than they do. When two drains in a row
 * found nothing, the engine asks the kernel for a wake-up, looks once more (an event may have come
 * between), and then nothing runs until the kernel says so.
 */
import { setImmediate as turn } from "node:timers/promises";

export interface Drainer {
  drain(eventsMax: number): number;
  /** Asks for a wake-up with the next record. */
  sleep(): void;
}

export interface LiveLoopOptions {
  readonly drainer: Drainer;
  /** Calls back once when a ring has a record. */
  readonly wait: (wake: () => void) => void;
  /** A slice of events was drained, which took so many ms. */
  readonly afterSlice?: (events: number, ms: number) => void;
  /** Runs after every drain that found events; the loop goes on when it has settled. */
  readonly afterBatch: () => Promise<void>;
  /** Called when the drainer throws; the loop has ended then. */
  readonly onFailure: (error: unknown) => void;
}

/** A drain ends with the first slice that takes it beyond this, ms. */
export const TURN_MS = 5;
/** Events of a slice: as many as take a fraction of a turn. */
export const SLICE_EVENTS = { first: 1_024, least: 32, most: 8_192 } as const;
const SLICE_MS = { short: 0.5, long: 2 } as const;
/** After a drain of fewer events than this, the pause in ms. */
const PAUSES = [
  [128, 3],
  [512, 2],
  [Infinity, 1],
] as const;
/** Whoever is watched may go on while we stop. */
const LAST_ROUNDS_MAX = 64;
const EMPTY_DRAINS_BEFORE_SLEEP = 2;

interface Drained {
  readonly events: number;
  readonly isFull: boolean;
}

export class LiveLoop {
  readonly #options: LiveLoopOptions;
  #stopping = false;
  #slice: number = SLICE_EVENTS.first;
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
      const { events, isFull } = await this.#drain();
      empty = events === 0 ? empty + 1 : 0;
      // A short drain may have ended early, for an answer that the events behind it need.
      if (isLast && !isFull) lastRounds++;
      if (isLast && (events === 0 || lastRounds === LAST_ROUNDS_MAX)) return;
      if (isFull) await turn();
      if (isFull || this.#stopping) continue;
      if (empty < EMPTY_DRAINS_BEFORE_SLEEP) await this.#pause(events);
      else {
        await this.#sleep();
        empty = 0;
      }
    }
  }

  /** `isFull`: there is more, as far as we know. */
  async #drain(): Promise<Drained> {
    const drained = this.#drainSlices();
    if (drained.events > 0) await this.#options.afterBatch();
    return drained;
  }

  #drainSlices(): Drained {
    const { drainer, afterSlice } = this.#options;
    const begun = performance.now();
    let events = 0;
    for (let at = begun; at - begun < TURN_MS; ) {
      const wanted = this.#slice;
      const taken = drainer.drain(wanted);
      events += taken;
      const ms = performance.now() - at;
      at += ms;
      if (taken > 0) afterSlice?.(taken, ms);
      if (taken < wanted) return { events, isFull: false };
      this.#adapt(ms);
    }
    return { events, isFull: true };
  }

  #adapt(ms: number): void {
    if (ms > SLICE_MS.long) this.#slice = Math.max(this.#slice / 2, SLICE_EVENTS.least);
    if (ms < SLICE_MS.short) this.#slice = Math.min(this.#slice * 2, SLICE_EVENTS.most);
  }

  async #sleep(): Promise<void> {
    this.#options.drainer.sleep();
    if ((await this.#drain()).events > 0 || this.#stopping) return;
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
