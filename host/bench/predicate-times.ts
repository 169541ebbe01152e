/**
 * What each predicate of an instrumented pack costs: it is computed N more times each time it is
 * computed, and the difference to once is divided by N. N is chosen so that the difference stands
 * out of the noise. Its data is in the CPU's caches then, so one that reads cold memory costs more
 * than this.
 */
import type { BenchSession } from "./bench-session.ts";
import type { InstrumentedPack, SlotCounts } from "./instrumented-pack.ts";
import { type Figure, figure } from "./statistics.ts";
import { sample } from "./throughput.ts";

export const SAMPLE_NS = 15_000_000;
/** Predicates that are measured between two looks at their base. */
const BLOCK = 4;
/** A predicate is computed again until there are about so many computations more per event. */
const REPEATED_PER_EVENT = 4;
const REPEATED_MAX = 1_000;

/** What one repetition of the workload asks. */
export function countOnce(session: BenchSession, pack: InstrumentedPack): readonly SlotCounts[] {
  pack.clear();
  session.repeat();
  return pack.counts();
}

export class PredicateTimes {
  readonly #session: BenchSession;
  readonly #pack: InstrumentedPack;
  readonly #counts: readonly SlotCounts[];
  /** ns per computation, by slot. */
  readonly #samples = new Map<number, number[]>();

  /** `counts`: of one repetition. */
  constructor(session: BenchSession, pack: InstrumentedPack, counts: readonly SlotCounts[]) {
    this.#session = session;
    this.#pack = pack;
    this.#counts = counts;
  }

  /** One round: every predicate that the workload asks. */
  measure(): void {
    let base = Number.NaN;
    const asked = this.#pack.slots.flatMap(({ kind }, slot) =>
      kind === "predicate" && this.#asked(slot) > 0 ? [slot] : [],
    );
    asked.forEach((slot, i) => {
      if (i % BLOCK === 0) base = sample(this.#session, SAMPLE_NS);
      const again = Math.min(REPEATED_MAX, Math.ceil(REPEATED_PER_EVENT / this.#asked(slot)));
      this.#pack.control(slot, again);
      const more = sample(this.#session, SAMPLE_NS) - base;
      this.#pack.control(slot, 0);
      const samples = this.#samples.get(slot) ?? [];
      this.#samples.set(slot, samples);
      samples.push(more / again / this.#asked(slot));
    });
  }

  /** Null when it was never computed. */
  of(slot: number): Figure | null {
    const samples = this.#samples.get(slot);
    return samples === undefined ? null : figure(samples);
  }

  /** Per event. */
  #asked(slot: number): number {
    return (this.#counts[slot]?.asked ?? 0) / this.#session.events;
  }
}
