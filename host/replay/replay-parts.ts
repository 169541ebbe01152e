import { BLOCK_FRAME_BYTES } from "./block.ts";
import { bootstrapAccounts, bootstrapDescriptors, bootstrapProcesses } from "./bootstrap.ts";
import type { InterfaceEntry, MachineInfo } from "./entries.ts";
import type { CapturePart, CaptureReader } from "./reader.ts";

/** What an engine session does with a capture, in order. */
export type ReplayPart =
  /** Start with empty state: a capture begins. */
  | { readonly kind: "section" }
  | { readonly kind: "machine"; readonly machine: MachineInfo }
  | { readonly kind: "interfaces"; readonly interfaces: readonly InterfaceEntry[] }
  /**
   * Whole event blocks for the replay window: lists as state-only events, then the events. At most
   * `blockBytes` unless one block alone is larger. Valid until the next part is asked for.
   */
  | { readonly kind: "blocks"; readonly bytes: Buffer };

export interface ReplayStatistics {
  /** Entries of the lists that cannot be said in an event. */
  droppedEntries: number;
}

/** Time of the lists: before every event. */
const LIST_TIME = 0n;
const BLOCK_BYTES_DEFAULT = 4 << 20;

/** A capture as an engine session takes it. Errors are those of the reader. */
export async function* replayParts(
  reader: CaptureReader,
  statistics: ReplayStatistics = { droppedEntries: 0 },
  blockBytes: number = BLOCK_BYTES_DEFAULT,
): AsyncGenerator<ReplayPart> {
  for await (const part of reader) {
    const made = partBlocks(part);
    if (made === undefined) {
      yield part as ReplayPart;
      continue;
    }
    statistics.droppedEntries += made.dropped;
    for (const bytes of sliceBlocks(made.blocks, blockBytes)) yield { kind: "blocks", bytes };
  }
}

function partBlocks(
  part: CapturePart,
): { readonly blocks: Buffer; readonly dropped: number } | undefined {
  switch (part.kind) {
    case "processes":
      return bootstrapProcesses(part.processes, LIST_TIME);
    case "descriptors":
      return bootstrapDescriptors(part.list, LIST_TIME);
    case "accounts":
      return bootstrapAccounts(part.accounts, LIST_TIME);
    case "events":
      return { blocks: part.bytes, dropped: 0 };
    default:
      return undefined;
  }
}

/** Cuts whole blocks into rows of at most `max` bytes; a larger block makes a row of its own. */
export function* sliceBlocks(blocks: Buffer, max: number): Generator<Buffer> {
  let start = 0;
  let end = 0;
  while (end < blocks.length) {
    const next = end + blocks.readUInt32LE(end + 4);
    if (next - start > max && end > start) {
      yield blocks.subarray(start, end);
      start = end;
    }
    end = next;
  }
  if (end > start) yield blocks.subarray(start, end);
}

/** How far blocks with sane lengths reach from the front. */
export function endOfWholeBlocks(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let end = 0;
  while (end + BLOCK_FRAME_BYTES <= bytes.length) {
    const length = view.getUint32(end + 4, true);
    if (length < BLOCK_FRAME_BYTES || length > bytes.length - end) break;
    if (view.getUint32(end + length - 4, true) !== length) break;
    end += length;
  }
  return end;
}

export function countBlocks(blocks: Uint8Array): number {
  const view = new DataView(blocks.buffer, blocks.byteOffset, blocks.length);
  let count = 0;
  for (let at = 0; at < blocks.length; at += view.getUint32(at + 4, true)) count++;
  return count;
}
