/** The bytes of a capture file as they come: from a file or a pipe, plain or gzip. */
import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { CaptureFileError } from "./capture-file-error.ts";

export const READ_BYTES = 1 << 20;
const GZIP_MAGIC = 0x8b1f;

/**
 * The chunks of a stream, through gunzip when they start like gzip. `onRead` hears of every chunk
 * as it comes from the stream.
 */
export async function* uncompressed(
  source: AsyncIterable<Buffer>,
  onRead: (bytes: number) => void,
): AsyncGenerator<Buffer> {
  const chunks = counted(source, onRead);
  let first: Buffer = Buffer.alloc(0);
  while (first.length < 2) {
    const next = await chunks.next();
    if (next.done === true) break;
    first = Buffer.concat([first, next.value]);
  }
  const all = restOf(first, chunks);
  if (first.length >= 2 && first.readUInt16LE(0) === GZIP_MAGIC) yield* gunzip(all);
  else yield* all;
}

async function* counted(
  source: AsyncIterable<Buffer>,
  onRead: (bytes: number) => void,
): AsyncGenerator<Buffer> {
  for await (const chunk of source) {
    onRead(chunk.length);
    yield chunk;
  }
}

async function* restOf(first: Buffer, chunks: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield first;
    let next = await chunks.next();
    while (next.done !== true) {
      yield next.value;
      next = await chunks.next();
    }
  } finally {
    await chunks.return?.();
  }
}

async function* gunzip(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const unzip = createGunzip({ chunkSize: READ_BYTES });
  const compressed = Readable.from(chunks);
  compressed.on("error", (error) => unzip.destroy(error));
  compressed.pipe(unzip);
  try {
    yield* unzip as AsyncIterable<Buffer>;
  } finally {
    compressed.destroy();
  }
}

/** Errors of the system and of zlib as errors of the file; others stay what they are. */
export function asCaptureFileError(error: unknown, offset: number): unknown {
  if (error instanceof CaptureFileError) return error;
  const code = error instanceof Error && "code" in error ? String(error.code) : undefined;
  // No error of the system or of zlib: a mistake of ours, which must not pass for a bad file.
  if (code === undefined) return error;
  if (code === "Z_BUF_ERROR") {
    return new CaptureFileError(
      "TRUNCATED",
      { offset, expected: "more of the gzip stream" },
      { cause: error },
    );
  }
  if (code.startsWith("Z_")) {
    return new CaptureFileError(
      "MALFORMED",
      { offset, expected: "a gzip stream" },
      { cause: error },
    );
  }
  const expected = `readable data (${(error as Error).message})`;
  return new CaptureFileError("IO", { offset, expected }, { cause: error });
}
