/**
 * Matches of a replay on their way to the agent, in the order of events. A match is sent at once,
 * so that it is not lost with a process that is stopped a moment later; only a flood is gathered
 * into batches. None is dropped: when too many are on their way the replay pauses until the agent
 * has taken them.
 */
import { MATCHES_PER_REPORT_MAX, type Report } from "./protocol.ts";
import type { Match } from "./session.ts";

/** Matches that are gathered or on their way, and their characters. */
const PENDING_MAX = 16_384;
const PENDING_CHARS_MAX = 1 << 24;
/** With more than so many on their way, gathering begins. */
const AT_ONCE_MAX = 256;

export class MatchQueue {
  readonly #send: (report: Report, sent: () => void) => void;
  #batch: Match[] = [];
  #batchChars = 0;
  #pending = 0;
  #pendingChars = 0;
  #waiting: (() => void) | undefined;

  constructor(send: (report: Report, sent: () => void) => void) {
    this.#send = send;
  }

  /** No more should be added before `settled`. */
  get isFull(): boolean {
    return this.#pending >= PENDING_MAX || this.#pendingChars >= PENDING_CHARS_MAX;
  }

  add(match: Match, chars: number): void {
    const onTheirWay = this.#pending - this.#batch.length;
    this.#batch.push(match);
    this.#batchChars += chars;
    this.#pending += 1;
    this.#pendingChars += chars;
    const isLarge =
      this.#batch.length >= MATCHES_PER_REPORT_MAX || this.#batchChars >= PENDING_CHARS_MAX / 16;
    if (isLarge || onTheirWay < AT_ONCE_MAX) this.flush();
  }

  /** Sends what has been gathered. */
  flush(): void {
    const [matches, chars] = [this.#batch, this.#batchChars];
    if (matches.length === 0) return;
    this.#batch = [];
    this.#batchChars = 0;
    this.#send({ kind: "matches", matches }, () => {
      this.#pending -= matches.length;
      this.#pendingChars -= chars;
      this.#waiting?.();
    });
  }

  /** Resolves when there is room again. */
  async settled(): Promise<void> {
    this.flush();
    while (this.isFull) {
      await new Promise<void>((resolve) => {
        this.#waiting = resolve;
      });
    }
    this.#waiting = undefined;
  }
}
