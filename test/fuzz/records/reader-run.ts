/**
 * One damaged capture through the reader. What must hold: the reader ends, in order or with its own
 * error at a place inside the file; what it hands on are whole blocks; all that was sound before
 * the error was handed on; the pieces in which the bytes arrive change nothing; a lenient reader
 * accounts for every byte and finds no less.
 */
import { BLOCK } from "../../../host/replay/block.ts";
import { CaptureFileError } from "../../../host/replay/capture-file-error.ts";
import { CaptureReader, type ReaderStatistics } from "../../../host/replay/reader.ts";
import { replayParts } from "../../../host/replay/replay-parts.ts";

interface Reading {
  /** All that was handed on, as text that can be compared. */
  readonly content: string;
  readonly lists: number;
  readonly statistics: ReaderStatistics;
  readonly error?: CaptureFileError;
}

/** Throws an Error that says what did not hold. Returns what kind of reading it was. */
export async function checkReading(bytes: Buffer, chunkBytes: number): Promise<string> {
  const strict = await read(bytes, bytes.length, false);
  const pieces = await read(bytes, chunkBytes, false);
  same("pieces change what is read", strict.content, pieces.content);
  same("pieces change the error", describe(strict.error), describe(pieces.error));
  checkFrames(bytes, strict);
  const lenient = await read(bytes, chunkBytes, true);
  checkLenient(bytes, strict, lenient);
  const { damagedBlocks, skippedBlocks, malformedEvents } = lenient.statistics;
  const counts = [damagedBlocks, skippedBlocks, malformedEvents].map((n) => Math.min(n, 2));
  const shape = strict.error?.expected.replaceAll(/[0-9a-f]*\d[0-9a-f]*/g, "n") ?? "whole";
  return [strict.error?.code ?? "", shape, counts].join("|");
}

/** Bytes that need not even be gzip: the reader ends, whatever it says. */
export async function checkCompressed(bytes: Buffer, chunkBytes: number): Promise<string> {
  const strict = await read(bytes, chunkBytes, false);
  const lenient = await read(bytes, chunkBytes, true);
  const codes = [strict.error?.code ?? "whole", lenient.error?.code ?? "whole"];
  return ["gzip", ...codes].join("|");
}

async function read(bytes: Buffer, chunkBytes: number, lenient: boolean): Promise<Reading> {
  const reader = new CaptureReader(chunksOf(bytes, chunkBytes), { lenient });
  const content: string[] = [];
  let [lists, error] = [0, undefined as CaptureFileError | undefined];
  try {
    for await (const part of reader) {
      if (part.kind === "events") content.push(wholeBlocks(part.bytes));
      else content.push(`\n${JSON.stringify(part, plain)}\n`);
      if (part.kind !== "events" && part.kind !== "section") lists++;
    }
  } catch (problem) {
    if (!(problem instanceof CaptureFileError)) throw problem;
    error = problem;
  }
  const { statistics } = reader;
  const made = { content: content.join(""), lists, statistics };
  return error === undefined ? made : { ...made, error };
}

// eslint-disable-next-line @typescript-eslint/require-await -- arrives like a stream
async function* chunksOf(bytes: Buffer, chunkBytes: number): AsyncGenerator<Buffer> {
  // A copy each: what the reader keeps of a chunk must not be what the file goes on with.
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    yield Buffer.from(bytes.subarray(at, at + chunkBytes));
  }
}

function plain(_: string, value: unknown): unknown {
  return typeof value === "bigint" ? `${String(value)}n` : value;
}

const EVENT_BLOCKS: readonly number[] = [
  BLOCK.event,
  BLOCK.eventWithFlags,
  BLOCK.largeEvent,
  BLOCK.largeEventWithFlags,
];

function wholeBlocks(bytes: Buffer): string {
  for (let at = 0; at < bytes.length; ) {
    const length = at + 12 <= bytes.length ? bytes.readUInt32LE(at + 4) : 0;
    if (length < 12 || at + length > bytes.length) throw new Error("half a block was handed on");
    if (bytes.readUInt32LE(at + length - 4) !== length) throw new Error("lengths differ");
    if (!EVENT_BLOCKS.includes(bytes.readUInt32LE(at))) throw new Error("no event block");
    at += length;
  }
  return bytes.toString("latin1");
}

/** Counts blocks in the plainest way and compares with what was read before the error. */
function checkFrames(bytes: Buffer, reading: Reading): void {
  const { error, lists, statistics } = reading;
  const until = error?.offset ?? bytes.length;
  if (until > bytes.length) throw new Error(`error behind the end: ${String(error?.message)}`);
  let [events, others, at] = [0, 0, 0];
  while (at + 12 <= until) {
    const length = bytes.readUInt32LE(at + 4);
    if (length < 12 || length % 4 !== 0 || at + length > until) break;
    const type = bytes.readUInt32LE(at);
    const isOld = type === BLOCK.eventV1 || type === BLOCK.eventV1Legacy;
    if (isOld || type === BLOCK.eventWithFlagsV1 || EVENT_BLOCKS.includes(type)) events++;
    else if (type !== BLOCK.section && type !== BLOCK.startTimes) others++;
    at += length;
  }
  same("events read", String(events), String(statistics.events));
  same("lists read", String(others), String(lists + statistics.skippedBlocks));
}

function checkLenient(bytes: Buffer, strict: Reading, lenient: Reading): void {
  const { statistics } = lenient;
  if (!lenient.content.startsWith(strict.content)) throw new Error("lenient reading differs");
  if (strict.error === undefined) same("damage in a sound file", "0", `${statistics.damagedBytes}`);
  // Without a header that holds there is nothing to go on with.
  if (statistics.sections === 0) return;
  if (lenient.error !== undefined && lenient.error.code !== "NOT_A_CAPTURE") {
    throw new Error(`a lenient reader gave up: ${lenient.error.message}`);
  }
  if (lenient.error === undefined) {
    same("bytes accounted for", String(bytes.length), String(statistics.bytes));
  }
}

/** Compressed streams arrive in pieces of zlib's choosing, so only plain ones have a place. */
function describe(error: CaptureFileError | undefined): string {
  return error === undefined ? "none" : `${error.code} ${error.message}`;
}

function same(what: string, one: string, other: string): void {
  if (one !== other) throw new Error(`${what}: ${one.slice(-300)} / ${other.slice(-300)}`);
}

/** The law about list entries that become events: they never fail. */
export async function checkParts(bytes: Buffer): Promise<void> {
  const reader = new CaptureReader(chunksOf(bytes, bytes.length || 1), { lenient: true });
  try {
    for await (const part of replayParts(reader)) {
      if (part.kind === "blocks") wholeBlocks(part.bytes);
    }
  } catch (error) {
    if (!(error instanceof CaptureFileError)) throw error;
  }
}
