/**
 * What almost every condition asks first. The engine finds it once for an event and hands it to the
 * `evaluate` of each pack as numbers, so that most rules are decided without a look at the state
 * window or the record: each pack has mappings of its own, and a hundred packs that touch one page
 * of them miss the translation cache a hundred times for each event.
 *
 *   0            32                 41       42       43  44       45  48     60
 *   ├ open flags ┼ descriptor type ─┼ speaks ┼ has fd ┼ ─ ┼ climbs ┼ ─ ┼ row ─┤
 *     u32          u9                 of fd
 */

import { CACHE_ROWS_MAX } from "../schema/generated/memory";

/** A change stamp of what is not there, or of what the event itself has changed. */
export const UNSETTLED: u64 = ~0;
export const NO_DESCRIPTOR: u32 = 0x100;

export const SPEAKS_OF_FD: u64 = 1 << 41;
export const HAS_FD: u64 = 1 << 42;
/** Two dots may stand in the path that an opening call was given. */
export const CLIMBS: u64 = 1 << 44;
export const ROW_SHIFT: u64 = 48;
/** Threads that are so far apart in the table share a row of remembered answers. */
export const ROWS_MASK: u32 = CACHE_ROWS_MAX - 1;

export class Facts {
  static type: u32 = 0;
  /** No descriptor; written out, for what is computed would need a start function. */
  static word: u64 = 0x100_0000_0000;
  /** Number that the event speaks of; valid with HAS_FD. */
  static fd: i64 = 0;
  /** Addresses of the thread's leader, above, and the thread. */
  static owner: u64 = 0;
  static container: u32 = 0;
  static descriptor: u32 = 0;
  /**
   * Last change of what an answer depends on: the thread, its leader and its container; the same
   * and its ancestors; the descriptor. UNSETTLED where answers do not outlive the event.
   */
  static processTag: u64 = UNSETTLED;
  static lineageTag: u64 = UNSETTLED;
  static descriptorTag: u64 = UNSETTLED;

  @inline static has(fact: u64): bool {
    return (Facts.word & fact) != 0;
  }
  /** Portable flags of a call that opens a file by a path or handle, else 0. */
  @inline static get openFlags(): u32 {
    return <u32>Facts.word;
  }
  /** FdType, or NO_DESCRIPTOR. */
  @inline static get descriptorType(): u32 {
    return <u32>(Facts.word >> 32) & 0x1ff;
  }
  @inline static get row(): usize {
    return <usize>(Facts.word >> ROW_SHIFT) & ROWS_MASK;
  }
}

/** False only where the path that the call was given is known to have no two dots in a row. */
export function mayClimb(): bool {
  return Facts.has(CLIMBS);
}

/** Whether the event speaks of a descriptor at all. */
export function speaksOfFd(): bool {
  return Facts.has(SPEAKS_OF_FD);
}
