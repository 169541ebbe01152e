/**
 * The descriptor that the event uses, makes or closes. When opening failed there is none; then the
 * name is read from the event's parameters.
 */
import { EventType } from "../schema/generated/events";
import { Descriptor, FD_LOWER_LAYER, FD_UPPER_LAYER, FdType } from "../state/descriptor";
import { Frame } from "../state/frame";
import { findDescriptor, Owner } from "../state/lookup";
import { NO_TEXT } from "../state/text";
import { Thread } from "../state/thread";
import { afterLast } from "../record/bytes";
import { containerId } from "./container";
import { evtArgIndex } from "./evt-args";
import { Facts, HAS_FD, NO_DESCRIPTOR, speaksOfFd } from "./facts";
import {
  isFile,
  isSocketOfIp,
  protocolName,
  protocolOf,
  typeChar,
  typeName,
} from "./fd-kind";
import { Slot } from "./param";
import { isNullText, textLength } from "./render-param";
import { directoryOf, joinTo, joinToUnknown } from "./resolve-param";
import { character, constant, Scratch } from "./scratch";
import { Value } from "./value";

const SLASH: u8 = 0x2f;
const COLON: u32 = 0x3a;
/** Parameter index for "no such parameter". */
const NONE: u32 = 0xff;

/** −1 when a call that should have made one failed. */
export function fdNum(): bool {
  if (!speaksOfFd()) return false;
  return Value.integer(Facts.has(HAS_FD) ? Facts.fd : -1);
}

export function fdType(): bool {
  const type = Facts.descriptorType;
  return type != NO_DESCRIPTOR && constant(typeName(type));
}

export function fdTypechar(): bool {
  const type = Facts.descriptorType;
  if (type != NO_DESCRIPTOR) return character(typeChar(type));
  return speaksOfFd() && character(expectedChar());
}

/** What the failed call would have made; "o" where Falco does not say it either. */
function expectedChar(): u32 {
  switch (Frame.type) {
    case EventType.SYSCALL_OPENAT_2_X:
    case EventType.SYSCALL_OPENAT2_X:
    case EventType.SYSCALL_CREAT_X:
      return typeChar(FdType.File);
    case EventType.SOCKET_SOCKET_X:
    case EventType.SOCKET_ACCEPT_5_X:
    case EventType.SOCKET_ACCEPT4_6_X:
      return typeChar(FdType.Ipv4);
    case EventType.SYSCALL_PIPE_X:
    case EventType.SYSCALL_PIPE2_X:
      return typeChar(FdType.Fifo);
    case EventType.SYSCALL_EVENTFD_X:
    case EventType.SYSCALL_EVENTFD2_X:
      return typeChar(FdType.Event);
    case EventType.SYSCALL_SIGNALFD_X:
    case EventType.SYSCALL_SIGNALFD4_X:
      return typeChar(FdType.Signal);
    case EventType.SYSCALL_TIMERFD_CREATE_X:
      return typeChar(FdType.Timer);
    case EventType.SYSCALL_INOTIFY_INIT_X:
    case EventType.SYSCALL_INOTIFY_INIT1_X:
      return typeChar(FdType.Inotify);
    default:
      return typeChar(FdType.Unknown);
  }
}

export function fdName(): bool {
  const descriptor = Frame.descriptor;
  if (descriptor !== null) return Value.block(descriptor.name);
  return speaksOfFd() && wantedName();
}

/**
 * What a call asked for that failed, or whose socket is not known; put together once per event and
 * remembered.
 */
function wantedName(): bool {
  const event = Scratch.renew();
  if (wantedFor == event) return Value.text(wantedAt, wantedLength);
  findWantedName();
  wantedFor = event;
  wantedAt = Value.address;
  wantedLength = Value.length;
  return true;
}
let wantedFor: u32 = 0;
let wantedAt: usize = 0;
let wantedLength: u32 = 0;

/** Empty for calls without one. */
function findWantedName(): bool {
  if (isOpenAt()) return openedPath();
  const index = nameParam();
  if (index == NONE) return Value.text(0, 0);
  return evtArgIndex(index) || Value.text(0, 0);
}

function nameParam(): u32 {
  switch (Frame.type) {
    case EventType.SYSCALL_OPEN_X:
    case EventType.SYSCALL_CREAT_X:
    case EventType.SOCKET_ACCEPT_5_X:
    case EventType.SOCKET_ACCEPT4_6_X:
    case EventType.SOCKET_CONNECT_X:
      return 1;
    case EventType.SYSCALL_OPEN_BY_HANDLE_AT_X:
      return 3;
    default:
      return NONE;
  }
}

function isOpenAt(): bool {
  return Frame.type == EventType.SYSCALL_OPENAT_2_X || Frame.type == EventType.SYSCALL_OPENAT2_X;
}

/** Absolute and tidy; below a directory that is not known it says so. */
function openedPath(): bool {
  if (!Slot.load(2) || Slot.length == 0) return constant("<NA>");
  givenPath();
  const address = Value.address;
  const length = Value.length;
  if (length == 0) return true;
  const mark = Scratch.begin();
  const directory = directoryOf(Slot.dirfd);
  const isRelative = load<u8>(address) != SLASH;
  if (directory == NO_TEXT && isRelative) joinToUnknown(address, length);
  else joinTo(directory, address, length);
  return Scratch.end(mark);
}

/** The text of the parameter in `Slot`; a path of which nothing was read has a name as well. */
function givenPath(): bool {
  return isNullText() ? constant("<NA>") : Value.text(Slot.address, textLength());
}

