/** Texts and ids of a thread's entry, set from an event. Callers stamp the thread. */
import { Params } from "../record/event";
import { Heap } from "../state/heap";
import { Text, TextAt } from "../state/text";
import { COMM_BYTES, Thread, THREAD_PLACEHOLDER } from "../state/thread";
import { Writer } from "./writer";

/** What a text parameter that the kernel could not read shows as. */
export const NOT_AVAILABLE: usize = memory.data<u8>([60, 78, 65, 62]);
export const NOT_AVAILABLE_BYTES: u32 = 4;

const SPACE: u8 = 32;

/** Whether a text is the word that producers write for one they could not read: `(NULL)`. */
export function isNullText(text: usize, length: u32): bool {
  return length == 6 && load<u32>(text) == 0x4c55_4e28 && load<u16>(text, 4) == 0x294c;
}

/** Members of type Text are changed through their address; the old text is let go. */
export class TextSlot {
  @inline static of(entry: usize, offset: usize): usize {
    return entry + offset;
  }
  @inline static put(slot: usize, text: Text): void {
    const old = load<u32>(slot);
    store<u32>(slot, text);
    Heap.release(old);
  }
  /** Keeps the old block when the bytes are the same. */
  static set(slot: usize, address: usize, length: u32): void {
    if (Heap.holds(load<u32>(slot), address, length)) return;
    TextSlot.put(slot, Heap.make(address, length));
  }
  /** From a text parameter, without its NUL; `<NA>` when it is empty. */
  static setParam(slot: usize, index: u32): void {
    if (Params.has(index)) TextSlot.set(slot, Params.address(index), Params.textLength(index));
    else TextSlot.set(slot, NOT_AVAILABLE, NOT_AVAILABLE_BYTES);
  }
}

export function isPlaceholder(thread: Thread): bool {
  return (thread.flags & THREAD_PLACEHOLDER) != 0;
}

export function setComm(thread: Thread, address: usize, length: u32): void {
  const bytes = length < COMM_BYTES ? length : COMM_BYTES;
  thread.comm0 = 0;
  thread.comm1 = 0;
  memory.copy(thread.comm, address, <usize>bytes);
  thread.commLength = bytes;
}

/** comm from a parameter; without one, what argv[0] says. */
export function setCommParam(thread: Thread, index: u32): void {
  if (Params.has(index)) setComm(thread, Params.address(index), Params.textLength(index));
  else if (thread.exe != 0) setComm(thread, TextAt.bytes(thread.exe), TextAt.length(thread.exe));
}

export function setExe(thread: Thread, index: u32): void {
  TextSlot.setParam(changetype<usize>(thread) + offsetof<Thread>("exe"), index);
}

export function setArgs(thread: Thread, index: u32): void {
  const slot = changetype<usize>(thread) + offsetof<Thread>("args");
  TextSlot.set(slot, Params.address(index), Params.length(index));
}

/** Puts `cmdline` together from comm and args, once per change of either. */
export function setCmdline(thread: Thread): void {
  Writer.start();
  Writer.bytes(thread.comm, thread.commLength);
  const args = thread.args;
  if (args != 0 && TextAt.length(args) != 0) {
    const bytes = TextAt.bytes(args);
    let length = TextAt.length(args);
    if (load<u8>(bytes + length - 1) == 0) length--;
    Writer.byte(SPACE);
    const start = Writer.address + Writer.length;
    Writer.bytes(bytes, length);
    blankNuls(start, Writer.address + Writer.length);
  }
  const slot = changetype<usize>(thread) + offsetof<Thread>("cmdline");
  TextSlot.set(slot, Writer.address, Writer.length);
}

function blankNuls(from: usize, to: usize): void {
  for (let at = from; at < to; at++) {
    if (load<u8>(at) == 0) store<u8>(at, SPACE);
  }
}

/**
 * Five parameters in a row: major and minor faults, size, resident, swap; all or none are there.
 */
export function setMemory(thread: Thread, first: u32): void {
  if (!Params.has(first + 4)) return;
  thread.majorFaults = Params.u64(first);
  thread.minorFaults = Params.u64(first + 1);
  thread.vmSize = Params.u32(first + 2);
  thread.vmRss = Params.u32(first + 3);
  thread.vmSwap = Params.u32(first + 4);
}

/** The new entry shares the old one's text. */
export function shareText(to: Thread, from: Thread, offset: usize): void {
  const text = Heap.retain(load<u32>(changetype<usize>(from) + offset));
  TextSlot.put(changetype<usize>(to) + offset, text);
}
