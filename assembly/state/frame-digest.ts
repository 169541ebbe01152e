/**
 * What almost every condition asks first, copied beside the frame. Each pack has a mapping of its
 * own of the state window: a page that it does not touch is a miss of the translation cache less,
 * and a hundred packs touch a page a hundred times for each event.
 */
import { Params } from "../record/event";
import { EventType } from "../schema/generated/events";
import { Container } from "./container";
import { Descriptor } from "./descriptor";
import { Frame, FrameRecord, NO_DESCRIPTOR } from "./frame";
import { HeaderAt } from "./header";
import { Thread } from "./thread";

/** The event whose frame is complete. */
let digested: u64 = 0;

/** Completes the frame of an event that packs or outputs will see; its other members are there. */
export function digestFrame(): void {
  const frame = Frame.record;
  if (digested == frame.serial) return;
  digested = frame.serial;
  const descriptor = Frame.descriptor;
  frame.openFlags = openFlags(frame.type);
  frame.descriptorType = descriptor === null ? NO_DESCRIPTOR : descriptor.type;
  frame.descriptorTag = descriptor === null ? <u64>-1 : descriptor.changedAt;
  frame.threadSlot = frame.thread == 0 ? 0 : changetype<Thread>(<usize>frame.thread).slot;
  frame.processTag = processTag(frame);
  frame.lineageTag = max(frame.processTag, HeaderAt.header.lineageChangedAt);
}

/** When what an answer about a thread, its leader or its container depends on changed last. */
function processTag(frame: FrameRecord): u64 {
  if (frame.thread == 0) return <u64>-1;
  let tag = max(changetype<Thread>(<usize>frame.thread).changedAt, HeaderAt.header.usersChangedAt);
  if (frame.leader != 0) tag = max(tag, changetype<Thread>(<usize>frame.leader).changedAt);
  if (frame.container != 0) tag = max(tag, changetype<Container>(<usize>frame.container).changedAt);
  return tag;
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
