/**
 * Which matches of a live capture become alerts of their own, and which are only counted. Decided
 * before anything is rendered, so that a flood costs next to nothing:
 *
 *   rule   a bucket of its own
 *   pack   one bucket for all of its rules, and one for the characters of its alerts
 *
 * When a pack's bucket is empty, the first match of each rule within a second passes all the same
 * (within a bound), so a rule that matches rarely is heard beside thousands that match often.
 */
import { type Rate, TokenBucket } from "./token-bucket.ts";

export interface MatchRates {
  readonly rule: Rate;
  readonly pack: Rate;
  /** First matches of a second, of a pack that is beyond its rate. */
  readonly rare: Rate;
  /** Characters of alerts. */
  readonly chars: Rate;
}

export const MATCH_RATES: MatchRates = {
  rule: { burst: 2_000, perSecond: 1_000 },
  pack: { burst: 20_000, perSecond: 5_000 },
  rare: { burst: 2_000, perSecond: 1_000 },
  chars: { burst: 1 << 26, perSecond: 1 << 23 },
};
const RARE_MS = 1_000;

interface Rule {
  readonly bucket: TokenBucket;
  heardAt: number;
}

export class PackRates {
  readonly #rates: MatchRates;
  readonly #rules = new Map<number, Rule>();
  readonly #matches: TokenBucket;
  readonly #rare: TokenBucket;
  readonly #chars: TokenBucket;

  constructor(rates: MatchRates, now: number) {
    this.#rates = rates;
    this.#matches = new TokenBucket(rates.pack, now);
    this.#rare = new TokenBucket(rates.rare, now);
    this.#chars = new TokenBucket(rates.chars, now);
  }

  /** Whether a match of `rule` may become an alert; takes it then. */
  admits(rule: number, now: number): boolean {
    const row = this.#row(rule, now);
    if (!row.bucket.has(1, now) || !this.#chars.has(0, now)) return false;
    if (this.#matches.has(1, now)) this.#matches.take(1);
    else if (now - row.heardAt >= RARE_MS && this.#rare.has(1, now)) this.#rare.take(1);
    else return false;
    row.bucket.take(1);
    row.heardAt = now;
    return true;
  }

  /** An alert that was let through came out this long. */
  charge(chars: number): void {
    this.#chars.take(chars);
  }

  #row(rule: number, now: number): Rule {
    const known = this.#rules.get(rule);
    if (known !== undefined) return known;
    const row = { bucket: new TokenBucket(this.#rates.rule, now), heardAt: -Infinity };
    this.#rules.set(rule, row);
    return row;
  }
}
