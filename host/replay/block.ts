import { ByteWriter } from "./byte-writer.ts";

/**
 * A capture file is a row of blocks, all little-endian:
 *
 *   0        4        8
 *   ├─ type ─┼ length ┼─ body …, filled up to a multiple of 4 ─┼ length ┤
 *     u32      u32                                               u32
 *
 * where `length` counts the whole block. An event block's body is
 *
 *   0       2                   2 (6 with flags)
 *   ├─ cpu ─┼─ flags ───────────┼─ event …
 *     u16     u32, some types
 */
export const BLOCK_HEADER_BYTES = 8;
export const BLOCK_FRAME_BYTES = 12;

export const BLOCK = {
  section: 0x0a0d_0d0a,
  machine: 0x201,
  processes: 0x215,
  descriptors: 0x218,
  event: 0x216,
  eventWithFlags: 0x217,
  interfaces: 0x219,
  accounts: 0x220,
  /** Our own: see start-times.ts. Far from the numbers that others use. */
  startTimes: 0x4c4e_5201,
  largeEvent: 0x221,
  largeEventWithFlags: 0x222,
  eventV1: 0x204,
  eventV1Legacy: 0x8010_abcd,
  eventWithFlagsV1: 0x208,
  machineLegacy: 0x8002_abcd,
} as const;

export const SECTION_MAGIC = 0x1a2b_3c4d;
export const SECTION_MAGIC_SWAPPED = 0x4d3c_2b1a;

/** Flag of an event block: applied to state, never shown to rules. */
export const EVENT_STATE_ONLY = 1;

export function paddedLength(bytes: number): number {
  return (bytes + 3) & ~3;
}

/** One whole block around `body`. */
export function block(type: number, body: Uint8Array): Buffer {
  const padded = paddedLength(body.length);
  const total = padded + BLOCK_FRAME_BYTES;
  return new ByteWriter()
    .u32(type)
    .u32(total)
    .bytes(body)
    .zeros(padded - body.length)
    .u32(total)
    .take();
}
