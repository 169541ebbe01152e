/**
 * Lines on their way to standard output while events go on, whether or not somebody reads them.
 * What the reader has not taken is bounded; rules take turns, and what finds no room is dropped and
 * counted.
 */
import { FairQueue } from "../engine/fair-queue.ts";
import type { TextSink } from "./io.ts";

/** Characters in the stream's own queue, from which on lines wait here. */
const STREAM_CHARS_MAX = 1 << 18;
/** Lines that wait, of one rule and of all, and their characters. */
const LANE_MAX = 2_000;
const WAITING_MAX = 20_000;
const WAITING_CHARS_MAX = 1 << 24;

export class AlertSink {
  readonly #out: TextSink;
  readonly #waiting = new FairQueue<string>();
  #chars = 0;
  #dropped = 0;

  constructor(out: TextSink) {
    this.#out = out;
  }

  /** Lines that found no room. */
  get dropped(): number {
    return this.#dropped;
  }

  /** `lane`: one for each rule. */
  write(lane: number, line: string): void {
    if (this.#waiting.size === 0 && this.#isTaking) {
      this.#put(line);
      return;
    }
    const own = this.#waiting.sizeOf(lane);
    const isRoomy = this.#waiting.size < WAITING_MAX && this.#chars < WAITING_CHARS_MAX;
    // A rule without a waiting line has room whatever others wait, within twice the bounds.
    const isRare = own === 0 && this.#chars < 2 * WAITING_CHARS_MAX;
    if (own >= LANE_MAX || !(isRoomy || isRare)) {
      this.#dropped += 1;
      return;
    }
    this.#waiting.add(lane, line);
    this.#chars += line.length;
  }

  /** Hands everything to the stream; what waits is bounded. */
  flush(): void {
    for (let line = this.#next(); line !== undefined; line = this.#next()) this.#out.write(line);
  }

  get #isTaking(): boolean {
    return (this.#out.writableLength ?? 0) < STREAM_CHARS_MAX;
  }

  #put(line: string): void {
    this.#out.write(line, () => {
      this.#pump();
    });
  }

  #pump(): void {
    while (this.#waiting.size > 0 && this.#isTaking) this.#put(this.#next() ?? "");
  }

  #next(): string | undefined {
    const line = this.#waiting.next();
    this.#chars -= line?.length ?? 0;
    return line;
  }
}
