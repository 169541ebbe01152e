/**
 * Matches on their way to the agent. A match is sent at once, so that it is not lost with a process
 * that is stopped a moment later; only a flood is gathered into batches. What the agent has not
 * taken yet is bounded; a match beyond the bound is dropped (the agent counts what it misses).
 */
import { MATCHES_PER_REPORT_MAX, type Report } from "./protocol.ts";
import type { Match } from "./session.ts";

/** Matches that are gathered or on their way. */
export const MATCHES_PENDING_MAX = 65_536;
/** With more than so many on their way, gathering begins. */
const AT_ONCE_MAX = 256;

export class MatchQueue {
  readonly #send: (report: Report, sent: () => void) => void;
  #batch: Match[] = [];
  #onTheirWay = 0;

  constructor(send: (report: Report, sent: () => void) => void) {
    this.#send = send;
  }

  add(match: Match): void {
    if (this.#onTheirWay + this.#batch.length >= MATCHES_PENDING_MAX) return;
    this.#batch.push(match);
    const full = this.#batch.length >= MATCHES_PER_REPORT_MAX;
    if (full || this.#onTheirWay < AT_ONCE_MAX) this.flush();
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
