/**
 * Values as bytes: what messages between agent and engine are made of. All numbers are
 * little-endian; a length always comes first.
 *
 *   text, bytes   ├ length u32 ┼ … ┤        list      ├ count u32 ┼ item ┼ item … ┤
 *   optional      ├ 0 or 1 u8 ┼ … ┤         value     ├ tag u8 ┼ … ┤
 *
 * The reader serves bytes of a process that may be taken over: it never reads beyond the frame,
 * takes no more than each type's bound, and makes no list longer than the bytes that are left.
 */
/** The bytes are no message. The text says what is wrong with them, and repeats none of them. */
export class BadFrame extends Error {
  override readonly name = "BadFrame";
}

/** A message has more bytes than a frame may have. */
export class FrameTooLong extends RangeError {
  override readonly name = "FrameTooLong";
}

const FIRST_BYTES = 1 << 16;
/** Texts up to this length are copied here, longer ones by Buffer. */
const SHORT_CHARS = 32;

/** Room for the characters of a text of each length up to SHORT_CHARS. */
const ASCII_CODES: readonly number[][] = Array.from({ length: SHORT_CHARS + 1 }, (_, size) =>
  new Array<number>(size).fill(0),
);

/** A buffer that grows up to a bound and is used again for the next frame. */
export class WireWriter {
  readonly #bytesMax: number;
  #bytes = Buffer.allocUnsafe(FIRST_BYTES);
  #view = viewOf(this.#bytes);
  #length = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  reset(): void {
    this.#length = 0;
    // One large frame does not hold its memory for ever.
    if (this.#bytes.length > 16 * FIRST_BYTES) this.#replace(Buffer.allocUnsafe(FIRST_BYTES));
  }

  /** A copy of what was written. */
  take(): Buffer {
    return Buffer.from(this.#bytes.subarray(0, this.#length));
  }

  get length(): number {
    return this.#length;
  }

  u8(value: number): void {
    const at = this.#claim(1);
    this.#bytes[at] = value;
  }

  u32(value: number): void {
    const at = this.#claim(4);
    this.#view.setUint32(at, value, true);
  }

  /** Puts a number that was not known before. */
  patchU32(at: number, value: number): void {
    this.#view.setUint32(at, value, true);
  }

  u64(value: bigint): void {
    const at = this.#claim(8);
    this.#view.setBigUint64(at, value, true);
  }

  double(value: number): void {
    const at = this.#claim(8);
    this.#view.setFloat64(at, value, true);
  }

  bytes(value: Uint8Array): void {
    this.u32(value.length);
    const at = this.#claim(value.length);
    this.#bytes.set(value, at);
  }

  text(value: string): void {
    if (value.length <= SHORT_CHARS && this.#shortAscii(value)) return;
    const size = Buffer.byteLength(value, "utf8");
    this.u32(size);
    const at = this.#claim(size);
    this.#bytes.write(value, at, size, "utf8");
  }

  /** False, with nothing written, when there is a character that takes more than one byte. */
  #shortAscii(value: string): boolean {
    const start = this.#claim(4 + value.length);
    for (let i = 0; i < value.length; i++) {
      const code = value.charCodeAt(i);
      if (code >= 0x80) {
        this.#length = start;
        return false;
      }
      this.#bytes[start + 4 + i] = code;
    }
    this.#view.setUint32(start, value.length, true);
    return true;
  }

  #claim(bytes: number): number {
    const at = this.#length;
    const end = at + bytes;
    if (end > this.#bytes.length) this.#grow(end);
    this.#length = end;
    return at;
  }

  #grow(end: number): void {
    if (end > this.#bytesMax) {
      throw new FrameTooLong(`a message of more than ${String(this.#bytesMax)} bytes`);
    }
    const grown = Buffer.allocUnsafe(
      Math.min(Math.max(end, 2 * this.#bytes.length), this.#bytesMax),
    );
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#replace(grown);
  }

  #replace(bytes: Buffer<ArrayBuffer>): void {
    this.#bytes = bytes;
    this.#view = viewOf(bytes);
  }
}

/** Eight bytes at a time are read through these; a view for each frame would cost more. */
const EIGHT = new Uint8Array(8);
const EIGHT_VIEW = viewOf(EIGHT);

/** Reads one frame from its start to its end. */
export class WireReader {
  readonly #bytes: Buffer;
  readonly #end: number;
  #at: number;

  constructor(bytes: Buffer, start: number, end: number) {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = Math.min(end, bytes.length);
  }

  get left(): number {
    return this.#end - this.#at;
  }

  u8(): number {
    return this.#byte(this.#step(1));
  }

  u32(): number {
    const at = this.#step(4);
    const low = this.#byte(at) | (this.#byte(at + 1) << 8) | (this.#byte(at + 2) << 16);
    return (low | (this.#byte(at + 3) << 24)) >>> 0;
  }

  u64(): bigint {
    return this.#eight().getBigUint64(0, true);
  }

  i64(): bigint {
    return this.#eight().getBigInt64(0, true);
  }

  double(): number {
    return this.#eight().getFloat64(0, true);
  }

  /** A copy, so that nothing holds the frame. */
  bytes(bytesMax: number): Uint8Array {
    const size = this.#size(bytesMax);
    const at = this.#step(size);
    return new Uint8Array(this.#bytes.subarray(at, at + size));
  }

  /** Bytes that are no UTF-8 read as U+FFFD: values of events are text of any origin. */
  text(bytesMax: number): string {
    const size = this.#size(bytesMax);
    const at = this.#step(size);
    const short = size <= SHORT_CHARS ? asciiAt(this.#bytes, at, size) : undefined;
    return short ?? this.#bytes.toString("utf8", at, at + size);
  }

  /** Number of items, each of at least one byte. */
  count(itemsMax: number): number {
    const count = this.u32();
    if (count > itemsMax || count > this.left) throw new BadFrame("a list is too long");
    return count;
  }

  end(): void {
    if (this.left > 0) throw new BadFrame("bytes follow the message");
  }

  #size(bytesMax: number): number {
    const size = this.u32();
    if (size > bytesMax) throw new BadFrame("a text is too long");
    return size;
  }

  #step(bytes: number): number {
    const at = this.#at;
    if (bytes > this.#end - at) throw new BadFrame("the message is cut off");
    this.#at = at + bytes;
    return at;
  }

  #byte(at: number): number {
    return this.#bytes[at] ?? 0;
  }

  #eight(): DataView {
    const at = this.#step(8);
    for (let i = 0; i < 8; i++) EIGHT[i] = this.#byte(at + i);
    return EIGHT_VIEW;
  }
}

/** What a call of Buffer would cost more for; undefined when a byte is no ASCII. */
function asciiAt(source: Buffer, start: number, size: number): string | undefined {
  const codes = ASCII_CODES[size];
  if (codes === undefined) return undefined;
  for (let i = 0; i < size; i++) {
    const code = source[start + i] ?? 0x80;
    if (code >= 0x80) return undefined;
    codes[i] = code;
  }
  return String.fromCharCode.apply(null, codes);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
