/**
 * What each rule and each predicate costs on a workload, in an instrumented build of the pack
 * (host/schema/instruments.ts).
 *
 * A predicate's cost is measured (predicate-times.ts). A rule's cost is counted: what its
 * predicates cost each, times how often they are computed more with the rule than without it.
 * *Alone* is against no rules at all, *saves* against all the other rules; what rules share is in
 * the first figure of each of them and in the second of none. Calls and looks into caches are not
 * in it; `accounted` says what share of the whole that leaves out.
 */
import type { RuleManifest } from "../schema/manifest.ts";
import type { BenchSession } from "./bench-session.ts";
import type { InstrumentedPack, SlotCounts } from "./instrumented-pack.ts";
import { countOnce, PredicateTimes, SAMPLE_NS } from "./predicate-times.ts";
import { difference, type Figure } from "./statistics.ts";
import { sample, warmUp } from "./throughput.ts";

export interface RuleCost {
  readonly rule: string;
  /** Evaluations per event of the workload. */
  readonly asked: number;
  /** Matches per evaluation; null when it was never evaluated. */
  readonly selectivity: number | null;
  readonly alone: Counted;
  readonly saves: Counted;
}

/** ns per event of the workload, and how far the measured costs in it spread. */
export interface Counted {
  readonly ns: number;
  readonly spread: number;
}

export interface PredicateCost {
  readonly predicate: string;
  readonly lifetime: string;
  /** Computations per event of the workload; answers from a cache are none. */
  readonly asked: number;
  /** True answers per computation; null when it was never computed. */
  readonly selectivity: number | null;
  /** ns per computation; null when it was never computed. */
  readonly each: Figure | null;
  /** ns per event of the workload. */
  readonly perEvent: number;
}

/** Remembered conditions of one lifetime. */
export interface CacheUse {
  readonly lifetime: string;
  readonly conditions: number;
  /** Questions per event of the workload. */
  readonly asked: number;
  /** Share of them that a cache answered; null without questions. */
  readonly hits: number | null;
}

export interface RuleCosts {
  readonly rules: readonly RuleCost[];
  readonly predicates: readonly PredicateCost[];
  readonly caches: readonly CacheUse[];
  /** All predicates together, ns per event; the rest of what rules cost is calls and caches. */
  readonly accounted: number;
  /** What counting itself costs, ns per event: it is in no other figure. */
  readonly overhead: Figure;
}

export interface RuleCostOptions {
  /** With the instrumented pack as pack 0, matches not rendered. */
  readonly session: BenchSession;
  readonly pack: InstrumentedPack;
  /** With the production build of the same pack. */
  readonly production: BenchSession;
  readonly rules: readonly RuleManifest[];
  readonly rounds: number;
}

export function measureRuleCosts(options: RuleCostOptions): RuleCosts {
  const { session, pack, production, rules, rounds } = options;
  warmUp(session);
  warmUp(production);
  const lab = new Lab(session, pack);
  const samples = { production: [] as number[], instrumented: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    samples.production.push(sample(production, SAMPLE_NS));
    samples.instrumented.push(sample(session, SAMPLE_NS));
    lab.times.measure();
  }
  const predicates = lab.predicates();
  return {
    rules: lab.rules(rules),
    predicates,
    caches: cacheUse(pack, lab.counts, session.events),
    accounted: predicates.reduce((sum, { perEvent }) => sum + perEvent, 0),
    overhead: difference(samples.instrumented, samples.production),
  };
}

class Lab {
  readonly #session: BenchSession;
  readonly #pack: InstrumentedPack;
  /** Of one repetition with all rules. */
  readonly counts: readonly SlotCounts[];
  readonly #rules: readonly number[];
  readonly #predicates: readonly number[];
  readonly times: PredicateTimes;

