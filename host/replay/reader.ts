import { createReadStream } from "node:fs";
import { BLOCK, BLOCK_FRAME_BYTES, BLOCK_HEADER_BYTES } from "./block.ts";
import { CaptureFileError } from "./capture-file-error.ts";
import { Cursor } from "./cursor.ts";
import { EVENT_HEADER_BYTES } from "./encode.ts";
import { EventUpgrade, isCurrent } from "./event-upgrade.ts";
import { upgradeEventBlock } from "./event-v1.ts";
import { HeldBytes } from "./held-bytes.ts";
import { isList, type ListPart, ListReader } from "./lists.ts";
import { findBlock } from "./resync.ts";
import { checkSectionHeader } from "./sections.ts";
import { asCaptureFileError, READ_BYTES, uncompressed } from "./source.ts";

/** What a capture file holds, in its order. */
export type CapturePart =
  /** A capture begins: what an earlier one in the same file said is void. */
  | { readonly kind: "section" }
  | ListPart
  /**
   * Whole event blocks back to back, for the replay window. Valid until the next part is asked for.
   */
  | { readonly kind: "events"; readonly bytes: Buffer; readonly count: number };

export interface ReaderStatistics {
  /** Bytes of the uncompressed stream that were read. */
  bytes: number;
  /** Bytes of the file, before decompression. */
  sourceBytes: number;
  /** Event blocks that were read, whatever became of them. */
  events: number;
  sections: number;
  /** Blocks of a type that nobody defined. */
  skippedBlocks: number;
  /** Bytes of lists that are longer than any host's. */
  unreadListBytes: number;
  /** Events of the first file version whose parameters do not add up. */
  malformedEvents: number;
  /** Enter events of older producers: their parameters go to the exits. */
  mergedEnters: number;
  /** Events of older producers that no rule can see and that tell no state. */
  unusedEvents: number;
  /** Lenient reading only: places with damaged blocks, and the bytes passed over there. */
  damagedBlocks: number;
  damagedBytes: number;
}

export interface ReaderOptions {
  /** Pass over blocks that are damaged or cut off, and count them, instead of failing. */
  readonly lenient?: boolean;
}

/** Lists of a large host; a file that claims more is damaged. */
const LIST_BLOCK_BYTES_MAX = 256 << 20;
const EVENT_BLOCK_BYTES_MAX = 16 << 20;
/** Captures in one file. Each begins with empty tables, so none is free. */
const SECTIONS_MAX = 4_096;

/**
 * Reads a capture, plain or gzip, from a file or, for "-", from standard input. Memory is bounded
 * by the largest block. Iterating throws a CaptureFileError after the last whole part; a lenient
 * reader throws it only for what is no capture at all, or cannot be read.
 */
export class CaptureReader implements AsyncIterable<CapturePart> {
  readonly statistics: ReaderStatistics = {
    bytes: 0,
    sourceBytes: 0,
    events: 0,
    sections: 0,
    skippedBlocks: 0,
    unreadListBytes: 0,
    malformedEvents: 0,
    mergedEnters: 0,
    unusedEvents: 0,
    damagedBlocks: 0,
    damagedBytes: 0,
  };
  readonly #upgrade = new EventUpgrade(this.statistics);
  readonly #lists = new ListReader(this.statistics);
  readonly #source: AsyncIterable<Buffer>;
  readonly #lenient: boolean;
  #started = false;
  #sawEvents = false;
  /** Offset in the stream of the end of what was passed over last. */
  #damageEnd = -1;

