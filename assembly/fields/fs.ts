/**
 * Paths of the calls that change or open files: `fs.path.*`. One path is the name; of two, Falco
 * calls the new one of a link its source. Calls that fail have no paths, but opens do.
 */
import { Params } from "../record/event";
import { EventType } from "../schema/generated/events";
import { Frame } from "../state/frame";
import { findDescriptor, Owner } from "../state/lookup";
import { decodeCurrent, Slot } from "./param";
import { isNullText, textLength } from "./render-param";
import { directoryOf, joinTo } from "./resolve-param";
import { constant, Scratch } from "./scratch";
import { Value } from "./value";

/** Parameter index for "no such parameter". */
const NONE: u32 = 0xff;

export function fsPathName(): bool {
  return descriptorName() || resolved(nameParam());
}

export function fsPathNameraw(): bool {
  return descriptorName() || raw(nameParam());
}

export function fsPathSource(): bool {
  return resolved(sourceParam());
}

export function fsPathSourceraw(): bool {
  return raw(sourceParam());
}

export function fsPathTarget(): bool {
  return resolved(targetParam());
}

export function fsPathTargetraw(): bool {
  return raw(targetParam());
}

/** fchmod and fchown name their file by its descriptor. */
function descriptorName(): bool {
  const type = Frame.type;
  if (type != EventType.SYSCALL_FCHMOD_X && type != EventType.SYSCALL_FCHOWN_X) return false;
  decodeCurrent();
  const thread = Frame.thread;
  if (thread === null || Params.i64(0) < 0) return false;
  const descriptor = findDescriptor(Owner.of(thread), Params.i64(1));
  return descriptor !== null && Value.block(descriptor.name);
}

function nameParam(): u32 {
  switch (Frame.type) {
    case EventType.SYSCALL_OPEN_X:
      return 1;
    case EventType.SYSCALL_OPENAT_2_X:
    case EventType.SYSCALL_OPENAT2_X:
      return 2;
    case EventType.SYSCALL_MKDIR_2_X:
    case EventType.SYSCALL_RMDIR_2_X:
    case EventType.SYSCALL_UNLINK_2_X:
    case EventType.SYSCALL_CHMOD_X:
    case EventType.SYSCALL_CHOWN_X:
    case EventType.SYSCALL_LCHOWN_X:
    case EventType.SYSCALL_QUOTACTL_X:
    case EventType.SYSCALL_UMOUNT_1_X:
    case EventType.SYSCALL_UMOUNT2_X:
      return succeeded(1);
    case EventType.SYSCALL_MKDIRAT_X:
    case EventType.SYSCALL_UNLINKAT_2_X:
    case EventType.SYSCALL_FCHMODAT_X:
    case EventType.SYSCALL_FCHOWNAT_X:
      return succeeded(2);
    default:
      return NONE;
  }
}

function sourceParam(): u32 {
  switch (Frame.type) {
    case EventType.SYSCALL_RENAME_X:
    case EventType.SYSCALL_MOUNT_X:
      return succeeded(1);
    case EventType.SYSCALL_RENAMEAT_X:
    case EventType.SYSCALL_RENAMEAT2_X:
    case EventType.SYSCALL_LINK_2_X:
    case EventType.SYSCALL_SYMLINK_X:
      return succeeded(2);
    case EventType.SYSCALL_SYMLINKAT_X:
      return succeeded(3);
    case EventType.SYSCALL_LINKAT_2_X:
      return succeeded(4);
    default:
      return NONE;
  }
}

function targetParam(): u32 {
  switch (Frame.type) {
    case EventType.SYSCALL_LINK_2_X:
    case EventType.SYSCALL_SYMLINK_X:
    case EventType.SYSCALL_SYMLINKAT_X:
      return succeeded(1);
    case EventType.SYSCALL_RENAME_X:
    case EventType.SYSCALL_MOUNT_X:
    case EventType.SYSCALL_LINKAT_2_X:
      return succeeded(2);
    case EventType.SYSCALL_RENAMEAT_X:
    case EventType.SYSCALL_RENAMEAT2_X:
      return succeeded(4);
    default:
      return NONE;
  }
}

function succeeded(index: u32): u32 {
  decodeCurrent();
  return Params.has(0) && Params.i64(0) >= 0 ? index : NONE;
}

function raw(index: u32): bool {
  if (index == NONE || !Slot.load(index)) return false;
  if (Slot.length == 0 || isNullText()) return constant("<NA>");
  return Value.text(Slot.address, textLength());
}

/** The path made absolute; one below a directory that is not known stays as it was given. */
function resolved(index: u32): bool {
  if (!raw(index)) return false;
  const address = Value.address;
  const length = Value.length;
  const mark = Scratch.begin();
  joinTo(directoryOf(Slot.dirfd), address, length);
  return Scratch.end(mark);
}

/** `evt.abspath`: the path of a call that takes a directory beside it; the old one of two. */
export function evtAbspath(): bool {
  return absolute(atSourceParam());
}

/** `evt.abspath.src` and `evt.abspath.dst`. */
export function evtAbspathOf(key: usize, length: u32): bool {
  if (length != 3) return false;
  const word = (<u32>load<u8>(key) << 16) | (<u32>load<u8>(key, 1) << 8) | load<u8>(key, 2);
  if (word == 0x73_7263) return absolute(atSourceParam());
  return word == 0x64_7374 && absolute(atTargetParam());
}

function atSourceParam(): u32 {
  switch (Frame.type) {
    case EventType.SYSCALL_OPENAT_2_X:
    case EventType.SYSCALL_OPENAT2_X:
    case EventType.SYSCALL_MKDIRAT_X:
    case EventType.SYSCALL_UNLINKAT_2_X:
    case EventType.SYSCALL_FCHMODAT_X:
    case EventType.SYSCALL_FCHOWNAT_X:
    case EventType.SYSCALL_RENAMEAT_X:
    case EventType.SYSCALL_RENAMEAT2_X:
    case EventType.SYSCALL_LINKAT_2_X:
      return 2;
    case EventType.SYSCALL_SYMLINKAT_X:
    case EventType.SYSCALL_OPEN_BY_HANDLE_AT_X:
      return 3;
    default:
      return NONE;
  }
}

function atTargetParam(): u32 {
  switch (Frame.type) {
    case EventType.SYSCALL_RENAMEAT_X:
    case EventType.SYSCALL_RENAMEAT2_X:
    case EventType.SYSCALL_LINKAT_2_X:
      return 4;
    default:
      return atSourceParam();
  }
}

function absolute(index: u32): bool {
  if (!raw(index) || isNullText() || Slot.length == 0) return false;
  if (Value.length == 0) return true;
  const address = Value.address;
  const length = Value.length;
  const mark = Scratch.begin();
  const directory = directoryOf(Slot.dirfd);
  if (directory == 0 && load<u8>(address) != 0x2f) Scratch.ascii("<UNKNOWN>/");
  joinTo(directory, address, length);
  return Scratch.end(mark);
}
