/**
 * Where a recording goes: one file, or numbered files in turn, each complete with header, processes
 * and users of its own, so that each can be replayed alone.
 */
import { sliceBlocks } from "../replay/replay-parts.ts";
import { type CaptureLists, type CaptureWriter, createCapture } from "../replay/writer.ts";

export interface Rotation {
  /** Begin a new file when this one has so many bytes, as stored. */
  readonly bytes?: number;
  /** Begin a new file when this one is so old. */
  readonly seconds?: number;
}

export interface RecordFilesOptions {
  /** Compressed when it ends with .gz. */
  readonly path: string;
  readonly rotation?: Rotation;
  /** The lists as they are now, for the next file. */
  readonly lists: () => CaptureLists;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
}

/** Between two looks at the size of the file. */
const ROW_BYTES = 256 << 10;
/** As many as the engine's table of containers has places. */
const CONTAINERS_MAX = 4_096;

/** Calls of `events` must not overlap: the engine waits while its events are written. */
export class RecordFiles {
  readonly #options: RecordFilesOptions;
  readonly #files: string[] = [];
  /** Accounts that the lists do not have, by container: event blocks. */
  readonly #accounts = new Map<string, Uint8Array>();
  readonly #pending: Uint8Array[] = [];
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

  async start(lists: CaptureLists): Promise<void> {
    await this.#writer.start(lists);
  }

  /** Whole event blocks. Throws CaptureFileError when they cannot be stored. */
  async events(blocks: Uint8Array): Promise<void> {
    const bytes = Buffer.from(blocks.buffer, blocks.byteOffset, blocks.length);
    await this.#writePending();
    for (const row of sliceBlocks(bytes, ROW_BYTES)) {
      if (this.#isFull()) await this.#rotate();
      await this.#writer.events(row);
    }
  }

  /** Users and groups of a container, as event blocks: written before the next events. */
  accounts(container: string, blocks: Uint8Array): void {
    if (this.#accounts.size < CONTAINERS_MAX || this.#accounts.has(container)) {
      this.#accounts.set(container, blocks);
    }
    this.#pending.push(blocks);
  }

  async close(): Promise<void> {
    await this.#writePending();
    await this.#writer.close();
  }

  async #writePending(): Promise<void> {
    for (const blocks of this.#pending.splice(0)) await this.#writer.events(blocks);
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
    await this.#writer.start(this.#options.lists());
    for (const blocks of this.#accounts.values()) await this.#writer.events(blocks);
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