  /** `source`: a stream of bytes, or any row of chunks. */
  constructor(source: AsyncIterable<Buffer>, options: ReaderOptions = {}) {
    this.#source = source;
    this.#lenient = options.lenient ?? false;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<CapturePart> {
    const held = new HeldBytes();
    let needed = 0;
    const onRead = (bytes: number): void => {
      this.statistics.sourceBytes += bytes;
    };
    try {
      for await (const chunk of uncompressed(this.#source, onRead)) {
        held.push(chunk, needed);
        if (held.length < needed) continue;
        const bytes = held.take();
        const consumed = yield* this.#parts(bytes);
        this.statistics.bytes += consumed;
        const rest = Buffer.from(bytes.subarray(consumed));
        needed = neededBytes(rest);
        held.push(rest, needed);
      }
    } catch (error) {
      const problem = asCaptureFileError(error, this.statistics.bytes + held.length);
      if (!this.#mayPass(problem)) throw problem;
      // A gzip stream that breaks off: what came out of it stays, half a block is counted below.
      if (held.length === 0) this.statistics.damagedBlocks++;
    }
    const left = held.length;
    if (this.#lenient && this.#started) yield* this.#remains(held.take());
    else this.#finish(left);
  }

  *#parts(bytes: Buffer): Generator<CapturePart, number> {
    let at = 0;
    for (;;) {
      at = yield* this.#events(bytes, at);
      try {
        const length = this.#blockLength(bytes, at);
        if (length === undefined) return at;
        yield* this.#listBlock(bytes.subarray(at, at + length), at);
        at += length;
      } catch (error) {
        if (!this.#mayPass(error)) throw error;
        at = this.#passOver(bytes, at, false);
      }
    }
  }

  /** Whole blocks behind one that is cut off or claims a length that the file does not have. */
  *#remains(held: Buffer): Generator<CapturePart> {
    let rest = held;
    while (rest.length > 0) {
      const next = this.#passOver(rest, 0, true);
      this.statistics.bytes += next;
      rest = rest.subarray(next);
      const consumed = yield* this.#parts(rest);
      this.statistics.bytes += consumed;
      rest = rest.subarray(consumed);
    }
  }

  #mayPass(error: unknown): boolean {
    if (!this.#lenient || !this.#started || !(error instanceof CaptureFileError)) return false;
    return error.code === "MALFORMED" || error.code === "TRUNCATED";
  }

  /** Counts the damage at `at`; returns where the next block may begin. */
  #passOver(bytes: Buffer, at: number, isEnd: boolean): number {
    const next = findBlock(bytes, at + 1, isEnd);
    const { bytes: before } = this.statistics;
    // One place may be found out in several steps, as the bytes come.
    if (before + at !== this.#damageEnd) this.statistics.damagedBlocks++;
    this.#damageEnd = before + next;
    this.statistics.damagedBytes += next - at;
    return next;
  }

  /** The events at `at` in rows; returns where they end. */
  *#events(bytes: Buffer, from: number): Generator<CapturePart, number> {
    let at = from;
    let row: EventRow;
    do {
      row = { blocks: [], count: 0 };
      at = this.#eventRow(bytes, at, row);
      if (row.count > 0) yield eventsPart(row);
    } while (row.blocks.length > 0);
    return at;
  }

  /** Collects the whole event blocks at `at`, upgraded where needed; returns their end. */
  #eventRow(bytes: Buffer, at: number, row: EventRow): number {
    let end = at;
    // Blocks from here to `end` are today's and are handed on as one piece.
    let start = at;
    while (this.#started) {
      const length = this.#eventLength(bytes, end, end > at);
      if (length === undefined) break;
      const next = end + length;
      if (isCurrentBlock(bytes, end, next)) {
        row.count++;
      } else {
        if (end > start) row.blocks.push(bytes.subarray(start, end));
        const made = this.#upgraded(bytes.subarray(end, next), end);
        row.blocks.push(made ?? NOTHING);
        if (made !== undefined) row.count++;
        start = next;
      }
      this.statistics.events++;
      this.#sawEvents = true;
      end = next;
    }
    if (end > start) row.blocks.push(bytes.subarray(start, end));
    return end;
  }

  /**
   * Length of the event block at `at`, undefined when there is none or it is not whole. A damaged
   * one ends the row first (`hasMore`), so that what stands before it is delivered.
   */
  #eventLength(bytes: Buffer, at: number, hasMore: boolean): number | undefined {
    if (at + BLOCK_HEADER_BYTES > bytes.length) return undefined;
    const type = bytes.readUInt32LE(at);
    if (!isEvent(type) && !isEventV1(type)) return undefined;
    try {
      return this.#blockLength(bytes, at);
    } catch (error) {
      // `#parts` meets it again, and knows what to do with it.
      if (hasMore || this.#mayPass(error)) return undefined;
      throw error;
    }
  }

