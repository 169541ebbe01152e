/** What a benchmark found: figures with names that stay, of one machine and one set of rules. */
import { describeMachine, type Machine } from "../../host/bench/machine.ts";
import { type Figure, figure } from "../../host/bench/statistics.ts";

export interface Measured {
  readonly name: string;
  readonly unit: string;
  /** Which change is for the better. */
  readonly better: "less" | "more";
  readonly figure: Figure;
}

export interface Section {
  readonly title: string;
  /** Only figures of the same setting are compared: the rules, or a recording and rules. */
  readonly setting: string;
  readonly date: string;
  readonly machine: Machine;
  readonly figures: readonly Measured[];
}

export function section(title: string, setting: string, figures: readonly Measured[]): Section {
  return { title, setting, date: new Date().toISOString(), machine: describeMachine(), figures };
}

/** A figure of which less is better. */
export function cost(name: string, unit: string, samples: readonly number[]): Measured {
  return { name, unit, better: "less", figure: figure(samples) };
}

/** A figure of which more is better. */
export function yieldOf(name: string, unit: string, samples: readonly number[]): Measured {
  return { name, unit, better: "more", figure: figure(samples) };
}
