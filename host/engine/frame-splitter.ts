/**
 * Cuts what arrives into frames. A frame that came whole is looked at where it lies; of one that
 * did not, only what has arrived takes memory, never what its length announces.
 */
import { BadFrame } from "./wire.ts";

const LENGTH_BYTES = 4;
const PARTIAL_BYTES_MIN = 4_096;

export interface FrameListener {
  /** What follows the length; valid during the call. */
  onBody(body: Buffer): void;
  /** Nothing is taken after this. */
  onBadFrame(error: BadFrame): void;
}

export class FrameSplitter {
  readonly #bytesMax: number;
  readonly #listener: FrameListener;
  #partial = Buffer.alloc(0);
  #filled = 0;
  #isOver = false;

  /** `bytesMax`: bytes behind a frame's length at most. */
  constructor(bytesMax: number, listener: FrameListener) {
    this.#bytesMax = bytesMax;
    this.#listener = listener;
  }

  /** Bytes that are held for a frame that is not whole yet. */
  get heldBytes(): number {
    return this.#partial.length;
  }

  /** Takes nothing any more. */
  close(): void {
    this.#isOver = true;
    this.#partial = Buffer.alloc(0);
    this.#filled = 0;
  }

  push(chunk: Buffer): void {
    let rest = chunk;
    while (rest.length > 0 && !this.#isOver) {
      rest = this.#filled > 0 ? this.#complete(rest) : this.#takeWhole(rest);
    }
  }

  /** Hands on the frame that begins here, or keeps what there is of it. Returns what follows. */
  #takeWhole(bytes: Buffer): Buffer {
    const end = this.#endOf(bytes, bytes.length);
    if (end !== undefined && end <= bytes.length) {
      this.#listener.onBody(bytes.subarray(LENGTH_BYTES, end));
      return bytes.subarray(end);
    }
    if (!this.#isOver) this.#keep(bytes);
    return bytes.subarray(bytes.length);
  }

  /** Adds to the frame that has begun. */
  #complete(bytes: Buffer): Buffer {
    const end = this.#endOf(this.#partial, this.#filled);
    if (this.#isOver) return bytes;
    const wanted = (end ?? LENGTH_BYTES) - this.#filled;
    this.#keep(bytes.subarray(0, wanted));
    if (end !== undefined && this.#filled === end) {
      const whole = this.#partial.subarray(LENGTH_BYTES, end);
      this.#partial = Buffer.alloc(0);
      this.#filled = 0;
      this.#listener.onBody(whole);
    }
    return bytes.subarray(Math.min(wanted, bytes.length));
  }

  /** Where the frame ends; undefined while its length has not arrived, or is not allowed. */
  #endOf(bytes: Buffer, filled: number): number | undefined {
    if (filled < LENGTH_BYTES) return undefined;
    const length = bytes.readUInt32LE(0);
    if (length > 0 && length <= this.#bytesMax) return LENGTH_BYTES + length;
    this.close();
    this.#listener.onBadFrame(new BadFrame("its length is not allowed"));
    return undefined;
  }

  #keep(bytes: Buffer): void {
    const end = this.#filled + bytes.length;
    if (end > this.#partial.length) {
      const most = LENGTH_BYTES + this.#bytesMax;
      const grown = Buffer.alloc(Math.min(Math.max(2 * end, PARTIAL_BYTES_MIN), most));
      this.#partial.copy(grown, 0, 0, this.#filled);
      this.#partial = grown;
    }
    bytes.copy(this.#partial, this.#filled);
    this.#filled = end;
  }
}