  #upgraded(block: Buffer, at: number): Buffer | undefined {
    const type = block.readUInt32LE(0);
    if (!isEventV1(type)) return this.#upgrade.upgrade(block, eventOffset(type));
    const end = block.length - 4;
    const body = new Cursor(block, this.statistics.bytes + at, BLOCK_HEADER_BYTES, end);
    const widened = upgradeEventBlock(body, type === BLOCK.eventWithFlagsV1);
    if (widened === undefined) {
      this.statistics.malformedEvents++;
      return undefined;
    }
    return this.#upgrade.upgrade(widened, eventOffset(widened.readUInt32LE(0)));
  }

  /** Length of the block at `at`, checked; undefined while it is not whole. */
  #blockLength(bytes: Buffer, at: number): number | undefined {
    if (at + BLOCK_HEADER_BYTES > bytes.length) return undefined;
    const type = bytes.readUInt32LE(at);
    const length = bytes.readUInt32LE(at + 4);
    const offset = this.statistics.bytes + at;
    if (!this.#started && type !== BLOCK.section) {
      throw new CaptureFileError("NOT_A_CAPTURE", { offset, expected: "a section header" });
    }
    const max = isEvent(type) || isEventV1(type) ? EVENT_BLOCK_BYTES_MAX : LIST_BLOCK_BYTES_MAX;
    if (length < BLOCK_FRAME_BYTES || length % 4 !== 0 || length > max) {
      const expected = `a block length from ${BLOCK_FRAME_BYTES} to ${max}, not ${length}`;
      throw new CaptureFileError("MALFORMED", { offset: offset + 4, expected });
    }
    if (at + length > bytes.length) return undefined;
    if (bytes.readUInt32LE(at + length - 4) !== length) {
      const expected = `the block's length ${length} again`;
      throw new CaptureFileError("MALFORMED", { offset: offset + length - 4, expected });
    }
    return length;
  }

  *#listBlock(block: Buffer, at: number): Generator<CapturePart> {
    const type = block.readUInt32LE(0);
    const end = block.length - 4;
    const body = new Cursor(block, this.statistics.bytes + at, BLOCK_HEADER_BYTES, end);
    if (this.#lists.takesAside(type, body)) return;
    if (type !== BLOCK.section && !isList(type)) {
      this.statistics.skippedBlocks++;
      return;
    }
    if (type === BLOCK.section) checkSectionHeader(body);
    if (type === BLOCK.section || this.#sawEvents) yield this.#section(type, body);
    if (type !== BLOCK.section) yield* this.#lists.parts(type, body);
  }

  /** A capture begins, with a header or, behind events, with a list. */
  #section(type: number, body: Cursor): CapturePart {
    if (this.statistics.sections >= SECTIONS_MAX) {
      body.fail(`at most ${SECTIONS_MAX} captures in a file`);
    }
    this.#started = true;
    this.#sawEvents = false;
    this.#upgrade.reset();
    if (type === BLOCK.section) this.#lists.reset();
    this.statistics.sections++;
    return { kind: "section" };
  }

  #finish(left: number): void {
    const offset = this.statistics.bytes;
    this.statistics.bytes += left;
    if (left > 0) throw new CaptureFileError("TRUNCATED", { offset, expected: "a whole block" });
    if (!this.#started) {
      throw new CaptureFileError("NOT_A_CAPTURE", { offset, expected: "a section header" });
    }
  }
}

/** Opens a capture file; "-" is standard input. Errors of the file system come when iterating. */
export function openCapture(path: string, options: ReaderOptions = {}): CaptureReader {
  const source =
    path === "-" ? process.stdin : createReadStream(path, { highWaterMark: READ_BYTES });
  return new CaptureReader(source, options);
}

/** Bytes from which on it is worth looking again; behind damage the length may be no length. */
function neededBytes(rest: Buffer): number {
  if (rest.length < BLOCK_HEADER_BYTES) return BLOCK_HEADER_BYTES;
  const length = rest.readUInt32LE(4);
  return length <= LIST_BLOCK_BYTES_MAX ? length : BLOCK_HEADER_BYTES;
}

function isEvent(type: number): boolean {
  return (
    type === BLOCK.event ||
    type === BLOCK.eventWithFlags ||
    type === BLOCK.largeEvent ||
    type === BLOCK.largeEventWithFlags
  );
}

function isEventV1(type: number): boolean {
  return type === BLOCK.eventV1 || type === BLOCK.eventV1Legacy || type === BLOCK.eventWithFlagsV1;
}

/** Where the event starts in its block. */
function eventOffset(type: number): number {
  const hasFlags = type === BLOCK.eventWithFlags || type === BLOCK.largeEventWithFlags;
  return BLOCK_HEADER_BYTES + (hasFlags ? 6 : 2);
}

/** True when the block at `at` can be handed on as it is. */
function isCurrentBlock(bytes: Buffer, at: number, end: number): boolean {
  const type = bytes.readUInt32LE(at);
  if (isEventV1(type)) return false;
  const event = at + eventOffset(type);
  // Too short for an event: the engine counts it.
  if (event + EVENT_HEADER_BYTES > end) return true;
  return isCurrent(bytes.readUInt16LE(event + 20), bytes.readUInt32LE(event + 22));
}

/** Event blocks that become one part. */
interface EventRow {
  readonly blocks: Buffer[];
  count: number;
}

const NOTHING = Buffer.alloc(0);

function eventsPart(row: EventRow): CapturePart {
  const [first = NOTHING] = row.blocks;
  const bytes = row.blocks.length === 1 ? first : Buffer.concat(row.blocks);
  return { kind: "events", bytes, count: row.count };
}
