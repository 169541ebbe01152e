/**
 * A profile (host/compile/5-plan/profile.ts) from a pack that surveys a workload: shares of events
 * from one repetition, costs of predicates from several.
 */
import type { Counts, Profile } from "../compile/5-plan/profile.ts";
import type { BenchSession } from "./bench-session.ts";
import type { InstrumentedPack } from "./instrumented-pack.ts";
import { countOnce, PredicateTimes } from "./predicate-times.ts";
import type { Figure } from "./statistics.ts";
import { warmUp } from "./throughput.ts";

export interface SurveyOptions {
  /** With the surveying pack as pack 0. */
  readonly session: BenchSession;
  readonly pack: InstrumentedPack;
  readonly rounds: number;
  /** What the workload is, in words. */
  readonly source: string;
}

/** A computation takes some time, whatever the noise says. */
const NS_MIN = 0.5;
const NODE = "node ";

export function survey({ session, pack, rounds, source }: SurveyOptions): Profile {
  warmUp(session);
  // Twice, since state of the first repetition is new to every row.
  countOnce(session, pack);
  const counts = countOnce(session, pack);
  const times = new PredicateTimes(session, pack, counts);
  for (let round = 0; round < rounds; round++) times.measure();
  const found = new Found();
  pack.slots.forEach((slot, i) => {
    const { asked = 0, true: holds = 0 } = counts[i] ?? {};
    if (slot.kind === "event") found.count("events", slot.event, asked);
    if (slot.kind === "row") found.count(slot.lifetime, slot.event, holds);
    if (slot.kind === "node") found.count(NODE + slot.key, slot.event, holds);
    if (slot.kind === "predicate" && slot.key !== undefined) found.time(slot.key, times.of(i));
  });
  return found.profile(source);
}

/** Event types of one name, and predicates of one text, add up. */
class Found {
  readonly #counts = new Map<string, Map<string, number>>();
  readonly #ns = new Map<string, number>();

  count(what: string, event: string, count: number): void {
    const counts = this.#counts.get(what) ?? new Map<string, number>();
    this.#counts.set(what, counts);
    counts.set(event, (counts.get(event) ?? 0) + count);
  }

  time(key: string, each: Figure | null): void {
    if (each !== null) this.#ns.set(key, Math.max(NS_MIN, Math.round(each.median * 10) / 10));
  }

  /** Of event types that were seen. */
  profile(source: string): Profile {
    const events = this.#counts.get("events") ?? new Map<string, number>();
    const of = (what: string): Counts =>
      new Map([...(this.#counts.get(what) ?? [])].filter(([type]) => events.get(type) !== 0));
    const nodes = [...this.#counts.keys()].flatMap((what) => {
      const key = what.startsWith(NODE) ? what.slice(NODE.length) : null;
      if (key === null) return [];
      const figures = { ns: this.#ns.get(key) ?? null, true: of(what) };
      return figures.true.size === 0 ? [] : [[key, figures] as const];
    });
    const [process, lineage, descriptor] = [of("process"), of("lineage"), of("descriptor")];
    return {
      source,
      events: of("events"),
      kept: { process, lineage, descriptor },
      nodes: new Map(nodes),
    };
  }
}
