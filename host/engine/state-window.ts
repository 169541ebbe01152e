/**
 * The words of the state window that the host reads (drawn in assembly/state/header.ts and
 * frame.ts). Offsets are from the start of the window, so they serve a mapped memory and a file
 * descriptor alike.
 */
import { CANARY_BASE, REPLAY_BYTES_MAX, STATE_BASE } from "../schema/memory.ts";

export const HEADER_AT = {
  version: 8,
  changing: 12,
  heartbeat: 16,
  eventNumber: 48,
} as const;

const FRAME_OFFSET = 1_024;

const CANARY_AT = CANARY_BASE - STATE_BASE;

/**
 * A word of the host's own at the end of the header: matches that were rendered since the engine
 * process started (u64). It outlives the process, so what was on its way can be counted.
 */
export const MATCHES_AT = FRAME_OFFSET - 8;

/** Recorded bytes at the front of the replay window that the agent does not have yet (u32). */
export const TAPPED_AT = FRAME_OFFSET - 16;

/**
 * The event recorded last, of a block from `start` to `end`: it is applied once `ring` (an index)
 * stands at `position`. Only counts while the recorded bytes end at `end` (assembly/engine/tap.ts).
 */
export const TAP_MARK_AT = {
  position: FRAME_OFFSET - 40,
  start: FRAME_OFFSET - 32,
  end: FRAME_OFFSET - 28,
  ring: FRAME_OFFSET - 24,
} as const;

/** Position up to which each ring was applied (u64 each). */
export const RING_POSITIONS_AT = 8_192;

export const FRAME_AT = {
  number: FRAME_OFFSET,
  event: FRAME_OFFSET + 8,
  type: FRAME_OFFSET + 12,
  pack: FRAME_OFFSET + 40,
} as const;

export const NO_PACK = 0xffff_ffff;
/** Packs are about to be called; the engine's own code runs. */
export const NO_PACK_YET = 0xffff_fffe;

/** Enough bytes from the start of the window for all of the above. */
export const STATE_HEAD_BYTES = 2_048;

/** What the engine is doing, as a watcher sees it. */
export interface Pulse {
  readonly heartbeat: bigint;
  /** Nonzero: the tables are being changed. */
  readonly changing: number;
  /** Pack that is being called, or undefined. */
  readonly pack: number | undefined;
  readonly eventNumber: bigint;
  readonly eventType: number;
  /** Number of the last canary that arrived, 0 before one did. */
  readonly canary: number;
}

/** Reads the pulse from the first STATE_HEAD_BYTES of the window. */
export function readPulse(head: DataView): Pulse {
  const pack = head.getUint32(FRAME_AT.pack, true);
  return {
    heartbeat: head.getBigUint64(HEADER_AT.heartbeat, true),
    changing: head.getUint32(HEADER_AT.changing, true),
    pack: pack === NO_PACK || pack === NO_PACK_YET ? undefined : pack,
    eventNumber: head.getBigUint64(HEADER_AT.eventNumber, true),
    eventType: head.getUint32(FRAME_AT.type, true),
    canary: head.getUint32(CANARY_AT, true),
  };
}

const BLOCK_HEADER_BYTES = 8;
const FLAGGED_PREFIX_BYTES = 6;
const PLAIN_PREFIX_BYTES = 2;
/** Block types whose body starts with flags. No block's length, a multiple of 4, can equal them. */
const FLAGGED_BLOCKS: readonly number[] = [0x217, 0x222];

/**
 * Offset behind the block whose event is at `event`; both count from the start of the replay
 * window, which `word` reads. Undefined when there is no room for a block in front of the event,
 * or its length does not lead beyond it.
 */
export function blockEnd(event: number, word: (offset: number) => number): number | undefined {
  if (event < BLOCK_HEADER_BYTES + PLAIN_PREFIX_BYTES || event >= REPLAY_BYTES_MAX)
    return undefined;
  const flagged = event - BLOCK_HEADER_BYTES - FLAGGED_PREFIX_BYTES;
  const isFlagged = flagged >= 0 && FLAGGED_BLOCKS.includes(word(flagged));
  const start = isFlagged ? flagged : event - BLOCK_HEADER_BYTES - PLAIN_PREFIX_BYTES;
  const end = start + word(start + 4);
  return end > event && end <= REPLAY_BYTES_MAX ? end : undefined;
}
