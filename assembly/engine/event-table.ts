/**
 * What the pipeline must know about each event type, in four bytes:
 *
 *   ├─ handler u16 ─┼─ descriptor parameter u8 ─┼─ bits u8 ─┤
 */
import { EventFlag, ParamType } from "../schema/generated/encoding";
import { EVENT_TYPES, EventType } from "../schema/generated/events";
import { eventAt, eventFlags, paramAt, paramCount, ParamInfo } from "../schema/tables";

const ROW: u32 = 4;
/** EVENT_TYPES rows. */
const ROWS: usize = memory.data(2_048, 8);

/** The thread is looked for but not made up when it is unknown. */
const FIND_ONLY: u8 = 1;
/** There is no thread. */
const NO_THREAD: u8 = 2;
/** An enter event: kept for its exit, never shown to packs. */
const HIDDEN: u8 = 4;
/** Speaks of descriptors: `hasFd` holds even when there is none. */
const DESCRIPTORS: u8 = 8;
/** A thing that was there before the first event: takes no number, never shown. */
const BOOTSTRAP: u8 = 16;
/** No program writes this type any more, and nobody converted the record. */
const DEAD: u8 = 32;
/** Users and groups: numbered but never shown. */
const ACCOUNT: u8 = 64;
/** Tells of what was there before: not what a capture begins with. */
const EARLIER: u8 = 128;

export const NO_DESCRIPTOR_PARAM: u32 = 0xff;

/** Reads of a row. */
export class EventRow {
  @inline static at(type: u32): usize {
    return ROWS + <usize>type * ROW;
  }
  /** Index in the function table, 0 for none. */
  @inline static handler(row: usize): u32 {
    return load<u16>(row);
  }
  /** Parameter with the descriptor that the event uses. */
  @inline static descriptorParam(row: usize): u32 {
    return load<u8>(row, 2);
  }
  @inline static findsOnly(row: usize): bool {
    return (load<u8>(row, 3) & FIND_ONLY) != 0;
  }
  @inline static hasNoThread(row: usize): bool {
    return (load<u8>(row, 3) & NO_THREAD) != 0;
  }
  @inline static isHidden(row: usize): bool {
    return (load<u8>(row, 3) & HIDDEN) != 0;
  }
  @inline static hasDescriptors(row: usize): bool {
    return (load<u8>(row, 3) & DESCRIPTORS) != 0;
  }
  @inline static isDead(row: usize): bool {
    return (load<u8>(row, 3) & DEAD) != 0;
  }
  @inline static isAccount(row: usize): bool {
    return (load<u8>(row, 3) & ACCOUNT) != 0;
  }
  @inline static isEarlier(row: usize): bool {
    return (load<u8>(row, 3) & EARLIER) != 0;
  }
  @inline static isBootstrap(row: usize): bool {
    return (load<u8>(row, 3) & BOOTSTRAP) != 0;
  }
}

/** `handler` is an index in the function table. */
export function setHandler(type: u32, handler: u32): void {
  store<u16>(EventRow.at(type), <u16>handler);
}

/** Everything but the handlers, from the schema tables at `base`. */
export function fillEventTable(base: usize): void {
  for (let type: u32 = 0; type < EVENT_TYPES; type++) {
    const flags = eventFlags(base, type);
    const row = EventRow.at(type);
    const speaks = EventFlag.CREATES_FD | EventFlag.USES_FD | EventFlag.DESTROYS_FD;
    let bits = eventAt(base, type) == 0 ? DEAD : threadBits(type, flags);
    if ((flags & speaks) != 0) bits |= DESCRIPTORS;
    store<u8>(row, bits, 3);
    const uses = (flags & EventFlag.USES_FD) != 0;
    store<u8>(row, uses ? <u8>descriptorParamOf(base, type) : 0xff, 2);
  }
}

function threadBits(type: u32, flags: u32): u8 {
  if (isEnter(type)) return HIDDEN;
  if (isEntry(type)) return NO_THREAD | BOOTSTRAP;
  if (isAccount(type)) return NO_THREAD | ACCOUNT | EARLIER;
  // A process of the start tells its CPU time; it is looked for, as the list may lack it.
  if (type == EventType.PROCINFO_E) return FIND_ONLY | EARLIER;
  if (type == EventType.CONTAINER_JSON_2_E) return NO_THREAD | EARLIER;
  if ((flags & EventFlag.SKIPS_RESET) != 0 || isMeta(type)) return NO_THREAD;
  return isClone(type) || isFoundOnly(type) ? FIND_ONLY : 0;
}

function isEnter(type: u32): bool {
  return (
    type == EventType.SYSCALL_OPEN_E ||
    type == EventType.SYSCALL_CREAT_E ||
    type == EventType.SYSCALL_OPENAT_2_E ||
    type == EventType.SYSCALL_OPENAT2_E ||
    type == EventType.SOCKET_CONNECT_E
  );
}

function isEntry(type: u32): bool {
  const first: u32 = EventType.ITER_TASK_E;
  const last: u32 = EventType.ITER_TASK_FILE_ANON_INODE_E;
  return type >= first && type <= last && (type & 1) == 0;
}

function isAccount(type: u32): bool {
  return (
    type == EventType.USER_ADDED_E ||
    type == EventType.USER_DELETED_E ||
    type == EventType.GROUP_ADDED_E ||
    type == EventType.GROUP_DELETED_E
  );
}

function isMeta(type: u32): bool {
  return (
    type == EventType.PLUGINEVENT_E ||
    type == EventType.ASYNCEVENT_E
  );
}

export function isClone(type: u32): bool {
  return (
    type == EventType.SYSCALL_CLONE_20_X ||
    type == EventType.SYSCALL_FORK_20_X ||
    type == EventType.SYSCALL_VFORK_20_X ||
    type == EventType.SYSCALL_CLONE3_X
  );
}

function isFoundOnly(type: u32): bool {
  return type == EventType.PROCEXIT_1_E || type == EventType.SCHEDSWITCH_6_E;
}

/** The first descriptor that is not the result: exits start with the result. A splice writes. */
function descriptorParamOf(base: usize, type: u32): u32 {
  if (type == EventType.SYSCALL_SPLICE_X) return 2;
  const count = paramCount(base, type);
  for (let i: u32 = type & 1; i < count; i++) {
    if (ParamInfo.type(paramAt(base, type, i)) == ParamType.FD) return i;
  }
  return NO_DESCRIPTOR_PARAM;
}
