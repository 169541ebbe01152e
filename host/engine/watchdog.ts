/**
 * Notices an engine that does not move. It looks at the pulse in the state window: an engine whose
 * heartbeat stands still while it is inside a pack or an update, or while events wait for it, is
 * stuck after a while. One that has nothing to do is left alone. Looks are counted, not time: while
 * the agent itself was stopped, the engine may not have run either.
 */
import type { Pulse } from "./state-window.ts";

export interface WatchdogOptions {
  /** Milliseconds without movement until the engine counts as stuck. */
  readonly timeoutMs: number;
  readonly read: () => Pulse;
  /** An order waits for its answer, so standing still counts even outside packs and updates. */
  readonly awaited: () => boolean;
  /** The engine waits for an answer itself; time does not count then. */
  readonly owed: () => boolean;
  /** Events that were offered so far: more than at the last movement means that some wait. */
  readonly offered: () => number;
  /** CPU time of the engine so far, ms. */
  readonly cpuMs: () => number;
  /** The engine would run if it were let: others have the CPU. */
  readonly isRunnable: () => boolean;
  /** `ran`: it used at least half of the time that it stood still. */
  readonly onStuck: (pulse: Pulse, ran: boolean) => void;
}

const LOOKS_PER_TIMEOUT = 4;
/** An engine that waits for a CPU gets so many timeouts before it counts as stuck all the same. */
const STARVED_TIMEOUTS_MAX = 10;

export class Watchdog {
  readonly #options: WatchdogOptions;
  #timer: NodeJS.Timeout | undefined;
  #lastBeat = -1n;
  #stillLooks = 0;
  #cpuAtStill = 0;
  #offeredAtMove = 0;

  constructor(options: WatchdogOptions) {
    this.#options = options;
  }

  start(): void {
    this.stop();
    this.#stillLooks = 0;
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
    const offered = this.#options.offered();
    const inside = pulse.pack !== undefined || pulse.changing !== 0;
    const busy = inside || this.#options.awaited() || offered > this.#offeredAtMove;
    if (pulse.heartbeat !== this.#lastBeat || !busy) {
      this.#lastBeat = pulse.heartbeat;
      this.#offeredAtMove = offered;
      this.#stillLooks = 0;
      return;
    }
    if (this.#options.owed()) return;
    this.#stillLooks += 1;
    if (this.#stillLooks === 1) this.#cpuAtStill = this.#options.cpuMs();
    if (this.#stillLooks < LOOKS_PER_TIMEOUT) return;
    const still = this.#options.timeoutMs * (1 - 1 / LOOKS_PER_TIMEOUT);
    const ran = this.#options.cpuMs() - this.#cpuAtStill >= still / 2;
    const isPatient = this.#stillLooks < LOOKS_PER_TIMEOUT * STARVED_TIMEOUTS_MAX;
    if (!ran && isPatient && this.#options.isRunnable()) return;
    this.stop();
    this.#options.onStuck(pulse, ran);
  }
}
