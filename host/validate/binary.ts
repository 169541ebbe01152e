/** Reads of a WebAssembly binary. A read past the end, or a number too long, throws `BadBinary`. */

export class BadBinary extends Error {}

const decoder = new TextDecoder("utf-8", { fatal: true });

export class BinaryReader {
  readonly #bytes: Uint8Array;
  readonly end: number;
  at: number;

  constructor(bytes: Uint8Array, from = 0, end = bytes.length) {
    this.#bytes = bytes;
    this.at = from;
    this.end = end;
  }

  get ended(): boolean {
    return this.at >= this.end;
  }

  /** The byte that the next read begins with. */
  peek(): number {
    const value = this.#bytes[this.at];
    if (value === undefined || this.at >= this.end) throw new BadBinary("the module is cut off");
    return value;
  }

  byte(): number {
    const value = this.peek();
    this.at++;
    return value;
  }

  skip(count: number): void {
    if (count > this.end - this.at) throw new BadBinary("the module is cut off");
    this.at += count;
  }

  u32(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) {
        if (value > 0xffff_ffff) break;
        return value;
      }
    }
    throw new BadBinary("a number is too long");
  }

  /** Skips a signed number of up to `bits`. */
  skipNumber(bits: 32 | 64): void {
    const last = Math.floor(bits / 7);
    for (let i = 0; i < last; i++) if (this.byte() < 0x80) return;
    // The last byte holds fewer than seven bits; the others repeat the sign.
    const spare = this.byte() >> ((bits % 7) - 1);
    if (spare !== 0 && spare !== 0x7f >> ((bits % 7) - 1)) {
      throw new BadBinary("a number is too long");
    }
  }

  /** A signed constant, as the unsigned number that an address is. */
  address(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte();
      value |= (byte & 0x7f) << shift;
      if (byte >= 0x80) continue;
      if (shift === 28 && byte > 0x07 && byte < 0x78) break;
      if (shift < 28 && (byte & 0x40) !== 0) value |= -1 << (shift + 7);
      return value >>> 0;
    }
    throw new BadBinary("a number is too long");
  }

  name(): string {
    const length = this.u32();
    const start = this.at;
    this.skip(length);
    try {
      return decoder.decode(this.#bytes.subarray(start, this.at));
    } catch {
      throw new BadBinary("a name is not UTF-8");
    }
  }

  /** A reader of the next `length` bytes, which this one skips. */
  part(length: number): BinaryReader {
    const start = this.at;
    this.skip(length);
    return new BinaryReader(this.#bytes, start, this.at);
  }

  rest(): Uint8Array {
    return this.#bytes.subarray(this.at, this.end);
  }
}
