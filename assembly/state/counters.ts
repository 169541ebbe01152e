/**
 * What the engine has counted, u64 each, at COUNTERS_BASE + 8 × index. Only ever goes up (the two
 * marked as gauges aside), survives a restart of the engine; the host reads it for statistics.
 */
import { COUNTERS_BASE } from "./header";

export const enum Counter {
  /** Events applied, those for state only included. */
  Events = 0,
  /** Events shown to at least one pack. */
  Evaluated = 1,
  /** Calls of packs. */
  Evaluations = 2,
  /** Rules that matched. */
  Matches = 3,
  /** Calls of `host.onMatch`. */
  MatchCalls = 4,
  /** Records whose lengths do not fit together. */
  Malformed = 5,
  /** Events of a type beyond the schema. */
  UnknownTypes = 6,
  ThreadsFull = 7,
  DescriptorsFull = 8,
  /** A process has as many descriptors as are kept for one. */
  ProcessDescriptorsFull = 9,
  /** A text did not fit the string heap; the value shows as unknown. */
  StringsFull = 10,
  /** A text was longer than the largest block. */
  StringsTooLong = 11,
  ContainersFull = 12,
  UsersFull = 13,
  GroupsFull = 14,
  InterfacesFull = 15,
  /** Entries made because an event named an unknown thread. */
  Placeholders = 16,
  ThreadsAdded = 17,
  ThreadsRemoved = 18,
  /** An entry was found to be of a thread that is gone: its exit was never seen. */
  ThreadsReplaced = 19,
  DescriptorsAdded = 20,
  DescriptorsRemoved = 21,
  /** The descriptor of an event was not known. */
  DescriptorsUnknown = 22,
  /** `resume` was called inside a pack: it trapped, or the engine died there. */
  PackTraps = 23,
  /** Records that the kernel side gave up after reserving them. */
  Discarded = 24,
  /** A ring's producer was behind its consumer or a record reached beyond it. */
  RingGaps = 25,
  /** Events older than the one before them in the merged stream. */
  OutOfOrder = 26,
  /** Enter events kept for their exit, and those that found it. */
  EntersKept = 27,
  EntersUsed = 28,
  /** Records that recording had no room for. */
  TapFull = 29,
  /** Loops in the chain of parents that were cut. */
  ParentLoops = 30,
  /** Async events handed to the host. */
  ContainerEvents = 31,
  /** How many counters there are before the per-type ones. */
  Fixed = 32,
}

/** Events per type, u64 each, behind the fixed counters: room for 640 types up to +8192. */
export const TYPE_COUNTERS_BASE: u32 = COUNTERS_BASE + 32 * 8;

/** Calls of packs that were left out because the pack takes too long (u64), behind the types. */
export const SKIPPED_BASE: u32 = TYPE_COUNTERS_BASE + 640 * 8;

export class Count {
  @inline static one(counter: Counter): void {
    Count.add(counter, 1);
  }
  @inline static add(counter: Counter, by: u64): void {
    const at = <usize>COUNTERS_BASE + (<usize>counter << 3);
    store<u64>(at, load<u64>(at) + by);
  }
  @inline static ofType(type: u32): void {
    const at = <usize>TYPE_COUNTERS_BASE + (<usize>type << 3);
    store<u64>(at, load<u64>(at) + 1);
  }
}
