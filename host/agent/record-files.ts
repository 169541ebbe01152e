/**
 * Where a recording goes: one file, or numbered files in turn, each complete with header, processes
 * and users of its own, so that each can be replayed alone.
 */
import { stat, truncate, unlink } from "node:fs/promises";
import { CaptureFileError } from "../replay/capture-file-error.ts";
import { openCapture } from "../replay/reader.ts";
import { countBlocks, endOfWholeBlocks, sliceBlocks } from "../replay/replay-parts.ts";
import { type CaptureLists, type CaptureWriter, createCapture } from "../replay/writer.ts";

export interface Rotation {
  /** Begin a new file when this one has so many bytes, as stored. */
  readonly bytes?: number;
  /** Begin a new file when this one is so old. */
  readonly seconds?: number;
}

export interface RecordingFailure {
  /** The file that is the last one now. */
  readonly file: string;
  readonly cause: CaptureFileError;
}

export interface RecordFilesOptions {
  /** Compressed when it ends with .gz. */
  readonly path: string;
  readonly rotation?: Rotation;
  /** What is kept of the events; all of them when left out. */
  readonly filter?: (blocks: Uint8Array) => Uint8Array;
  /** The lists as they are now, for the next file. */
  readonly lists: () => CaptureLists;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
  /** Nothing can be stored any more; told once. What comes after is counted. */
  readonly onFailure?: (failure: RecordingFailure) => void;
}

/** Between two looks at the size of the file. */
const ROW_BYTES = 256 << 10;
/** As many as the engine's table of containers has places. */
const CONTAINERS_MAX = 4_096;

/** Calls may overlap; what they write keeps their order. */
export class RecordFiles {
  readonly #options: RecordFilesOptions;
  readonly #files: string[] = [];
  /** Accounts that the lists do not have, by container: event blocks. */
  readonly #accounts = new Map<string, Uint8Array>();
  /** The last write under way. */
  #last: Promise<void> = Promise.resolve();
  #failed = false;
  #lostEvents = 0;
  /** Events that were given to the file of now. */
  #fileEvents = 0;
  #writer: CaptureWriter;
  #openedAt: number;

  constructor(options: RecordFilesOptions) {
    this.#options = options;
    this.#writer = this.#open();
    this.#openedAt = options.now();
  }

  /** Files so far, in their order. */
  get files(): readonly string[] {
    return this.#files;
  }

  /** Events that came when, or after, nothing could be stored any more. */
  get lostEvents(): number {
    return this.#lostEvents;
  }

  async start(lists: CaptureLists): Promise<void> {
    await this.#writer.start(lists);
  }

