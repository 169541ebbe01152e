/**
 * The constants of a pack: one block of bytes that lies at PACK_DATA_BASE when the pack runs.
 * Equal tables are stored once. Addresses are absolute.
 */
import { PACK_DATA_BASE, PACK_DATA_BYTES_MAX } from "../../schema/memory.ts";

/** Thrown when rules need more constants than fit; the compiler turns it into a diagnostic. */
export class DataTooLarge extends Error {}

export class DataBlock {
  #bytes = Buffer.alloc(65_536);
  /** The first bytes stay unused, so that no table has the address 0. */
  #size = 16;
  readonly #known = new Map<string, number>();
  readonly #made = new Map<string, number>();

  /** What `make` gave for this key when it was asked first. */
  once(key: string, make: () => number): number {
    const known = this.#made.get(key);
    if (known !== undefined) return known;
    const at = make();
    this.#made.set(key, at);
    return at;
  }

  get size(): number {
    return this.#size;
  }

  /** The address of `table`, which is aligned to 8 bytes. */
  add(table: Buffer): number {
    const key = table.toString("latin1");
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const at = (this.#size + 7) & ~7;
    if (at + table.length > PACK_DATA_BYTES_MAX) throw new DataTooLarge();
    while (at + table.length > this.#bytes.length) {
      this.#bytes = Buffer.concat([this.#bytes, Buffer.alloc(this.#bytes.length)]);
    }
    table.copy(this.#bytes, at);
    this.#size = at + table.length;
    this.#known.set(key, PACK_DATA_BASE + at);
    return PACK_DATA_BASE + at;
  }

  bytes(): Uint8Array {
    return Uint8Array.from(this.#bytes.subarray(0, this.#size));
  }
}
