/** Bytes of a block that is not whole yet. */
import { READ_BYTES } from "./source.ts";

/** From here on a block is put together in place instead of being joined at the end. */
const IN_PLACE_BYTES = 4 << 20;

/**
 * Collects chunks until they hold a whole block. A large block is copied once, into memory of its
 * size, which the system gives only as far as it is written: a length that the file only claims
 * costs nothing.
 */
export class HeldBytes {
  #chunks: Buffer[] = [];
  #length = 0;
  #place: Buffer | undefined;
  #placed = 0;

  get length(): number {
    return this.#length;
  }

  /** `needed`: bytes of the block that is being collected. */
  push(chunk: Buffer, needed: number): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    if (this.#place === undefined && needed >= IN_PLACE_BYTES && this.#length < needed) {
      // The last chunk reaches beyond the block.
      this.#place = Buffer.allocUnsafeSlow(needed + READ_BYTES);
    }
    this.#settle();
  }

  /** Everything that is held, in one piece. Holds nothing afterwards. */
  take(): Buffer {
    const placed = this.#place?.subarray(0, this.#placed);
    const pieces = placed === undefined ? this.#chunks : [placed, ...this.#chunks];
    const [first = NOTHING] = pieces;
    const bytes = pieces.length <= 1 ? first : Buffer.concat(pieces, this.#length);
    this.#chunks = [];
    this.#length = 0;
    this.#place = undefined;
    this.#placed = 0;
    return bytes;
  }

  /** Puts the chunks in their place, if there is one and they fit. */
  #settle(): void {
    if (this.#place === undefined || this.#length > this.#place.length) return;
    for (const chunk of this.#chunks) this.#placed += chunk.copy(this.#place, this.#placed);
    this.#chunks = [];
  }
}

const NOTHING = Buffer.alloc(0);
