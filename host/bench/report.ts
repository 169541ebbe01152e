/** What a measurement says: the JSON of `lanner bench`, and the source of its text and plots. */
import type { Latency } from "./latency.ts";
import type { Machine } from "./machine.ts";
import type { Rate } from "./rate.ts";
import type { RuleCosts } from "./rule-costs.ts";
import type { Scale } from "./scale.ts";
import type { Split } from "./split.ts";
import type { Figure } from "./statistics.ts";

export interface RuleSetReport {
  readonly name: string;
  readonly rules: number;
  readonly eventsPerSecond: Rate;
  readonly nsPerEvent: Split;
}

export interface BenchReport {
  readonly date: string;
  readonly machine: Machine;
  readonly capture: {
    readonly file: string;
    readonly events: number;
    /** Events that did not fit into memory and were left out. */
    readonly left: number;
  };
  readonly state: { readonly eventsPerSecond: Rate; readonly nsPerEvent: Figure };
  readonly sets: readonly RuleSetReport[];
  readonly costs?: RuleCosts;
  readonly latency: readonly Latency[];
  readonly scale?: Scale;
}
