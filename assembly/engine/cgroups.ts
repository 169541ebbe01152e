/**
 * A thread's cgroups: NUL-separated `subsystem=path`. The kernel side names some subsystems after
 * their id; they are stored by the names that everybody knows.
 */
import { Params } from "../record/event";
import { Thread } from "../state/thread";
import { TextSlot } from "./identity";
import { Writer } from "./writer";

const EQUALS: u8 = 61;

const SUFFIX: usize = memory.data<u8>([95, 99, 103, 114, 111, 117, 112]); // _cgroup
const SUFFIX_BYTES: u32 = 7;

export function setCgroups(thread: Thread, param: u32): void {
  if (!Params.has(param)) return;
  Writer.start();
  const end = Params.address(param) + Params.length(param);
  let at = Params.address(param);
  while (at < end) {
    const start = at;
    let equals: usize = 0;
    for (; at < end && load<u8>(at) != 0; at++) {
      if (load<u8>(at) == EQUALS) equals = at;
    }
    if (equals != 0) writeOne(start, equals, at);
    at++;
  }
  const slot = changetype<usize>(thread) + offsetof<Thread>("cgroups");
  TextSlot.set(slot, Writer.address, Writer.length);
}

function writeOne(start: usize, equals: usize, end: usize): void {
  writeSubsystem(start, withoutSuffix(start, <u32>(equals - start)));
  Writer.bytes(equals, <u32>(end - equals));
  Writer.byte(0);
}

function withoutSuffix(name: usize, length: u32): u32 {
  if (length < SUFFIX_BYTES) return length;
  const tail = name + length - SUFFIX_BYTES;
  return memory.compare(tail, SUFFIX, SUFFIX_BYTES) == 0 ? length - SUFFIX_BYTES : length;
}

function writeSubsystem(name: usize, length: u32): void {
  if (length == 4 && load<u32>(name) == 0x6672_6570) { // perf
    Writer.bytes(PERF_EVENT, 10);
  } else if (length == 3 && load<u16>(name) == 0x656d && load<u8>(name, 2) == 109) { // mem
    Writer.bytes(MEMORY, 6);
  } else if (length == 2 && load<u16>(name) == 0x6f69) { // io
    Writer.bytes(BLKIO, 5);
  } else {
    Writer.bytes(name, length);
  }
}

const PERF_EVENT: usize = memory.data<u8>([112, 101, 114, 102, 95, 101, 118, 101, 110, 116]);
const MEMORY: usize = memory.data<u8>([109, 101, 109, 111, 114, 121]);
const BLKIO: usize = memory.data<u8>([98, 108, 107, 105, 111]);
