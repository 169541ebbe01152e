/**
 * What a parameter means: the name behind a number, the file behind a descriptor, the absolute
 * path. This is what `evt.args` shows in brackets and what `evt.arg` prefers.
 */
import { Params } from "../record/event";
import { Path } from "../record/path";
import { ParamType } from "../schema/generated/encoding";
import {
  errnoName,
  FlagTable,
  flagTable,
  NO_DIRFD,
  NO_TABLE,
  signalName,
  syscallName,
  TableText,
} from "../schema/tables";
import { Frame } from "../state/frame";
import { findDescriptor, findThread, Owner } from "../state/lookup";
import { NO_TEXT, Text, TextAt } from "../state/text";
import { appendTypeChars } from "./fd-kind";
import { groupOf } from "./group";
import { Schema, Slot } from "./param";
import { isUnread, textLength } from "./render-param";
import { Scratch } from "./scratch";
import { process } from "./thread-of";
import { appendSeconds } from "./time";
import { userOf } from "./user";

export const AT_FDCWD: i64 = -100;
const NO_ID: u32 = 0xffff_ffff;
const BAR: u32 = 0x7c;
const SLASH: u8 = 0x2f;

/** Appends the meaning of the parameter in `Slot`; nothing when it has none beyond its value. */
export function appendResolved(): void {
  Slot.enter();
  if (Slot.length == 0) return;
  switch (Slot.type) {
    case ParamType.FD:
    case ParamType.FD32:
      return appendDescriptor(Slot.signed());
    case ParamType.PID:
    case ParamType.PID32:
      return appendComm(Slot.signed());
    case ParamType.ERRNO:
      return appendErrno(Slot.signed());
    case ParamType.UID:
    case ParamType.GID:
      return appendOwner(<u32>Slot.unsigned());
    case ParamType.FLAGS8:
    case ParamType.FLAGS16:
    case ParamType.FLAGS32:
    case ParamType.MODE:
      return appendFlags(<u32>Slot.unsigned());
    case ParamType.ENUMFLAGS8:
    case ParamType.ENUMFLAGS16:
    case ParamType.ENUMFLAGS32:
      return appendEqual(<u32>Slot.unsigned());
    case ParamType.FSPATH:
    case ParamType.FSRELPATH:
      return appendPath();
    case ParamType.SIGTYPE:
      return appendName(signalName(Schema.base, <u32>Slot.unsigned()));
    case ParamType.SYSCALLID:
      return appendName(syscallName(Schema.base, <u32>Slot.unsigned()));
    case ParamType.RELTIME:
      if (Slot.unsigned() != u64.MAX_VALUE) appendSeconds(Slot.unsigned());
      return;
  }
}

/** A text of the schema's tables, 0 for none. */
export function appendName(text: usize): void {
  if (text != 0) Scratch.bytes(TableText.bytes(text), TableText.length(text));
}

function appendBlock(text: Text): void {
  if (text != NO_TEXT) Scratch.bytes(TextAt.bytes(text), TextAt.length(text));
}

/** Appends the name of a negative result. */
export function appendErrno(result: i64): void {
  if (result < 0 && result > -4096) appendName(errnoName(Schema.base, <u32>-result));
}

/** `<f>/etc/passwd` */
function appendDescriptor(fd: i64): void {
  if (fd == AT_FDCWD) return Scratch.ascii("AT_FDCWD");
  if (fd < 0) return appendErrno(fd);
  const thread = Frame.thread;
  if (thread === null) return;
  const descriptor = findDescriptor(Owner.of(thread), fd);
  if (descriptor === null) return;
  Scratch.byte(0x3c);
  appendTypeChars(descriptor);
  Scratch.byte(0x3e);
  appendBlock(descriptor.name);
}

function appendComm(tid: i64): void {
  const thread = tid > 0 ? findThread(tid) : null;
  if (thread !== null) Scratch.bytes(thread.comm, thread.commLength);
}

function appendOwner(id: u32): void {
  if (id == NO_ID) return Scratch.ascii("<NONE>");
  if (Slot.type == ParamType.UID) {
    const user = userOf(id);
    return user === null ? Scratch.ascii("<NA>") : appendBlock(user.name);
  }
  const group = groupOf(id);
  return group === null ? Scratch.ascii("<NA>") : appendBlock(group.name);
}

/** Names of bits, in the table's order; each name takes its bits away from what is left. */
function appendFlags(value: u32): void {
  if (Slot.table == NO_TABLE) return;
  const table = flagTable(Schema.base, Slot.table);
  if (table == 0) return;
  const whole = value;
  let first = true;
  for (let i: u32 = 0, count = FlagTable.count(table); i < count; i++) {
    const bits = FlagTable.value(table, i);
    const matches = bits == 0 ? whole == 0 : (value & bits) == bits;
    if (!matches) continue;
    if (!first) Scratch.byte(BAR);
    first = false;
    appendName(FlagTable.name(Schema.base, table, i));
    value &= ~bits;
  }
}

/** Every name that the table has for exactly this number. */
function appendEqual(value: u32): void {
  if (Slot.table == NO_TABLE) return;
  const table = flagTable(Schema.base, Slot.table);
  if (table == 0) return;
  let first = true;
  for (let i: u32 = 0, count = FlagTable.count(table); i < count; i++) {
    if (FlagTable.value(table, i) != value) continue;
    if (!first) Scratch.byte(BAR);
    first = false;
    appendName(FlagTable.name(Schema.base, table, i));
  }
}

/** The absolute path of a relative one; nothing for one that is absolute, empty or not known. */
function appendPath(): void {
  const length = textLength();
  if (length == 0 || load<u8>(Slot.address) == SLASH || isUnread()) return;
  const directory = directoryOf(Slot.dirfd);
  joinTo(directory, Slot.address, length);
}

/** Appends `path` below `directory`. */
export function joinTo(directory: Text, path: usize, length: u32): void {
  const known = directory != NO_TEXT;
  const base = known ? TextAt.bytes(directory) : 0;
  Path.join(base, known ? TextAt.length(directory) : 0, path, length);
  Scratch.bytes(Path.address, Path.length);
}

/** Appends `path` below a directory that is not known: `<UNKNOWN>` comes right before its text. */
export function joinToUnknown(path: usize, length: u32): void {
  Path.append(UNKNOWN, UNKNOWN_BYTES, path, length);
  Scratch.bytes(Path.address, Path.length);
}

/** The same with a slash between them. */
export function joinBelowUnknown(path: usize, length: u32): void {
  Path.join(UNKNOWN, UNKNOWN_BYTES, path, length);
  Scratch.bytes(Path.address, Path.length);
}

const UNKNOWN: usize = memory.data<u8>([60, 85, 78, 75, 78, 79, 87, 78, 62]);
const UNKNOWN_BYTES: u32 = 9;

/**
 * The directory that parameter `dirfd` names, the working directory for NO_DIRFD and AT_FDCWD;
 * NO_TEXT when it is not known.
 */
export function directoryOf(dirfd: u32): Text {
  const leader = process();
  if (leader === null) return NO_TEXT;
  if (dirfd == NO_DIRFD) return leader.cwd;
  const fd = Params.i64(dirfd);
  if (fd == AT_FDCWD) return leader.cwd;
  const descriptor = findDescriptor(Owner.of(leader), fd);
  return descriptor === null ? NO_TEXT : descriptor.name;
}
