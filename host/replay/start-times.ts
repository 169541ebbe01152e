/**
 * When the listed processes started: the one thing of them that their own list cannot say. A block
 * of ours before that list, which other readers pass over as unknown.
 *
 *   ├─ tid i64 ─┼─ start u64, ns since the epoch ─┤ …
 */
import { ByteWriter } from "./byte-writer.ts";
import type { Cursor } from "./cursor.ts";
import type { ProcessEntry } from "./entries.ts";

const ENTRY_BYTES = 16;

/** Start by tid, of at most `max` threads. */
export function readStartTimes(body: Cursor, max: number): ReadonlyMap<bigint, bigint> {
  const starts = new Map<bigint, bigint>();
  while (body.remaining >= ENTRY_BYTES && starts.size < max) {
    starts.set(body.i64("tid"), body.u64("the start of a process"));
  }
  return starts;
}

export function withStartTimes(
  entries: readonly ProcessEntry[],
  starts: ReadonlyMap<bigint, bigint>,
): readonly ProcessEntry[] {
  if (starts.size === 0) return entries;
  return entries.map((entry) => ({ ...entry, startTime: starts.get(entry.tid) ?? 0n }));
}

/** Body of the block; empty when no start is known. */
export function writeStartTimes(entries: Iterable<ProcessEntry>): Buffer {
  const out = new ByteWriter();
  for (const { tid, startTime } of entries) if (startTime !== 0n) out.u64(tid).u64(startTime);
  return out.take();
}
