/** Facts (see fields/facts.ts) of the frame's event. */
import {
  CLIMBS,
  Facts,
  HAS_FD,
  NO_DESCRIPTOR,
  ROW_SHIFT,
  ROWS_MASK,
  SPEAKS_OF_FD,
  UNSETTLED,
} from "../fields/facts";
import { fdNameraw } from "../fields/fd";
import { Schema } from "../fields/param";
import { Value } from "../fields/value";
import { containsBytes } from "../ops/bytes";
import { Params } from "../record/event";
import { EventFlag } from "../schema/generated/encoding";
import { EventType } from "../schema/generated/events";
import { Container } from "../state/container";
import { Frame, FrameRecord } from "../state/frame";
import { HeaderAt } from "../state/header";
import { Thread } from "../state/thread";

/** The event whose facts are there. */
let digested: u64 = 0;
const TWO_DOTS: usize = memory.data<u8>([0x2e, 0x2e]);

/** Before packs see the event, or one of its fields is rendered; cheap when that was done. */
export function digestFrame(): void {
  const frame = Frame.record;
  if (digested == frame.serial) return;
  digested = frame.serial;
  const descriptor = Frame.descriptor;
  Facts.type = frame.type;
  Facts.fd = frame.fd;
  Facts.owner = (<u64>frame.leader << 32) | <u64>frame.thread;
  Facts.container = frame.container;
  Facts.descriptor = frame.descriptor;
  Facts.word = factsOf(frame, descriptor === null ? NO_DESCRIPTOR : <u32>descriptor.type);
  const tag = processTag(frame);
  Facts.processTag = settled(frame, tag);
  Facts.lineageTag = settled(frame, max(tag, HeaderAt.header.lineageChangedAt));
  Facts.descriptorTag =
    descriptor === null ? UNSETTLED : settled(frame, descriptor.changedAt);
  if (mayClimbPath(frame.type)) Facts.word |= CLIMBS;
}

function factsOf(frame: FrameRecord, descriptorType: u32): u64 {
  let word = <u64>openFlags(frame.type) | (<u64>descriptorType << 32);
  if (frame.hasFd != 0) word |= HAS_FD;
  if (frame.thread == 0) return word;
  const makesFd = (Schema.flags & EventFlag.CREATES_FD) != 0;
  if (frame.hasFd != 0 || makesFd) word |= SPEAKS_OF_FD;
  const slot = changetype<Thread>(<usize>frame.thread).slot & ROWS_MASK;
  return word | (<u64>slot << ROW_SHIFT);
}

/** When what an answer about a thread, its leader or its container depends on changed last. */
function processTag(frame: FrameRecord): u64 {
  if (frame.thread == 0) return UNSETTLED;
  let tag = max(changetype<Thread>(<usize>frame.thread).changedAt, HeaderAt.header.usersChangedAt);
  if (frame.leader != 0) tag = max(tag, changetype<Thread>(<usize>frame.leader).changedAt);
  if (frame.container == 0) return tag;
  return max(tag, changetype<Container>(<usize>frame.container).changedAt);
}

function settled(frame: FrameRecord, tag: u64): u64 {
  return tag <= frame.startedAt ? tag : UNSETTLED;
}

function openFlags(type: u32): u32 {
  switch (type) {
    case EventType.SYSCALL_OPEN_X:
    case EventType.SYSCALL_OPEN_BY_HANDLE_AT_X:
      return Params.u32(2);
    case EventType.SYSCALL_OPENAT_2_X:
    case EventType.SYSCALL_OPENAT2_X:
      return Params.u32(3);
    default:
      return 0;
  }
}

/** Only the names of calls that open by a path are looked at. */
function mayClimbPath(type: u32): bool {
  switch (type) {
    case EventType.SYSCALL_OPEN_X:
    case EventType.SYSCALL_OPENAT_2_X:
    case EventType.SYSCALL_OPENAT2_X:
      return fdNameraw() && containsBytes(Value.address, Value.length, TWO_DOTS, 2);
    default:
      return true;
  }
}
