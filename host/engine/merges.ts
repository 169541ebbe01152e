/** Matches that were counted instead of becoming alerts. */

/** So many matches of one rule, and the times of the first and last of them. */
export interface Merge {
  readonly pack: number;
  readonly rule: number;
  readonly count: number;
  /** ns since the epoch. */
  readonly first: bigint;
  readonly last: bigint;
}

/** Rules of a pack are fewer. */
const PACK_KEYS = 2 ** 20;

/** One number for a rule of a pack. */
export function ruleKey(pack: number, rule: number): number {
  return pack * PACK_KEYS + rule;
}

export class Merges {
  #rows = new Map<number, { -readonly [name in keyof Merge]: Merge[name] }>();

  get isEmpty(): boolean {
    return this.#rows.size === 0;
  }

  add({ pack, rule, count, first, last }: Merge): void {
    const key = ruleKey(pack, rule);
    const row = this.#rows.get(key);
    if (row === undefined) {
      this.#rows.set(key, { pack, rule, count, first, last });
      return;
    }
    row.count += count;
    if (first < row.first) row.first = first;
    if (last > row.last) row.last = last;
  }

  /** Everything since the last call. */
  take(): readonly Merge[] {
    const merges = [...this.#rows.values()];
    this.#rows = new Map();
    return merges;
  }
}
