import { closeSync, openSync, readdirSync, readlinkSync, readSync } from "node:fs";

/** Grows up to the largest file that was read; one scan is one thread, so one buffer is enough. */
let scratch = Buffer.allocUnsafe(64 << 10);

/**
 * The first `max` bytes of a file of /proc, undefined when it (or its process) is gone or may not
 * be read. Valid until the next call.
 */
export function peekProc(path: string, max: number): Buffer | undefined {
  if (max > scratch.length) growTo(max);
  let fd: number;
  try {
    fd = openSync(path, "r");
  } catch {
    return undefined;
  }
  try {
    let length = 0;
    while (length < max) {
      const read = readSync(fd, scratch, length, max - length, null);
      if (read === 0) break;
      length += read;
    }
    return scratch.subarray(0, length);
  } catch {
    // ESRCH and EIO: the process ended between open and read.
    return undefined;
  } finally {
    closeSync(fd);
  }
}

function growTo(bytes: number): void {
  scratch = Buffer.allocUnsafe(Math.max(bytes, scratch.length * 2));
}

/** As `peekProc`, but the bytes stay valid. */
export function readProc(path: string, max: number): Buffer | undefined {
  const bytes = peekProc(path, max);
  return bytes === undefined ? undefined : Buffer.from(bytes);
}

/** Undefined when there is no such link any more. */
export function readLink(path: string): Buffer | undefined {
  try {
    return readlinkSync(path, "buffer");
  } catch {
    return undefined;
  }
}

/** Names in a directory of /proc that are decimal numbers; empty when it is gone. */
export function numbersIn(path: string): number[] {
  const numbers: number[] = [];
  let names: string[];
  try {
    names = readdirSync(path);
  } catch {
    return numbers;
  }
  for (const name of names) {
    const first = name.charCodeAt(0);
    if (first >= 0x30 && first <= 0x39) numbers.push(Number(name));
  }
  return numbers;
}

const DELETED = Buffer.from(" (deleted)");

/** The path without the kernel's mark of a deleted file. */
export function withoutDeleted(path: Buffer): Buffer {
  const start = path.length - DELETED.length;
  if (start <= 0 || path.compare(DELETED, 0, DELETED.length, start) !== 0) return path;
  return path.subarray(0, start);
}
