/**
 * Matches of a live capture on their way to the agent. Rules take turns; what is beyond the rate of
 * a rule or pack, or has no room because the agent is busy, is merged before it is rendered: only
 * its number and times are sent.
 */
import { FairQueue } from "./fair-queue.ts";
import { MATCH_RATES, PackRates } from "./match-rates.ts";
import { Merges, ruleKey } from "./merges.ts";
import { MATCHES_PER_REPORT_MAX, MERGES_PER_REPORT_MAX, type Report } from "./protocol.ts";
import type { Match } from "./session.ts";

/** Matches on their way; the others wait in their lanes. */
const ON_THEIR_WAY_MAX = 1_024;
/** Matches of one rule that wait. */
const LANE_MAX = 2_000;
const WAITING_MAX = 65_536;
const WAITING_CHARS_MAX = 1 << 25;
/** How often merged matches are reported, ms. */
const MERGED_MS = 500;
/** One report stays far below the bounds of the channel. */
const REPORT_CHARS_MAX = 1 << 20;

interface Waiting {
  readonly match: Match;
  readonly chars: number;
}

export class LiveMatches {
  readonly #send: (report: Report, sent: () => void) => void;
  readonly #now: () => number;
  readonly #packs = new Map<number, PackRates>();
  readonly #waiting = new FairQueue<Waiting>();
  readonly #merges = new Merges();
  #waitingChars = 0;
  #onTheirWay = 0;
  #reportedAt = -Infinity;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    send: (report: Report, sent: () => void) => void,
    now: () => number = () => performance.now(),
  ) {
    this.#send = send;
    this.#now = now;
  }

  /** Whether this match is to be rendered; if not, it has been merged. */
  admits(pack: number, rule: number, time: bigint): boolean {
    if (this.#hasRoom(ruleKey(pack, rule)) && this.#ratesOf(pack).admits(rule, this.#now())) {
      return true;
    }
    this.#merges.add({ pack, rule, count: 1, first: time, last: time });
    return false;
  }

  /** `chars`: what the alert will be long. */
  add(match: Match, chars: number): void {
    this.#ratesOf(match.pack).charge(chars);
    this.#waiting.add(ruleKey(match.pack, match.rule), { match, chars });
    this.#waitingChars += chars;
    this.#pump(ON_THEIR_WAY_MAX);
  }

  /** Sends what it is time for; called again and again while there are events. */
  turn(): void {
    if (this.#merges.isEmpty) return;
    if (this.#now() - this.#reportedAt >= MERGED_MS) this.#reportMerged();
    else
      this.#timer ??= setTimeout(() => {
        this.#reportMerged();
      }, MERGED_MS);
  }

  /** Sends everything, whatever is on its way. */
  flush(): void {
    this.#pump(Infinity);
    this.#reportMerged();
  }

  #ratesOf(pack: number): PackRates {
    const known = this.#packs.get(pack);
    if (known !== undefined) return known;
    const rates = new PackRates(MATCH_RATES, this.#now());
    this.#packs.set(pack, rates);
    return rates;
  }

  /** A rule without a waiting match has room whatever others wait. */
  #hasRoom(lane: number): boolean {
    const own = this.#waiting.sizeOf(lane);
    if (own === 0) return true;
    const isShort = this.#waiting.size < WAITING_MAX && this.#waitingChars < WAITING_CHARS_MAX;
    return isShort && own < LANE_MAX;
  }

  #pump(most: number): void {
    while (this.#waiting.size > 0 && this.#onTheirWay < most) {
      const matches: Match[] = [];
      let chars = 0;
      while (matches.length < MATCHES_PER_REPORT_MAX && chars < REPORT_CHARS_MAX) {
        const next = this.#waiting.next();
        if (next === undefined) break;
        matches.push(next.match);
        chars += next.chars;
      }
      this.#waitingChars -= chars;
      this.#onTheirWay += matches.length;
      this.#send({ kind: "matches", matches }, () => {
        this.#onTheirWay -= matches.length;
        this.#pump(ON_THEIR_WAY_MAX);
      });
    }
  }

  #reportMerged(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#reportedAt = this.#now();
    const merges = this.#merges.take();
    for (let at = 0; at < merges.length; at += MERGES_PER_REPORT_MAX) {
      const some = merges.slice(at, at + MERGES_PER_REPORT_MAX);
      this.#send({ kind: "merged", merges: some }, () => undefined);
    }
  }
}
