/**
 * Items in lanes: each lane is first in, first out, and lanes take turns, so a lane with one item
 * never waits behind one with thousands.
 */
export class FairQueue<T> {
  readonly #lanes = new Map<number, T[]>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Items of one lane. */
  sizeOf(lane: number): number {
    return this.#lanes.get(lane)?.length ?? 0;
  }

  add(lane: number, item: T): void {
    const items = this.#lanes.get(lane);
    if (items === undefined) this.#lanes.set(lane, [item]);
    else items.push(item);
    this.#size += 1;
  }

  /** The next item of the lane whose turn it is; that lane goes behind all others. */
  next(): T | undefined {
    for (const [lane, items] of this.#lanes) {
      const item = items.shift();
      this.#lanes.delete(lane);
      if (items.length > 0) this.#lanes.set(lane, items);
      this.#size -= 1;
      return item;
    }
    return undefined;
  }
}
