import { CaptureFileError } from "./capture-file-error.ts";

/**
 * Reads little-endian values from the body of one block. Every read checks that the value lies
 * inside and says where in the file it would have been.
 */
export class Cursor {
  readonly #bytes: Buffer;
  /** Where `#bytes` starts in the uncompressed stream. */
  readonly #base: number;
  readonly #end: number;
  #at: number;

  constructor(bytes: Buffer, base: number, at = 0, end = bytes.length) {
    this.#bytes = bytes;
    this.#base = base;
    this.#at = at;
    this.#end = end;
  }

  get remaining(): number {
    return this.#end - this.#at;
  }
  /** Position in the uncompressed stream. */
  get offset(): number {
    return this.#base + this.#at;
  }

  u8(what: string): number {
    return this.#bytes.readUInt8(this.#take(1, what));
  }
  u16(what: string): number {
    return this.#bytes.readUInt16LE(this.#take(2, what));
  }
  u32(what: string): number {
    return this.#bytes.readUInt32LE(this.#take(4, what));
  }
  u64(what: string): bigint {
    return this.#bytes.readBigUInt64LE(this.#take(8, what));
  }
  i64(what: string): bigint {
    return this.#bytes.readBigInt64LE(this.#take(8, what));
  }
  /** A view, not a copy. */
  bytes(length: number, what: string): Buffer {
    const at = this.#take(length, what);
    return this.#bytes.subarray(at, at + length);
  }
  /** Text with its u16 length in front. */
  text(what: string): Buffer {
    return this.bytes(this.u16(`the length of ${what}`), what);
  }
  /** A cursor on the next `length` bytes, which this one leaves behind. */
  section(length: number, what: string): Cursor {
    const at = this.#take(length, what);
    return new Cursor(this.#bytes, this.#base, at, at + length);
  }

  fail(expected: string): never {
    throw new CaptureFileError("MALFORMED", { offset: this.offset, expected });
  }

  #take(length: number, what: string): number {
    if (length > this.remaining) this.fail(`${what} (${length} bytes, ${this.remaining} left)`);
    const at = this.#at;
    this.#at += length;
    return at;
  }
}
