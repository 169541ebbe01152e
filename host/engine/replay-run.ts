/**
 * A replay in the engine process: it pauses while more matches are on their way than the agent can
 * take, and orders that come meanwhile wait.
 */
import type { MatchQueue } from "./match-queue.ts";
import type { Session } from "./session.ts";

export class ReplayRun {
  readonly #postponed: (() => void)[] = [];
  #isUnderWay = false;

  get isUnderWay(): boolean {
    return this.#isUnderWay;
  }

  /** Does it when the replay under way, and what was postponed before, is done. */
  postpone(obey: () => void): void {
    this.#postponed.push(obey);
  }

  /** Returns the bytes consumed. */
  async run(
    session: Session,
    queue: MatchQueue,
    part: { readonly offset: number; readonly length: number },
  ): Promise<number> {
    this.#isUnderWay = true;
    let consumed = 0;
    for (;;) {
      consumed += session.replay(part.offset + consumed, part.length - consumed);
      if (!queue.isFull || consumed === part.length) return consumed;
      await queue.settled();
    }
  }

  /** What was postponed may begin, up to the next replay. */
  goOn(): void {
    this.#isUnderWay = false;
    const next = this.#postponed.shift();
    if (next === undefined) return;
    next();
    if (!this.isUnderWay) this.goOn();
  }
}