  /** Whole event blocks. Resolves when they are stored or counted as lost. */
  events(blocks: Uint8Array): Promise<void> {
    return this.#inOrder(async () => {
      const kept = this.#options.filter?.(blocks) ?? blocks;
      const bytes = Buffer.from(kept.buffer, kept.byteOffset, kept.length);
      for (const row of sliceBlocks(bytes, ROW_BYTES)) await this.#row(row);
    });
  }

  /** Users and groups of a container, as event blocks: they hold for what is written next. */
  accounts(container: string, blocks: Uint8Array): void {
    this.#keep(container, blocks);
    void this.#inOrder(async () => {
      if (!this.#failed) await this.#write(blocks);
    });
  }

  /** Where there are too many, the container that was told of first is most likely gone. */
  #keep(container: string, blocks: Uint8Array): void {
    this.#accounts.delete(container);
    this.#accounts.set(container, blocks);
    const [oldest] = this.#accounts.keys();
    if (this.#accounts.size > CONTAINERS_MAX && oldest !== undefined) {
      this.#accounts.delete(oldest);
    }
  }

  close(): Promise<void> {
    return this.#inOrder(async () => {
      if (!this.#failed) await this.#try(() => this.#writer.close());
    });
  }

  async #row(row: Buffer): Promise<void> {
    if (!this.#failed && this.#isFull()) await this.#try(() => this.#rotate());
    if (this.#failed) this.#lostEvents += countBlocks(row);
    else await this.#write(row);
  }

  async #write(blocks: Uint8Array): Promise<void> {
    this.#fileEvents += countBlocks(blocks);
    await this.#try(() => this.#writer.events(blocks), blocks);
  }

  /** The file keeps those of `blocks` that it could take whole, where that can be had. */
  async #try(write: () => Promise<void>, blocks: Uint8Array = new Uint8Array()): Promise<void> {
    const writer = this.#writer;
    const before = writer.bytes;
    try {
      await write();
    } catch (error) {
      if (!(error instanceof CaptureFileError)) throw error;
      this.#failed = true;
      if (writer === this.#writer) await this.#keepWhole(before, blocks);
      else await this.#dropNew();
      this.#options.onFailure?.({ file: this.#files.at(-1) ?? "", cause: error });
    }
  }

  /** Of `blocks`, which were to be written at `before`; what is missing is counted. */
  async #keepWhole(before: number, blocks: Uint8Array): Promise<void> {
    const file = this.#files.at(-1) ?? "";
    if (!(await isRegular(file))) {
      // A pipe's reader has what it took before it left.
      this.#lostEvents += countBlocks(blocks);
      return;
    }
    if (!file.endsWith(".gz")) await cutToWhole(file, before, blocks).catch(() => undefined);
    this.#lostEvents += Math.max(0, this.#fileEvents - (await eventsIn(file)));
  }

  /** A file that could not be begun has no events; the one before it is complete. */
  async #dropNew(): Promise<void> {
    await unlink(this.#files.pop() ?? "").catch(() => undefined);
  }

  #inOrder(write: () => Promise<void>): Promise<void> {
    const next = this.#last.catch(() => undefined).then(write);
    this.#last = next;
    // Whoever asked hears of it; the next one meets the same writer.
    next.catch(() => undefined);
    return next;
  }

  #isFull(): boolean {
    const { bytes = Infinity, seconds = Infinity } = this.#options.rotation ?? {};
    const age = this.#options.now() - this.#openedAt;
    return this.#writer.storedBytes >= bytes || age >= seconds * 1_000;
  }

  async #rotate(): Promise<void> {
    await this.#writer.close();
    this.#writer = this.#open();
    this.#openedAt = this.#options.now();
    this.#fileEvents = 0;
    await this.#writer.start(this.#options.lists());
    for (const blocks of this.#accounts.values()) {
      this.#fileEvents += countBlocks(blocks);
      await this.#writer.events(blocks);
    }
  }

  #open(): CaptureWriter {
    const { path, rotation } = this.#options;
    const name = rotation === undefined ? path : numbered(path, this.#files.length + 1);
    this.#files.push(name);
    return createCapture(name, { gzip: path.endsWith(".gz") });
  }
}

/** `day.scap.gz` → `day.0001.scap.gz` */
export function numbered(path: string, number: number): string {
  const [suffix = ""] = /(?:\.scap)?(?:\.gz)?$/.exec(path) ?? [];
  const stem = path.slice(0, path.length - suffix.length);
  return `${stem}.${String(number).padStart(4, "0")}${suffix}`;
}

async function isRegular(file: string): Promise<boolean> {
  const found = await stat(file).catch(() => null);
  return found?.isFile() === true;
}

/** Cuts off what of the last write, `blocks` at `before`, is no whole block. */
async function cutToWhole(file: string, before: number, blocks: Uint8Array): Promise<void> {
  const { size } = await stat(file);
  const taken = blocks.subarray(0, Math.max(0, size - before));
  await truncate(file, Math.min(size, before + endOfWholeBlocks(taken)));
}

/** What can be read of a file that could not be finished: compression holds bytes back. */
async function eventsIn(file: string): Promise<number> {
  const reader = openCapture(file, { lenient: true });
  try {
    let events = 0;
    for await (const part of reader) if (part.kind === "events") events += part.count;
    return events;
  } catch {
    return 0;
  }
}
