/** Resident pages of several processes, each counted once however often it is mapped. */
import { execFileSync } from "node:child_process";
import { closeSync, openSync, readFileSync, readSync } from "node:fs";

/** /proc/PID/pagemap: 8 bytes a page; bit 63 present, bits 0 to 54 the number of its frame. */
const ENTRY_BYTES = 8;
const FRAME_MASK = (1n << 55n) - 1n;
const PRESENT = 1n << 63n;
const READ_ENTRIES_MAX = 1 << 16;

/** Bytes; undefined where the kernel hides the numbers of frames from this user. */
export function distinctBytes(pids: readonly number[]): number | undefined {
  const frames = new Set<bigint>();
  const pageBytes = Number(execFileSync("getconf", ["PAGESIZE"], { encoding: "utf8" }));
  for (const pid of pids) addFrames(pid, pageBytes, frames);
  // Hidden frames all read as 0.
  return frames.size <= 1 ? undefined : frames.size * pageBytes;
}

function addFrames(pid: number, pageBytes: number, frames: Set<bigint>): void {
  const areas = accessibleAreas(readFileSync(`/proc/${String(pid)}/maps`, "utf8"));
  const file = openSync(`/proc/${String(pid)}/pagemap`, "r");
  const buffer = Buffer.alloc(READ_ENTRIES_MAX * ENTRY_BYTES);
  try {
    for (const { start, end } of areas) {
      const last = end / pageBytes;
      for (let page = start / pageBytes; page < last; page += READ_ENTRIES_MAX) {
        const bytes = Math.min(READ_ENTRIES_MAX, last - page) * ENTRY_BYTES;
        const read = readSync(file, buffer, 0, bytes, page * ENTRY_BYTES);
        collect(buffer.subarray(0, read), frames);
      }
    }
  } finally {
    closeSync(file);
  }
}

function collect(entries: Buffer, frames: Set<bigint>): void {
  for (let at = 0; at < entries.length; at += ENTRY_BYTES) {
    const entry = entries.readBigUInt64LE(at);
    if ((entry & PRESENT) !== 0n) frames.add(entry & FRAME_MASK);
  }
}

interface Area {
  readonly start: number;
  readonly end: number;
}

/** Without what nobody may access: WebAssembly reserves many GiB of that, and none is resident. */
export function accessibleAreas(maps: string): readonly Area[] {
  return maps.split("\n").flatMap((line) => {
    const [, start, end, access] = /^([0-9a-f]+)-([0-9a-f]+) (\S+)/.exec(line) ?? [];
    if (start === undefined || end === undefined || access?.startsWith("---") !== false) return [];
    if (line.endsWith("[vsyscall]")) return [];
    return [{ start: Number.parseInt(start, 16), end: Number.parseInt(end, 16) }];
  });
}
