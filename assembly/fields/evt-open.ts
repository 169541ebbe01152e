/**
 * How a file was opened: `evt.is_open_*`. They are false, not missing, for other events, so that a
 * negated condition holds there.
 */
import { Params } from "../record/event";
import { EventType } from "../schema/generated/events";
import { Frame } from "../state/frame";
import { Facts } from "./facts";
import { Value } from "./value";

/** Portable open flags. Reading and writing are bits of their own here. */
const READ: u32 = 1 << 0;
const WRITE: u32 = 1 << 1;
const CREATE: u32 = 1 << 2;
const TEMPORARY: u32 = 1 << 13;
const CREATED: u32 = 1 << 14;
/** Flag of creat alone. */
const CREAT_CREATED: u32 = 1;

const MODE_EXECUTE: u32 = 0o111;

export function evtIsOpenRead(): bool {
  return Value.truth((Facts.openFlags & READ) != 0);
}

export function evtIsOpenWrite(): bool {
  return Value.truth((Facts.openFlags & WRITE) != 0);
}

/** Created, or would have been, with a bit that lets somebody execute it. */
export function evtIsOpenExec(): bool {
  const makes = isCreat() || (Facts.openFlags & (CREATE | TEMPORARY)) != 0;
  return Value.truth(makes && (openMode() & MODE_EXECUTE) != 0);
}

/** The kernel says that the file is new, or it is a temporary one without a name. */
export function evtIsOpenCreate(): bool {
  if (Params.i64(0) < 0) return Value.truth(false);
  if (isCreat()) return Value.truth((Params.u16(5) & CREAT_CREATED) != 0);
  return Value.truth((Facts.openFlags & (TEMPORARY | CREATED)) != 0);
}

function isCreat(): bool {
  return Frame.type == EventType.SYSCALL_CREAT_X;
}

function openMode(): u32 {
  switch (Frame.type) {
    case EventType.SYSCALL_OPEN_X:
      return Params.u32(3);
    case EventType.SYSCALL_CREAT_X:
      return Params.u32(2);
    case EventType.SYSCALL_OPENAT_2_X:
    case EventType.SYSCALL_OPENAT2_X:
      return Params.u32(4);
    default:
      return 0;
  }
}
