/**
 * The head of the state window: where the tables lie, what the engine is doing right now, and what
 * it has counted. Host, agent and packs read it; only the engine writes it.
 *
 * An engine that dies leaves enough here for its successor to go on: `changing` says whether the
 * tables are whole, `ringPosition` up to where each ring was applied, and the frame which event was
 * being evaluated by which pack.
 */
import { RINGS_MAX, STATE_BASE } from "../schema/generated/memory";

/** "LNRSTAT" and the layout version; a successor refuses any other value. */
export const STATE_MAGIC: u64 = 0x0054_4154_5352_4e4c;
export const STATE_VERSION: u32 = 3;

/**
 *   +0      Header
 *   +512    free lists of the string heap
 *   +976    u32 number of the last canary (see engine/rings.ts)
 *   +984    TapMark: the last recorded event (see engine/tap.ts)
 *   +1008   u32 bytes of recorded blocks at the front of the replay window that nobody has yet
 *   +1016   u64 of the host's own (see host/engine/state-window.ts)
 *   +1024   Frame      (see frame.ts)
 *   +1152   parameters of the frame's event (see record/event.ts)
 *   +2048   Counters   (see counters.ts)
 *   +8192   ringPosition u64 × RINGS_MAX
 *   +16384  schema tables, users, groups, containers, thread table, descriptor table, string heap:
 *           at the addresses given below
 */
@unmanaged
export class Header {
  magic: u64;
  version: u32;
  /** Nonzero while an update is under way: 1 record being applied, 2 tables being laid out. */
  changing: u32;
  /** Goes up with every drained batch and every evaluated pack; the watchdog looks for movement. */
  heartbeat: u64;
  /** The clock of all `changedAt` stamps. Never goes back. */
  changeClock: u64;
  /**
   * Last moment (change clock) at which a walk of ancestors, or a look-up of a session or group
   * leader, might have given another result for a thread other than the one that changed.
   */
  lineageChangedAt: u64;
  /** Last moment (change clock) at which the user or group tables changed. */
  usersChangedAt: u64;
  /** Events numbered so far; `evt.num` of the current event. */
  eventNumber: u64;
  /** Time stamp of the first event, ns since the epoch; 0 before it. */
  firstEventTime: u64;

  schemaBase: u32;
  schemaBytes: u32;
  threadBase: u32;
  /** Power of two: slots of the thread hash index. */
  threadSlots: u32;
  threadCapacity: u32;
  threadIndexBase: u32;
  descriptorBase: u32;
  descriptorSlots: u32;
  descriptorCapacity: u32;
  descriptorIndexBase: u32;
  stringBase: u32;
  stringBytes: u32;
  containerBase: u32;
  containerCapacity: u32;
  userBase: u32;
  userCapacity: u32;
  groupBase: u32;
  groupCapacity: u32;
  interfaceBase: u32;
  interfaceCapacity: u32;

  /** Heads of the lists of threads by `ptid`; as many slots as the thread index. */
  childIndexBase: u32;
  containerIndexBase: u32;
  containerSlots: u32;
  interfaceCount: u32;
  threadCount: u32;
  descriptorCount: u32;
  containerCount: u32;
  userCount: u32;
  groupCount: u32;
  /** First free entry of each table among those used before, an address, 0 for none. */
  threadFree: u32;
  descriptorFree: u32;
  /** Entries that were ever used; those behind them were never touched. */
  threadFresh: u32;
  descriptorFresh: u32;
  /** Where the untouched part of the string heap begins. */
  stringNext: u32;
  /** Bytes of the string heap that are in use, block heads and rounding included. */
  stringUsed: u32;
  /** ns since the epoch: start of the host's own pid namespace; 0 unknown. */
  bootTime: u64;
  /** Name of the host that events come from, a Text; empty for a recording. */
  hostname: u32;
  /** Nonzero: captured data prints as Base64 (`buffer_format_base64`). */
  base64: u32;
  /** Events taken in ever, state-only ones too. Never goes back. */
  serial: u64;
}

export class HeaderAt {
  @inline static get header(): Header {
    return changetype<Header>(<usize>STATE_BASE);
  }
}

/** Heads of the string heap's free lists, one u32 per size class (see heap.ts). */
export const STRING_FREE_BASE: u32 = STATE_BASE + 512;
/** 20 bytes: which event recording put into the replay window last. */
export const TAP_MARK_BASE: u32 = STATE_BASE + 984;
/** Bytes that recording has put into the replay window (u32); cleared when the host has them. */
export const TAPPED_BASE: u32 = STATE_BASE + 1008;
/** A word of the host's own (u64), which no engine clears while a run goes on. */
export const HOST_WORD_BASE: u32 = STATE_BASE + 1016;
export const FRAME_BASE: u32 = STATE_BASE + 1024;
export const COUNTERS_BASE: u32 = STATE_BASE + 2048;
export const RING_POSITIONS_BASE: u32 = STATE_BASE + 8192;
export const TABLES_BASE: u32 = STATE_BASE + 16_384;
/** Keeps the compiler honest about the gap between the positions and the tables. */
export const RING_POSITIONS_BYTES: u32 = RINGS_MAX * 8;
