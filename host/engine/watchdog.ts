/**
 * Notices an engine that does not move. It looks at the pulse in the state window: an engine inside
 * a pack or inside an update whose heartbeat stands still for too long is stuck. One that waits for
 * events is in neither, so an idle engine is left alone.
 */
import type { Pulse } from "./state-window.ts";

export interface WatchdogOptions {
  /** Milliseconds without movement until the engine counts as stuck. */
  readonly timeoutMs: number;
  readonly read: () => Pulse;
  /** An order waits for its answer, so standing still counts even outside packs and updates. */
  readonly awaited: () => boolean;
  readonly onStuck: (pulse: Pulse) => void;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
}

const LOOKS_PER_TIMEOUT = 4;

export class Watchdog {
  readonly #options: WatchdogOptions;
  #timer: NodeJS.Timeout | undefined;
  #lastBeat = -1n;
  #movedAt = 0;

  constructor(options: WatchdogOptions) {
    this.#options = options;
  }

  start(): void {
    this.stop();
    this.#movedAt = this.#options.now();
    const every = Math.max(1, Math.floor(this.#options.timeoutMs / LOOKS_PER_TIMEOUT));
    this.#timer = setInterval(() => {
      this.look();
    }, every);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** One look at the pulse; the timer calls it. */
  look(): void {
    const pulse = this.#options.read();
    const now = this.#options.now();
    const busy = pulse.pack !== undefined || pulse.changing !== 0 || this.#options.awaited();
    if (pulse.heartbeat !== this.#lastBeat || !busy) {
      this.#lastBeat = pulse.heartbeat;
      this.#movedAt = now;
      return;
    }
    if (now - this.#movedAt < this.#options.timeoutMs) return;
    this.stop();
    this.#options.onStuck(pulse);
  }
}
