const START_BYTES = 4_096;

/** Collects little-endian values in one growing buffer. */
export class ByteWriter {
  #bytes = Buffer.allocUnsafe(START_BYTES);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  u8(value: number): this {
    const at = this.#grow(1);
    this.#bytes.writeUInt8(value & 0xff, at);
    return this;
  }
  u16(value: number): this {
    const at = this.#grow(2);
    this.#bytes.writeUInt16LE(value & 0xffff, at);
    return this;
  }
  u32(value: number): this {
    const at = this.#grow(4);
    this.#bytes.writeUInt32LE(value >>> 0, at);
    return this;
  }
  u64(value: bigint): this {
    const at = this.#grow(8);
    this.#bytes.writeBigUInt64LE(BigInt.asUintN(64, value), at);
    return this;
  }
  bytes(value: Uint8Array): this {
    const at = this.#grow(value.length);
    this.#bytes.set(value, at);
    return this;
  }
  zeros(count: number): this {
    const at = this.#grow(count);
    this.#bytes.fill(0, at, at + count);
    return this;
  }
  /** Text with its u16 length in front; longer text is cut. */
  text(value: Uint8Array): this {
    const kept = value.length > 0xffff ? value.subarray(0, 0xffff) : value;
    return this.u16(kept.length).bytes(kept);
  }
  /** Overwrites the u32 at `at`. */
  patchU32(at: number, value: number): void {
    this.#bytes.writeUInt32LE(value >>> 0, at);
  }

  /** What was written since the last call; the writer is empty afterwards. */
  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.#length);
    this.#bytes = Buffer.allocUnsafe(START_BYTES);
    this.#length = 0;
    return taken;
  }

  /** Makes room; `#bytes` may be another buffer afterwards, so call it before you name it. */
  #grow(count: number): number {
    const at = this.#length;
    const needed = at + count;
    if (needed > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2));
      this.#bytes.copy(larger, 0, 0, at);
      this.#bytes = larger;
    }
    this.#length = needed;
    return at;
  }
}