  constructor(session: BenchSession, pack: InstrumentedPack) {
    this.#session = session;
    this.#pack = pack;
    this.counts = countOnce(this.#session, this.#pack);
    this.times = new PredicateTimes(session, pack, this.counts);
    this.#rules = this.#slotsOf("rule");
    this.#predicates = this.#slotsOf("predicate");
  }

  predicates(): readonly PredicateCost[] {
    return this.#pack.slots.flatMap((described, slot) => {
      if (described.kind !== "predicate") return [];
      const { text: predicate, lifetime } = described;
      const each = this.times.of(slot);
      const rates = this.#rates(slot);
      return [{ predicate, lifetime, ...rates, each, perEvent: (each?.median ?? 0) * rates.asked }];
    });
  }

  rules(manifests: readonly RuleManifest[]): readonly RuleCost[] {
    const slotOf = new Map(
      this.#pack.slots.flatMap((slot, i) => (slot.kind === "rule" ? [[slot.rule, i]] : [])),
    );
    return manifests.map(({ name }, rule) => {
      const slot = slotOf.get(rule);
      if (slot === undefined || this.#asked(slot) === 0) return { ...NEVER, rule: name };
      return {
        rule: name,
        ...this.#rates(slot),
        alone: this.#cost(this.#countOnly(slot)),
        saves: this.#cost(moreThan(this.counts, this.#countWithout(slot))),
      };
    });
  }

  #cost(computations: readonly number[]): Counted {
    let ns = 0;
    let variance = 0;
    for (const slot of this.#predicates) {
      const each = this.times.of(slot);
      const perEvent = (computations[slot] ?? 0) / this.#session.events;
      ns += (each?.median ?? 0) * perEvent;
      variance += ((each?.spread ?? 0) * perEvent) ** 2;
    }
    return { ns, spread: Math.sqrt(variance) };
  }

  #countOnly(slot: number): readonly number[] {
    this.#switchOff(this.#rules.filter((other) => other !== slot));
    const counts = countOnce(this.#session, this.#pack);
    this.#switchOff([]);
    return counts.map(({ asked }) => asked);
  }

  #countWithout(slot: number): readonly SlotCounts[] {
    this.#switchOff([slot]);
    const counts = countOnce(this.#session, this.#pack);
    this.#switchOff([]);
    return counts;
  }

  #switchOff(slots: readonly number[]): void {
    for (const slot of this.#rules) this.#pack.control(slot, slots.includes(slot) ? 1 : 0);
  }

  #rates(slot: number): { readonly asked: number; readonly selectivity: number | null } {
    const counts = this.counts[slot];
    if (counts === undefined || counts.asked === 0) return { asked: 0, selectivity: null };
    return { asked: this.#asked(slot), selectivity: counts.true / counts.asked };
  }

  /** Per event. */
  #asked(slot: number): number {
    return (this.counts[slot]?.asked ?? 0) / this.#session.events;
  }

  #slotsOf(kind: "rule" | "predicate"): readonly number[] {
    return this.#pack.slots.flatMap((slot, i) => (slot.kind === kind ? [i] : []));
  }
}

const NOTHING: Counted = { ns: 0, spread: 0 };
const NEVER = { asked: 0, selectivity: null, alone: NOTHING, saves: NOTHING };

function moreThan(all: readonly SlotCounts[], less: readonly SlotCounts[]): readonly number[] {
  return all.map(({ asked }, slot) => asked - (less[slot]?.asked ?? 0));
}

function cacheUse(
  pack: InstrumentedPack,
  counts: readonly SlotCounts[],
  events: number,
): readonly CacheUse[] {
  const byLifetime = new Map<string, { conditions: number; asked: number; hits: number }>();
  pack.slots.forEach((slot, i) => {
    if (slot.kind !== "memory") return;
    const sum = byLifetime.get(slot.lifetime) ?? { conditions: 0, asked: 0, hits: 0 };
    sum.conditions += 1;
    sum.asked += counts[i]?.asked ?? 0;
    sum.hits += counts[i]?.remembered ?? 0;
    byLifetime.set(slot.lifetime, sum);
  });
  return [...byLifetime].map(([lifetime, { conditions, asked, hits }]) => ({
    lifetime,
    conditions,
    asked: asked / events,
    hits: asked === 0 ? null : hits / asked,
  }));
}
