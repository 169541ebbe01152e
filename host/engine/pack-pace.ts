/**
 * Keeps one pack from taking the time of all. While events come faster than they are evaluated,
 * calls of packs are timed; a pack that takes too long an event is called for one event in so many,
 * until there is time again. What it misses is counted. A pack that runs alone is left alone: there
 * is nobody to protect from it.
 */
import { NO_PACK } from "./state-window.ts";

export interface PacedEngine {
  timePacks(on: boolean): void;
  /** `pack` sees one event in `stride`. */
  pacePack(pack: number, stride: number): void;
  /** Events that `pack` missed so far. */
  skippedOf(pack: number): number;
  /** The greatest share of a ring, 0 to 1, that is still to be drained. */
  readonly ringFill: number;
}

export interface Throttling {
  readonly pack: number;
  /** The pack sees one event in so many; 1: every event again. */
  readonly stride: number;
  /** ns that it takes for an event. */
  readonly cost: number;
  /** Events that it missed since the last report. */
  readonly skipped: number;
}

export const STRIDE_MAX = 4_096;
/** Packs of hundreds of rules take some 0.0005 ms an event. */
const SLOW_MS = 0.005;
/** Of a ring: above, packs are held back; below for RELAX_MS, they are let go step by step. */
const PRESSING_FILL = 0.1;
const RELAXED_FILL = 0.02;
const RELAX_MS = 2_000;
const REPORT_MS = 500;

/**
 * Calls are timed by the wall clock, so a pack that was kept from the CPU looks slow. Its longest
 * call of a drain therefore only counts when it is as slow in that many drains in a row.
 */
const DRAINS_IN_A_ROW = 8;
/** Drains in a row in which all other calls are slow. */
const SLOW_DRAINS = 4;

interface Paced {
  stride: number;
  cost: number;
  reported: number;
}

export class PackPace {
  readonly #engine: PacedEngine;
  readonly #packs: number;
  readonly #report: (throttling: Throttling) => void;
  readonly #now: () => number;
  readonly #paced = new Map<number, Paced>();
  readonly #times: Float64Array;
  /** Of each pack: its longest call since the last drain, and drains in a row that were slow. */
  readonly #longest: Float64Array;
  readonly #slowDrains: Uint32Array;
  #last = 0;
  #isTimed = false;
  #pressedAt = 0;
  #reportedAt = 0;

  constructor(
    engine: PacedEngine,
    packs: number,
    report: (throttling: Throttling) => void,
    now: () => number = () => performance.now(),
  ) {
    this.#engine = engine;
    this.#packs = packs;
    this.#report = report;
    this.#now = now;
    this.#times = new Float64Array(packs);
    this.#longest = new Float64Array(packs);
    this.#slowDrains = new Uint32Array(packs);
  }

  /** While calls are timed: `pack` has answered; NO_PACK: the first is about to be called. */
  onEvaluated(pack: number): void {
    const now = this.#now();
    if (pack !== NO_PACK && pack < this.#packs) {
      const took = now - this.#last;
      this.#times[pack] = (this.#times[pack] ?? 0) + took;
      if (took > (this.#longest[pack] ?? 0)) this.#longest[pack] = took;
    }
    this.#last = now;
  }

  /** Some events were drained, which took so long. */
  afterDrain(events: number, ms: number): void {
    if (this.#packs < 2 || events === 0) return;
    const fill = this.#engine.ringFill;
    if (fill >= PRESSING_FILL) this.#pressedAt = this.#now();
    if (this.#isTimed && fill >= PRESSING_FILL) this.#holdBack(events);
    else if (fill < RELAXED_FILL) this.#relax();
    this.#time(ms / events > SLOW_MS);
    this.turn();
  }

  /** Reports what packs missed. */
  turn(): void {
    if (this.#paced.size === 0 || this.#now() - this.#reportedAt < REPORT_MS) return;
    this.#reportAll();
  }

  #reportAll(): void {
    this.#reportedAt = this.#now();
    for (const [pack, paced] of this.#paced) {
      this.#tell(pack, paced);
      if (paced.stride === 1) this.#paced.delete(pack);
    }
  }

  /** Reports everything that was not reported yet. */
  flush(): void {
    this.#reportAll();
  }

  #time(on: boolean): void {
    this.#times.fill(0);
    this.#longest.fill(0);
    if (on === this.#isTimed) return;
    this.#isTimed = on;
    this.#engine.timePacks(on);
  }

  #holdBack(events: number): void {
    for (let pack = 0; pack < this.#packs; pack++) {
      const cost = (this.#times[pack] ?? 0) / events;
      if (!this.#isSlow(pack, cost, events)) continue;
      const known = this.#paced.get(pack);
      const before = known?.stride ?? 1;
      // What it costs now is what is left of it at the stride that it has.
      const stride = Math.min(STRIDE_MAX, Math.ceil((before * cost) / SLOW_MS) * 2);
      const paced = known ?? { stride, cost: 0, reported: this.#engine.skippedOf(pack) };
      paced.stride = stride;
      paced.cost = before * cost;
      this.#paced.set(pack, paced);
      this.#engine.pacePack(pack, stride);
      if (known !== undefined) continue;
      this.#tell(pack, paced);
      this.#reportedAt = this.#now();
    }
  }

  #isSlow(pack: number, cost: number, events: number): boolean {
    const inARow = cost < SLOW_MS ? 0 : (this.#slowDrains[pack] ?? 0) + 1;
    this.#slowDrains[pack] = inARow;
    const usual = cost - (this.#longest[pack] ?? 0) / events;
    return (inARow >= SLOW_DRAINS && usual >= SLOW_MS) || inARow >= DRAINS_IN_A_ROW;
  }

  #relax(): void {
    if (this.#paced.size === 0 || this.#now() - this.#pressedAt < RELAX_MS) return;
    this.#pressedAt = this.#now();
    for (const [pack, paced] of this.#paced) {
      paced.stride = Math.ceil(paced.stride / 4);
      this.#engine.pacePack(pack, paced.stride);
    }
  }

  #tell(pack: number, paced: Paced): void {
    const skipped = this.#engine.skippedOf(pack);
    const { stride, cost, reported } = paced;
    this.#report({ pack, stride, cost: Math.round(cost * 1e6), skipped: skipped - reported });
    paced.reported = skipped;
  }
}
