/** What kind of work the event did, and how much data it moved. */
import { Category, EventFlag, ParamType } from "../schema/generated/encoding";
import { EventType } from "../schema/generated/events";
import { eventCategory, nameIdOf } from "../schema/tables";
import { Descriptor, FdType } from "../state/descriptor";
import { Frame } from "../state/frame";
import { TextAt } from "../state/text";
import { evtFailed, evtRawres } from "./evt";
import { isFile, isSocketOfIp } from "./fd-kind";
import { indexOfName, Schema, Slot } from "./param";
import { constant } from "./scratch";
import { Value } from "./value";

const DEV_LOG: usize = memory.data<u8>([0x2f, 0x64, 0x65, 0x76, 0x2f, 0x6c, 0x6f, 0x67]);
const DEV_LOG_BYTES: u32 = 8;
const DATA: usize = memory.data<u8>([0x64, 0x61, 0x74, 0x61]);

/** Calls that read or write count as what their descriptor is. */
export function evtCategory(): bool {
  switch (eventCategory(Schema.base, Frame.type)) {
    case Category.IO_READ:
    case Category.IO_WRITE:
    case Category.IO_OTHER:
      return constant(descriptorCategory());
    case Category.FILE:
      return constant("file");
    case Category.NET:
      return constant("net");
    case Category.IPC:
      return constant("IPC");
    case Category.MEMORY:
      return constant("memory");
    case Category.PROCESS:
      return constant("process");
    case Category.SLEEP:
      return constant("sleep");
    case Category.SYSTEM:
      return constant("system");
    case Category.SIGNAL:
      return constant("signal");
    case Category.USER:
      return constant("user");
    case Category.TIME:
      return constant("time");
    case Category.PROCESSING:
      return constant("processing");
    case Category.WAIT:
      return constant("wait");
    case Category.SCHEDULER:
      return constant("scheduler");
    case Category.INTERNAL:
      return constant("internal");
    case Category.OTHER:
      return constant("other");
    default:
      return constant("unknown");
  }
}

function descriptorCategory(): string {
  const descriptor = Frame.descriptor;
  if (descriptor === null) return "unknown";
  if (isFileLike(descriptor)) return "file";
  if (isSocketOfIp(descriptor)) return "net";
  switch (<u32>descriptor.type) {
    case FdType.Fifo:
    case FdType.Unix:
    case FdType.Event:
    case FdType.Signal:
    case FdType.Inotify:
    case FdType.UserFault:
      return "ipc";
    default:
      return "unknown";
  }
}

function isFileLike(descriptor: Descriptor): bool {
  return isFile(descriptor) || descriptor.type == FdType.Directory;
}

export function evtIsIo(): bool {
  return Value.truth((Schema.flags & (EventFlag.READS | EventFlag.WRITES)) != 0);
}

export function evtIsIoRead(): bool {
  return Value.truth((Schema.flags & EventFlag.READS) != 0);
}

export function evtIsIoWrite(): bool {
  return Value.truth((Schema.flags & EventFlag.WRITES) != 0);
}

export function evtIoDir(): bool {
  const flags = Schema.flags;
  if ((flags & EventFlag.WRITES) != 0) return constant("write");
  return (flags & EventFlag.READS) != 0 && constant("read");
}

/** The data that was read or written, as much of it as was captured. */
export function evtBuffer(): bool {
  const nameId = nameIdOf(Schema.base, DATA, 4);
  const index = nameId < 0 ? -1 : indexOfName(<u32>nameId);
  if (index < 0 || !Slot.load(<u32>index) || Slot.type != ParamType.BYTEBUF) return false;
  return Value.text(Slot.address, Slot.length);
}

/** What a reading or writing call, or another on a descriptor, returned. */
export function evtBuflen(): bool {
  const category = <i32>eventCategory(Schema.base, Frame.type);
  if (category < Category.IO_READ || category > Category.IO_OTHER) return false;
  return Frame.descriptor !== null && evtRawres() && <i64>Value.number >= 0;
}

export function evtBuflenIn(): bool {
  return isA(Category.IO_READ) && evtBuflen();
}

export function evtBuflenOut(): bool {
  return isA(Category.IO_WRITE) && evtBuflen();
}

/** Other calls on a descriptor count too, as `close`; a direction is that of reads and writes. */
export function evtBuflenFile(): bool {
  return usesFile() && evtBuflen();
}

export function evtBuflenFileIn(): bool {
  return usesFile() && evtBuflenIn();
}

export function evtBuflenFileOut(): bool {
  return usesFile() && evtBuflenOut();
}

export function evtBuflenNet(): bool {
  return usesNet() && evtBuflen();
}

export function evtBuflenNetIn(): bool {
  return usesNet() && evtBuflenIn();
}

export function evtBuflenNetOut(): bool {
  return usesNet() && evtBuflenOut();
}

function isA(category: Category): bool {
  return <i32>eventCategory(Schema.base, Frame.type) == <i32>category;
}

function usesFile(): bool {
  const descriptor = Frame.descriptor;
  return descriptor !== null && isFile(descriptor);
}

function usesNet(): bool {
  const descriptor = Frame.descriptor;
  return descriptor !== null && isSocketOfIp(descriptor);
}

/** Whether it wrote to the socket of the system log. */
export function evtIsSyslog(): bool {
  const descriptor = Frame.descriptor;
  if (descriptor === null || (Schema.flags & EventFlag.WRITES) == 0) return Value.truth(false);
  if (descriptor.type != FdType.Unix || descriptor.name == 0) return Value.truth(false);
  return Value.truth(contains(descriptor.name, DEV_LOG, DEV_LOG_BYTES));
}

function contains(text: u32, part: usize, partLength: u32): bool {
  const at = TextAt.bytes(text);
  const length = TextAt.length(text);
  for (let i: u32 = 0; i + partLength <= length; i++) {
    let same: u32 = 0;
    while (same < partLength && load<u8>(at + i + same) == load<u8>(part + same)) same++;
    if (same == partLength) return true;
  }
  return false;
}

export function evtCountError(): bool {
  return evtFailed();
}

export function evtCountErrorFile(): bool {
  return onFile() && evtFailed();
}

export function evtCountErrorNet(): bool {
  return onNet() && evtFailed();
}

export function evtCountErrorMemory(): bool {
  return isA(Category.MEMORY) && evtFailed();
}

export function evtCountErrorOther(): bool {
  if (onFile() || onNet()) return false;
  if (Frame.descriptor === null && isA(Category.MEMORY)) return false;
  return evtFailed();
}

/** Works on a file; without a descriptor, tries to open one. */
function onFile(): bool {
  const descriptor = Frame.descriptor;
  return descriptor === null ? isOpen(Frame.type) : isFileLike(descriptor);
}

function onNet(): bool {
  const descriptor = Frame.descriptor;
  if (descriptor !== null) return isSocketOfIp(descriptor) || descriptor.type == FdType.Unix;
  switch (Frame.type) {
    case EventType.SOCKET_ACCEPT_5_X:
    case EventType.SOCKET_ACCEPT4_6_X:
    case EventType.SOCKET_CONNECT_X:
      return true;
    default:
      return false;
  }
}

function isOpen(type: u32): bool {
  switch (type) {
    case EventType.SYSCALL_OPEN_X:
    case EventType.SYSCALL_CREAT_X:
    case EventType.SYSCALL_OPENAT_2_X:
    case EventType.SYSCALL_OPENAT2_X:
    case EventType.SYSCALL_OPEN_BY_HANDLE_AT_X:
      return true;
    default:
      return false;
  }
}
