/** Adds up the outcomes of one suite. */
import { deliberate } from "./differences.ts";
import type { Outcome, SuiteName } from "./outcome.ts";

export interface Failure {
  readonly id: string;
  readonly differences: readonly string[];
}

export interface SuiteReport {
  readonly suite: SuiteName;
  readonly total: number;
  readonly passed: number;
  /** Differ on purpose. */
  readonly deliberate: number;
  readonly failed: number;
  /** Passed among those that do not differ on purpose. */
  readonly percent: number;
  readonly milliseconds: number;
  readonly failures: readonly Failure[];
  readonly deliberateCases: readonly { readonly id: string; readonly reason: string }[];
}

export class Tally {
  readonly #suite: SuiteName;
  readonly #start = performance.now();
  readonly #failures: Failure[] = [];
  readonly #deliberate: { id: string; reason: string }[] = [];
  #total = 0;
  #passed = 0;
  #onPurpose = 0;

  constructor(suite: SuiteName) {
    this.#suite = suite;
  }

  add(outcome: Outcome): void {
    const { id, total, passed, differences } = outcome;
    this.#total += total;
    this.#passed += passed;
    if (passed === total) return;
    const reason = deliberate(this.#suite, id);
    if (reason === undefined) {
      this.#failures.push({ id, differences });
      return;
    }
    this.#onPurpose += total - passed;
    this.#deliberate.push({ id, reason });
  }

  report(): SuiteReport {
    const counted = this.#total - this.#onPurpose;
    return {
      suite: this.#suite,
      total: this.#total,
      passed: this.#passed,
      deliberate: this.#onPurpose,
      failed: counted - this.#passed,
      percent: counted === 0 ? 0 : (100 * this.#passed) / counted,
      milliseconds: Math.round(performance.now() - this.#start),
      failures: this.#failures,
      deliberateCases: this.#deliberate,
    };
  }
}
