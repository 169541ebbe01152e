/** What a suite says about one case, and what a run adds up to. */
export type SuiteName = "loader" | "config" | "conditions" | "fields" | "filters" | "alerts";

export interface Outcome {
  /** The case, as a path: `attacks/stable.first.jsonl`. */
  readonly id: string;
  /** Most cases count once; a field of a recording counts once per event. */
  readonly total: number;
  readonly passed: number;
  /** Readable, few; empty exactly when everything passed. */
  readonly differences: readonly string[];
}

export interface SuiteOptions {
  /** Laid out as the README of the conformance data says. */
  readonly folder: string;
  /** Where compiled packs are kept between runs. */
  readonly cache: string;
  /** Only cases whose id contains it. */
  readonly only: string;
}

export interface Suite {
  readonly name: SuiteName;
  /** Throws when the data cannot be read. */
  run(options: SuiteOptions): AsyncIterable<Outcome> | Iterable<Outcome>;
}

/** A case that counts once. */
export function outcomeOf(id: string, differences: readonly string[]): Outcome {
  return { id, total: 1, passed: differences.length === 0 ? 1 : 0, differences };
}
