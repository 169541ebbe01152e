/** open, openat, openat2, creat, open_by_handle_at, memfd_create. */
import { Params } from "../../record/event";
import { EventType } from "../../schema/generated/events";
import { Count, Counter } from "../../state/counters";
import {
  FD_CLOEXEC,
  FD_LOWER_LAYER,
  FD_UPPER_LAYER,
  FdType,
} from "../../state/descriptor";
import { Current } from "../current";
import { AT_FDCWD, joinAt } from "../directory";
import { Enter } from "../enter";
import { isNullText, NOT_AVAILABLE, NOT_AVAILABLE_BYTES } from "../identity";
import { setName, setRawName } from "../names";
import { Path } from "../../record/path";

export const O_DIRECTORY: u32 = 1 << 10;
export const O_CLOEXEC: u32 = 1 << 12;
const O_F_CREATED: u32 = 1 << 14;
const UPPER_LAYER: u32 = 1 << 15;
const LOWER_LAYER: u32 = 1 << 16;
const MFD_CLOEXEC: u32 = 1;

/** What the call was asked to open: the enter event's word before the exit event's. */
class Opened {
  static name: usize = 0;
  static nameLength: u32 = 0;
  static flags: u32 = 0;
  static dirfd: i64 = AT_FDCWD;
  /** The name is taken as it is. */
  static whole: bool = false;

  /** From parameter numbers of the exit event; the enter event has them all one earlier. */
  static read(name: u32, flags: i32, dirfd: i32): void {
    Opened.whole = false;
    Opened.dirfd = dirfd < 0 ? AT_FDCWD : Params.has(dirfd) ? Params.i64(dirfd) : AT_FDCWD;
    Opened.flags = flags < 0 ? 0 : Params.u32(flags);
    Opened.takeName(Params.address(name), Params.length(name));
    if (!Enter.find(name - 1) || Opened.isMissing(Enter.address, Enter.length - 1)) return;
    Count.one(Counter.EntersUsed);
    Opened.takeName(Enter.address, Enter.length);
    if (flags >= 0 && Enter.find(flags - 1) && Enter.length >= 4) {
      Opened.flags = load<u32>(Enter.address) | (Opened.flags & ~(O_F_CREATED - 1));
    }
    if (dirfd >= 0 && Enter.find(dirfd - 1) && Enter.length >= 8) {
      Opened.dirfd = load<i64>(Enter.address);
    }
  }

  static takeName(address: usize, length: u32): void {
    const missing = length == 0 || isNullText(address, length - 1);
    Opened.name = missing ? NOT_AVAILABLE : address;
    Opened.nameLength = missing ? NOT_AVAILABLE_BYTES : length - 1;
  }

  static isMissing(address: usize, length: u32): bool {
    return (
      length == NOT_AVAILABLE_BYTES && memory.compare(address, NOT_AVAILABLE, <usize>length) == 0
    );
  }
}

export function onOpen(): void {
  Opened.read(1, 2, -1);
  finish(4);
}

export function onOpenat(): void {
  Opened.read(2, 3, 1);
  finish(Current.type == EventType.SYSCALL_OPENAT2_X ? 6 : 5);
}

export function onCreat(): void {
  Opened.read(1, -1, -1);
  const layers = Params.u16(5);
  if ((layers & 1) != 0) Opened.flags |= UPPER_LAYER;
  else if ((layers & 2) != 0) Opened.flags |= LOWER_LAYER;
  finish(3);
}

/** The kernel gives the whole path. */
export function onOpenByHandle(): void {
  Opened.takeName(Params.address(3), Params.length(3));
  Opened.flags = Params.u32(2);
  Opened.whole = true;
  finish(4);
}

/** `device`: number of the parameter with the device, which the inode follows. */
function finish(device: u32): void {
  if (Current.thread == 0) return;
  const fd = Params.i64(0);
  // Nothing is open, but the event still speaks of a descriptor.
  if (!Current.succeeded) return Current.speakOf(-1);
  const flags = Opened.flags;
  joinName();
  const type = (flags & O_DIRECTORY) != 0 ? FdType.Directory : FdType.FileV2;
  const descriptor = Current.open(fd, type);
  if (descriptor === null) return;
  descriptor.openFlags = flags;
  if ((flags & O_CLOEXEC) != 0) descriptor.flags |= FD_CLOEXEC;
  if ((flags & UPPER_LAYER) != 0) descriptor.flags |= FD_UPPER_LAYER;
  if ((flags & LOWER_LAYER) != 0) descriptor.flags |= FD_LOWER_LAYER;
  if (Params.has(device + 1)) {
    descriptor.dev = Params.u32(device);
    descriptor.ino = Params.u64(device + 1);
  }
  setName(descriptor, Path.address, Path.length);
  setRawName(descriptor, Opened.name, Opened.nameLength);
}

function joinName(): void {
  if (Opened.whole) return Path.join(0, 0, Opened.name, Opened.nameLength);
  joinAt(Opened.dirfd, Opened.name, Opened.nameLength);
}

/** Falco counts what could not be made as well: a descriptor with the error as its number. */
export function onMemfdCreate(): void {
  if (Current.thread == 0 || !Params.has(0)) return;
  const type = Current.succeeded ? FdType.Memfd : FdType.Uninitialized;
  const descriptor = Current.open(Params.i64(0), type);
  if (descriptor === null || !Current.succeeded) return;
  descriptor.openFlags = Params.u32(2);
  if ((descriptor.openFlags & MFD_CLOEXEC) != 0) descriptor.flags |= FD_CLOEXEC;
  if (Params.has(1)) setName(descriptor, Params.address(1), Params.textLength(1));
}
