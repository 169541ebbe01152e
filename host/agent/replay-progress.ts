/** How far a replay has come: the status line on a terminal, and the closing line. */
import { statSync } from "node:fs";
import type { ReaderStatistics } from "../replay/reader.ts";

const BAR_CHARS = 24;

export interface ProgressOptions {
  readonly files: readonly string[];
  /** Milliseconds, monotonic. */
  readonly now: () => number;
}

export class ReplayProgress {
  readonly #now: () => number;
  readonly #start: number;
  readonly #files: number;
  /** Bytes of all files; undefined when one of them is a pipe. */
  readonly #total: number | undefined;
  #reader: ReaderStatistics | undefined;
  #doneBytes = 0;
  #doneEvents = 0;
  #doneRecordings = 0;

  constructor(options: ProgressOptions) {
    this.#now = options.now;
    this.#start = options.now();
    this.#files = options.files.length;
    this.#total = totalBytes(options.files);
  }

  /** The next file is read; its counts are read from `statistics` whenever they are shown. */
  begin(statistics: ReaderStatistics): void {
    this.end();
    this.#reader = statistics;
  }

  end(): void {
    this.#doneBytes = this.bytes;
    this.#doneEvents = this.events;
    this.#doneRecordings = this.#recordings;
    this.#reader = undefined;
  }

  /** Bytes of files that were read, before decompression. */
  get bytes(): number {
    return this.#doneBytes + (this.#reader?.sourceBytes ?? 0);
  }

  /** Event blocks that were read. */
  get events(): number {
    return this.#doneEvents + (this.#reader?.events ?? 0);
  }

  get seconds(): number {
    return Math.max((this.#now() - this.#start) / 1_000, 0.001);
  }

  get #recordings(): number {
    return this.#doneRecordings + (this.#reader?.sections ?? 0);
  }

  /** `[=====     ] 21 %, 310 k events/s, 12 alerts, 8 s left` */
  status(shown: string): string {
    const rate = `${short(this.events / this.seconds)} events/s`;
    const read = `${short(this.bytes)}B read`;
    if (this.#total === undefined) return `replaying: ${read}, ${rate}, ${shown}`;
    const part = Math.min(1, this.bytes / Math.max(1, this.#total));
    const bar = "=".repeat(Math.round(part * BAR_CHARS)).padEnd(BAR_CHARS);
    const left =
      part === 0 ? "" : `, ${String(Math.ceil(this.seconds / part - this.seconds))} s left`;
    return `[${bar}] ${String(Math.floor(part * 100))} %, ${rate}, ${shown}${left}`;
  }

  /** `196981 events in 1.24 s (159 k events/s)`, and from how many recordings when not from one. */
  summary(events: bigint): string {
    const rate = short(Number(events) / this.seconds);
    const recordings = this.#recordings;
    const files = this.#files === 1 ? "1 file" : `${String(this.#files)} files`;
    const from = recordings > 1 ? ` from ${String(recordings)} recordings in ${files}` : "";
    return `${String(events)} events${from} in ${this.seconds.toFixed(2)} s (${rate} events/s)`;
  }
}

/** A number to three digits with k, M or G. */
function short(value: number): string {
  const units = ["", " k", " M", " G", " T"];
  let rest = value;
  let unit = 0;
  while (rest >= 999.5 && unit < units.length - 1) {
    rest /= 1_000;
    unit++;
  }
  const digits = unit === 0 || rest >= 99.95 ? 0 : 1;
  return `${rest.toFixed(digits)}${units[unit] ?? ""}`;
}

function totalBytes(files: readonly string[]): number | undefined {
  let sum = 0;
  for (const file of files) {
    const found = file === "-" ? undefined : statSync(file, { throwIfNoEntry: false });
    if (found?.isFile() !== true) return undefined;
    sum += found.size;
  }
  return sum;
}
