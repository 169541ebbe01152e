/**
 * Notices an engine that does not move. It looks at the pulse in the state window: an engine whose
 * heartbeat stands still while it is inside a pack or an update, or while events wait for it, is
 * stuck after a while. One that has nothing to do is left alone.
 */
import type { Pulse } from "./state-window.ts";

export interface WatchdogOptions {
  /** Milliseconds without movement until the engine counts as stuck. */
  readonly timeoutMs: number;
  readonly read: () => Pulse;
  /** An order waits for its answer, so standing still counts even outside packs and updates. */
  readonly awaited: () => boolean;
  /** Events that were offered so far: more than at the last movement means that some wait. */
  readonly offered: () => number;
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
  #offeredAtMove = 0;

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
    const offered = this.#options.offered();
    const inside = pulse.pack !== undefined || pulse.changing !== 0;
    const busy = inside || this.#options.awaited() || offered > this.#offeredAtMove;
    if (pulse.heartbeat !== this.#lastBeat || !busy) {
      this.#lastBeat = pulse.heartbeat;
      this.#offeredAtMove = offered;
      this.#movedAt = now;
      return;
    }
    if (now - this.#movedAt < this.#options.timeoutMs) return;
    this.stop();
    this.#options.onStuck(pulse);
  }
}
