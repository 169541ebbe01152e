/**
 * Matches on their way to the agent. What the agent has not taken yet is bounded; beyond the bound
 * a match is dropped and counted.
 */
import { MATCHES_PER_REPORT_MAX, type Report } from "./protocol.ts";
import type { Match } from "./session.ts";

/** Matches that are batched or on their way. */
export const MATCHES_PENDING_MAX = 65_536;

export class MatchQueue {
  readonly #send: (report: Report, sent: () => void) => void;
  #batch: Match[] = [];
  #onTheirWay = 0;
  #dropped = 0;

  constructor(send: (report: Report, sent: () => void) => void) {
    this.#send = send;
  }

  get dropped(): number {
    return this.#dropped;
  }

  add(match: Match): void {
    if (this.#onTheirWay + this.#batch.length >= MATCHES_PENDING_MAX) {
      this.#dropped += 1;
      return;
    }
    this.#batch.push(match);
    if (this.#batch.length >= MATCHES_PER_REPORT_MAX) this.flush();
  }

  /** Sends what has been gathered. */
  flush(): void {
    const matches = this.#batch;
    if (matches.length === 0) return;
    this.#batch = [];
    this.#onTheirWay += matches.length;
    this.#send({ kind: "matches", matches }, () => {
      this.#onTheirWay -= matches.length;
    });
  }
}