/** The path as it was given, but for slashes in a row, which become one. */
export function fdNameraw(): bool {
  const descriptor = Frame.descriptor;
  if (descriptor !== null) return Value.block(descriptor.rawName);
  if (!speaksOfFd()) return false;
  const present = isOpenAt() ? Slot.load(2) && givenPath() : wantedName();
  return present && withoutDoubledSlashes();
}

function withoutDoubledSlashes(): bool {
  const address = Value.address;
  const length = Value.length;
  const mark = Scratch.begin();
  for (let i: u32 = 0; i < length; i++) {
    const byte = load<u8>(address + i);
    if (i == 0 || byte != SLASH || load<u8>(address + i - 1) != SLASH) Scratch.byte(byte);
  }
  return Scratch.end(mark);
}

export function fdDirectory(): bool {
  const descriptor = Frame.descriptor;
  if (descriptor !== null && descriptor.type == FdType.Directory) return fdName();
  if (descriptor !== null && !isFile(descriptor)) return false;
  if (!fdName()) return false;
  const end = afterLast(Value.address, Value.length, SLASH);
  // "/x" is in "/", and so is a name without any slash; one that ends in a slash stays whole.
  if (end <= 1) return constant("/");
  return end == Value.length || Value.text(Value.address, end - 1);
}

export function fdFilename(): bool {
  const descriptor = Frame.descriptor;
  if (descriptor === null || !isFile(descriptor)) return false;
  Value.block(descriptor.name);
  const start = afterLast(Value.address, Value.length, SLASH);
  if (start == 0) return constant("/");
  // A path that ends in a slash has no last part; the whole of it stands for that.
  return start == Value.length || Value.text(Value.address + start, Value.length - start);
}

export function fdL4proto(): bool {
  const descriptor = Frame.descriptor;
  if (descriptor === null) return false;
  return constant(protocolName(protocolOf(descriptor)));
}

/** The event itself gave the socket its addresses. */
export function fdNameChanged(): bool {
  return Frame.descriptor !== null && Value.truth(Frame.record.nameChanged != 0);
}

/** tid and descriptor number, joined. */
export function fdUid(): bool {
  const thread = Frame.thread;
  if (thread === null || !fdNum()) return false;
  const fd = <i64>Value.number;
  const mark = Scratch.begin();
  Scratch.signed(thread.tid);
  Scratch.signed(fd);
  return Scratch.end(mark);
}

export function fdContainername(): bool {
  return withContainer(fdName());
}

export function fdContainerdirectory(): bool {
  return withContainer(fdDirectory());
}

/** Puts the container's id, empty on the host, and a colon before the text in `Value`. */
function withContainer(present: bool): bool {
  if (!present) return false;
  const address = Value.address;
  const length = Value.length;
  const mark = Scratch.begin();
  if (Frame.container !== null && containerId()) Scratch.bytes(Value.address, Value.length);
  Scratch.byte(COLON);
  Scratch.bytes(address, length);
  return Scratch.end(mark);
}

export function fdDev(): bool {
  const descriptor = Frame.descriptor;
  return descriptor !== null && Value.integer(descriptor.dev);
}

export function fdDevMajor(): bool {
  const descriptor = Frame.descriptor;
  if (descriptor === null) return false;
  return Value.integer((descriptor.dev >> 8) & 0xfff);
}

export function fdDevMinor(): bool {
  const descriptor = Frame.descriptor;
  if (descriptor === null) return false;
  return Value.integer((descriptor.dev & 0xff) | ((descriptor.dev >> 12) & 0xfff_ff00));
}

export function fdIno(): bool {
  const descriptor = Frame.descriptor;
  return descriptor !== null && Value.unsigned(descriptor.ino);
}

export function fdIsUpperLayer(): bool {
  return inLayer(FD_UPPER_LAYER);
}

export function fdIsLowerLayer(): bool {
  return inLayer(FD_LOWER_LAYER);
}

function inLayer(flag: u32): bool {
  const descriptor = Frame.descriptor;
  return descriptor !== null && Value.truth((descriptor.flags & flag) != 0);
}

/** Types of all open descriptors of the process, each once, in no order that means anything. */
export function fdTypes(): bool {
  const thread = Frame.thread;
  if (thread === null || !speaksOfFd()) return false;
  const mark = Scratch.begin();
  let seen: u64 = 0;
  let at = changetype<Thread>(<usize>Owner.of(thread)).firstDescriptor;
  while (at != 0) {
    const descriptor = changetype<Descriptor>(<usize>at);
    const bit = <u64>1 << shownType(descriptor);
    if ((seen & bit) == 0) {
      if (seen != 0) Scratch.byte(0);
      Scratch.ascii(typeName(descriptor.type));
    }
    seen |= bit;
    at = descriptor.nextOfOwner;
  }
  return Scratch.end(mark);
}

/** One type for all that read the same. */
function shownType(descriptor: Descriptor): u32 {
  switch (<u32>descriptor.type) {
    case FdType.FileV2:
      return FdType.File;
    case FdType.Ipv4Server:
      return FdType.Ipv4;
    case FdType.Ipv6Server:
      return FdType.Ipv6;
    case FdType.Unsupported:
    case FdType.Uninitialized:
      return FdType.Unknown;
    default:
      return <u32>descriptor.type & 63;
  }
}

/** The type of one descriptor of the process, a list of one. */
export function fdTypesAt(fd: u32): bool {
  const thread = Frame.thread;
  if (thread === null || !speaksOfFd()) return false;
  const descriptor = findDescriptor(Owner.of(thread), <i64>fd);
  return descriptor !== null && constant(typeName(descriptor.type));
}
