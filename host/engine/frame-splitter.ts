/**
 * Cuts what arrives into frames. A frame that came whole is looked at where it lies; of one that
 * did not, only what has arrived takes memory, never what its length announces.
 */
import { BadFrame } from "./wire.ts";

const LENGTH_BYTES = 4;
const PARTIAL_BYTES_MIN = 4_096;

export interface FrameListener {
  /** What follows a length lies from `start` to `end`, during the call. */
  onBody(bytes: Buffer, start: number, end: number): void;
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
    let at = this.#filled > 0 ? this.#complete(chunk) : 0;
    while (at < chunk.length && !this.#isOver) {
      const end = this.#endOf(chunk, at, chunk.length);
      if (end === undefined || end > chunk.length) break;
      this.#listener.onBody(chunk, at + LENGTH_BYTES, end);
      at = end;
    }
    if (at < chunk.length && !this.#isOver) this.#keep(chunk, at, chunk.length);
  }

  /** Adds to the frame that has begun, at most to its end. Returns where the next one begins. */
  #complete(chunk: Buffer): number {
    let at = 0;
    // Twice: the length may have to be completed first.
    for (let round = 0; round < 2 && this.#filled > 0; round++) {
      const end = this.#endOf(this.#partial, 0, this.#filled);
      // A length that is not allowed left nothing.
      if (this.#filled === 0) break;
      const next = Math.min(at + (end ?? LENGTH_BYTES) - this.#filled, chunk.length);
      this.#keep(chunk, at, next);
      at = next;
      if (this.#filled === end) this.#handOn(end);
    }
    return at;
  }

  #handOn(end: number): void {
    const whole = this.#partial;
    this.#partial = Buffer.alloc(0);
    this.#filled = 0;
    this.#listener.onBody(whole, LENGTH_BYTES, end);
  }

  /** Where the frame ends; undefined while its length has not arrived, or is not allowed. */
  #endOf(bytes: Buffer, start: number, filled: number): number | undefined {
    if (filled - start < LENGTH_BYTES) return undefined;
    const length = bytes.readUInt32LE(start);
    if (length > 0 && length <= this.#bytesMax) return start + LENGTH_BYTES + length;
    this.close();
    this.#listener.onBadFrame(new BadFrame("its length is not allowed"));
    return undefined;
  }

  #keep(chunk: Buffer, start: number, stop: number): void {
    const end = this.#filled + stop - start;
    if (end > this.#partial.length) {
      const most = LENGTH_BYTES + this.#bytesMax;
      const grown = Buffer.alloc(Math.min(Math.max(2 * end, PARTIAL_BYTES_MIN), most));
      this.#partial.copy(grown, 0, 0, this.#filled);
      this.#partial = grown;
    }
    chunk.copy(this.#partial, this.#filled, start, stop);
    this.#filled = end;
  }
}
