/**
 * A recording, decoded once and kept in memory as the engine takes it: its lists as state-only
 * blocks, and its events. Both are replayed again and again; see bench-session.ts.
 */
import { BLOCK, BLOCK_HEADER_BYTES, EVENT_STATE_ONLY } from "../replay/block.ts";
import { EVENT_HEADER_BYTES } from "../replay/encode.ts";
import type { InterfaceEntry } from "../replay/entries.ts";
import type { CaptureReader } from "../replay/reader.ts";
import { replayParts } from "../replay/replay-parts.ts";
import { REPLAY_BYTES_MAX } from "../schema/memory.ts";

/** What is kept of a recording; the window also holds the schema while state is laid out. */
const EVENT_BYTES_MAX = REPLAY_BYTES_MAX - (64 << 20);
const LIST_BYTES_MAX = 48 << 20;
const PART_BYTES = 1 << 20;
/** Between the last event of a repetition and the first of the next. */
const PAUSE_NS = 1_000_000_000n;

export interface Workload {
  /** Processes, descriptors and accounts before the first event. */
  readonly lists: Buffer;
  readonly events: Buffer;
  /** Offsets in `events` of the times that rules may see. */
  readonly times: Uint32Array;
  /** By how much each repetition is later than the one before, ns. */
  readonly period: bigint;
  readonly interfaces: readonly InterfaceEntry[];
  /** Events of the recording that were left out because they did not fit. */
  readonly left: number;
}

/** Reads a recording's first section. Throws CaptureFileError, or RangeError without events. */
export async function readWorkload(reader: CaptureReader): Promise<Workload> {
  const lists = new Gathered(LIST_BYTES_MAX);
  const events = new Gathered(EVENT_BYTES_MAX);
  const interfaces: InterfaceEntry[] = [];
  let sections = 0;
  for await (const part of replayParts(reader, { droppedEntries: 0 }, PART_BYTES)) {
    if (part.kind === "section" && ++sections > 1) break;
    if (part.kind === "interfaces") interfaces.push(...part.interfaces);
    if (part.kind !== "blocks") continue;
    for (const block of blocksOf(part.bytes)) {
      (events.isEmpty && isStateOnly(block) ? lists : events).add(block);
    }
  }
  const bytes = events.bytes();
  const times = timesOf(bytes);
  if (times.length === 0) throw new RangeError("the recording has no events");
  return {
    lists: lists.bytes(),
    events: bytes,
    times,
    period: spanOf(bytes, times) + PAUSE_NS,
    interfaces,
    left: lists.left + events.left,
  };
}

/** Offset of an event's type behind its time. */
const TYPE_AT = 20;

/** Codes of the types that the events have. */
export function eventTypes({ events, times }: Workload): ReadonlySet<number> {
  const types = new Set<number>();
  for (const at of times) types.add(events.readUInt16LE(at + TYPE_AT));
  return types;
}

const WORD = 2 ** 32;

/** Makes all events later by `ns`, in place; in two words, because bigints would take longer. */
export function postpone(events: Buffer, times: Uint32Array, ns: bigint): void {
  const low = Number(ns % BigInt(WORD));
  const high = Number(ns / BigInt(WORD));
  for (const at of times) {
    const sum = events.readUInt32LE(at) + low;
    const carry = sum >= WORD ? 1 : 0;
    events.writeUInt32LE(sum % WORD, at);
    events.writeUInt32LE((events.readUInt32LE(at + 4) + high + carry) % WORD, at + 4);
  }
}

/** Blocks one after the other, up to a bound; what comes behind it is counted. */
class Gathered {
  readonly #max: number;
  readonly #blocks: Buffer[] = [];
  #size = 0;
  left = 0;

  constructor(max: number) {
    this.#max = max;
  }

  add(block: Buffer): void {
    if (this.left > 0 || this.#size + block.length > this.#max) {
      this.left += 1;
      return;
    }
    this.#size += block.length;
    // The reader uses its buffer again.
    this.#blocks.push(Buffer.from(block));
  }

  get isEmpty(): boolean {
    return this.#size === 0;
  }

  bytes(): Buffer {
    return Buffer.concat(this.#blocks);
  }
}

function* blocksOf(row: Buffer): Generator<Buffer> {
  let at = 0;
  while (at + BLOCK_HEADER_BYTES <= row.length) {
    const length = row.readUInt32LE(at + 4);
    if (length <= BLOCK_HEADER_BYTES) return;
    yield row.subarray(at, at + length);
    at += length;
  }
}

/** Offset of the event in its block. */
function eventAt(block: Buffer): number {
  const type = block.readUInt32LE(0);
  const flagged = type === BLOCK.eventWithFlags || type === BLOCK.largeEventWithFlags;
  return BLOCK_HEADER_BYTES + (flagged ? 6 : 2);
}

function isStateOnly(block: Buffer): boolean {
  const flagged = eventAt(block) > BLOCK_HEADER_BYTES + 2;
  return flagged && (block.readUInt32LE(BLOCK_HEADER_BYTES + 2) & EVENT_STATE_ONLY) !== 0;
}

function timesOf(events: Buffer): Uint32Array {
  const times: number[] = [];
  let start = 0;
  for (const block of blocksOf(events)) {
    const at = eventAt(block);
    if (!isStateOnly(block) && at + EVENT_HEADER_BYTES <= block.length) times.push(start + at);
    start += block.length;
  }
  return Uint32Array.from(times);
}

function spanOf(events: Buffer, times: Uint32Array): bigint {
  let first: bigint | undefined;
  let last = 0n;
  for (const at of times) {
    const time = events.readBigUInt64LE(at);
    if (first === undefined || time < first) first = time;
    if (time > last) last = time;
  }
  return last - (first ?? last);
}
