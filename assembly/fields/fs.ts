/**
 * Paths of the calls that change or open files: `fs.path.*`. One path is the name; of two, Falco
 * calls the new one of a link its source. Calls that fail have no paths, but opens do, unless it
 * was for a lack of permission (EPERM is −1).
 */
import { Params } from "../record/event";
import { EventFlag } from "../schema/generated/encoding";
import { EventType } from "../schema/generated/events";
import { NO_DIRFD } from "../schema/tables";
import { FdType } from "../state/descriptor";
import { Frame } from "../state/frame";
import { findDescriptor, Owner } from "../state/lookup";
import { NO_TEXT, Text, TextAt } from "../state/text";
import { Schema, Slot } from "./param";
import { isNullText, textLength } from "./render-param";
import { AT_FDCWD, directoryOf, joinBelowUnknown, joinTo, joinToUnknown } from "./resolve-param";
import { constant, Scratch } from "./scratch";
import { Value } from "./value";

const SLASH: u8 = 0x2f;
const EPERM: i64 = 1;

/** Parameter index for "no such parameter". */
const NONE: u32 = 0xff;

export function fsPathName(): bool {
  return resolvedDescriptorName() || resolved(nameParam());
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
  const thread = Frame.thread;
  if (thread === null || Params.i64(0) < 0) return false;
  const descriptor = findDescriptor(Owner.of(thread), Params.i64(1));
  return descriptor !== null && Value.block(descriptor.name);
}

/** A name that is no path, as that of an anonymous file, is below the working directory too. */
function resolvedDescriptorName(): bool {
  if (!descriptorName()) return false;
  const address = Value.address;
  const length = Value.length;
  if (length == 0 || load<u8>(address) == SLASH) return true;
  const mark = Scratch.begin();
  joinTo(directoryOf(NO_DIRFD), address, length);
  return Scratch.end(mark);
}

function nameParam(): u32 {
  switch (Frame.type) {
    case EventType.SYSCALL_OPEN_X:
      return unlessForbidden(1);
    case EventType.SYSCALL_OPENAT_2_X:
    case EventType.SYSCALL_OPENAT2_X:
      return unlessForbidden(2);
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
  return Params.has(0) && Params.i64(0) >= 0 ? index : NONE;
}

function unlessForbidden(index: u32): u32 {
  return Params.i64(0) == -EPERM ? NONE : index;
}

function raw(index: u32): bool {
  if (index == NONE || !Slot.load(index)) return false;
  if (Slot.length == 0 || isNullText()) return constant("<NA>");
  return Value.text(Slot.address, textLength());
}

/**
 * The path made absolute, as Falco does it. Opens take the name of what was opened. Calls that use
 * a descriptor take their path below it when it was opened as a directory, renameat2 below those
 * that it names; everything else is below the working directory, both paths of renameat and linkat
 * too.
 */
function resolved(index: u32): bool {
  if (!raw(index)) return false;
  const address = Value.address;
  const length = Value.length;
  const isAbsolute = length > 0 && load<u8>(address) == SLASH;
  if (isOpenAt() && !isAbsolute) {
    const opened = Frame.descriptor;
    return opened === null ? constant("<UNKNOWN>") : Value.block(opened.name);
  }
  if (length == 0) return true;
  const mark = Scratch.begin();
  if (isAbsolute) joinTo(NO_TEXT, address, length);
  else if ((Schema.flags & EventFlag.USES_FD) != 0) joinBelowDescriptor(address, length);
  else joinTo(directoryOf(namesDirectories() ? Slot.dirfd : NO_DIRFD), address, length);
  return Scratch.end(mark);
}

function namesDirectories(): bool {
  return Frame.type == EventType.SYSCALL_RENAMEAT2_X;
}

function isOpenAt(): bool {
  return Frame.type == EventType.SYSCALL_OPENAT_2_X || Frame.type == EventType.SYSCALL_OPENAT2_X;
}

function joinBelowDescriptor(path: usize, length: u32): void {
  const directory = Frame.descriptor;
  if (directory === null || directory.type != FdType.Directory) joinToUnknown(path, length);
  else joinTo(directory.name, path, length);
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
  if (!raw(index) || Slot.length == 0) return false;
  if (Value.length == 0) return true;
  const address = Value.address;
  const length = Value.length;
  const mark = Scratch.begin();
  const directory = directoryOf(Slot.dirfd);
  if (load<u8>(address) != SLASH) {
    if (directory == NO_TEXT) {
      joinBelowUnknown(address, length);
      return Scratch.end(mark);
    }
    // Falco puts a slash after an open directory's name, behind that of the root too.
    if (isRoot(directory) && Params.i64(Slot.dirfd) != AT_FDCWD) Scratch.byte(SLASH);
  }
  joinTo(directory, address, length);
  return Scratch.end(mark);
}

function isRoot(path: Text): bool {
  return TextAt.length(path) == 1 && load<u8>(TextAt.bytes(path)) == SLASH;
}
