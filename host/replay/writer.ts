import { createWriteStream } from "node:fs";
import type { Writable } from "node:stream";
import { finished } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { outputFile } from "../files/output-file.ts";
import { BLOCK, block } from "./block.ts";
import { CaptureFileError } from "./capture-file-error.ts";
import type { Accounts, FdList, InterfaceEntry, MachineInfo, ProcessEntry } from "./entries.ts";
import { writeFdList } from "./fd-list.ts";
import { writeInterfaces } from "./interfaces.ts";
import { writeProcessList } from "./process-list.ts";
import { writeMachineInfo, writeSectionHeader } from "./sections.ts";
import { writeStartTimes } from "./start-times.ts";
import { writeAccounts } from "./users.ts";

/** What stands before the events. */
export interface CaptureLists {
  readonly machine: MachineInfo;
  readonly interfaces: readonly InterfaceEntry[];
  readonly accounts: Accounts;
  readonly processes: readonly ProcessEntry[];
  readonly descriptors: readonly FdList[];
}

/** The blocks of a capture up to its first event, in the order that readers expect. */
export function captureHead(lists: CaptureLists): Buffer {
  const starts = writeStartTimes(lists.processes);
  return Buffer.concat([
    block(BLOCK.section, writeSectionHeader()),
    block(BLOCK.machine, writeMachineInfo(lists.machine)),
    block(BLOCK.interfaces, writeInterfaces(lists.interfaces)),
    block(BLOCK.accounts, writeAccounts(lists.accounts)),
    ...(starts.length === 0 ? [] : [block(BLOCK.startTimes, starts)]),
    block(BLOCK.processes, writeProcessList(lists.processes)),
    ...lists.descriptors.map((list) => block(BLOCK.descriptors, writeFdList(list))),
  ]);
}

/**
 * Writes a capture file in the current versions of all blocks. Call `start` once, then `events` as
 * often as needed, then `close`; calls may overlap, bytes keep their order. After an error every
 * call rejects with it and the file keeps what was written before.
 */
export class CaptureWriter {
  readonly #head: Writable;
  readonly #tail: Writable;
  #failure: CaptureFileError | undefined;
  #bytes = 0;

  constructor(out: Writable, options: { readonly gzip: boolean }) {
    this.#tail = out;
    if (options.gzip) {
      const gzip = createGzip();
      gzip.pipe(out);
      gzip.on("error", (error) => this.#fail(error));
      this.#head = gzip;
    } else {
      this.#head = out;
    }
    out.on("error", (error) => this.#fail(error));
  }

  /** Bytes taken, before compression. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Bytes as stored so far; compression holds some back. */
  get storedBytes(): number {
    const { bytesWritten } = this.#tail as { readonly bytesWritten?: number };
    return bytesWritten ?? this.#bytes;
  }

  start(lists: CaptureLists): Promise<void> {
    return this.#write(captureHead(lists));
  }

  /** Whole event blocks; copied before the call returns. */
  events(blocks: Uint8Array): Promise<void> {
    return this.#write(Buffer.from(blocks));
  }

  async close(): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    this.#head.end();
    try {
      await finished(this.#tail);
    } catch (error) {
      throw this.#fail(error as Error);
    }
  }

  /** Resolves when the bytes were passed on, so that a slow disk slows the caller down. */
  async #write(bytes: Buffer): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    this.#bytes += bytes.length;
    await new Promise<void>((resolve, reject) => {
      this.#head.write(bytes, (error) => {
        if (error === null || error === undefined) resolve();
        else reject(this.#fail(error));
      });
    });
  }

  #fail(error: Error): CaptureFileError {
    const expected = `writable storage (${error.message})`;
    this.#failure ??= new CaptureFileError(
      "IO",
      { offset: this.#bytes, expected },
      { cause: error },
    );
    if (this.#head !== this.#tail) this.#head.destroy();
    return this.#failure;
  }
}

/** Creates (or truncates) a capture file; readable by its owner only, for it holds arguments. */
export function createCapture(path: string, options: { readonly gzip: boolean }): CaptureWriter {
  const file = outputFile(path);
  // Node takes numbers as well, for what has no letter.
  const flags = file.flags as unknown as string;
  const stream = createWriteStream(file.path, { flags, mode: 0o600 });
  return new CaptureWriter(stream, options);
}
