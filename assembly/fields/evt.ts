/** The event itself: when, where, what, and how it ended. */
import { EventAt, Params } from "../record/event";
import { EventFlag, EventKind, ParamType } from "../schema/generated/encoding";
import { EventType } from "../schema/generated/events";
import { eventKind, eventName, syscallName, TableText } from "../schema/tables";
import { Frame } from "../state/frame";
import { HeaderAt } from "../state/header";
import { findByte, sameBytes } from "../record/bytes";
import { Schema, Slot } from "./param";
import { appendErrno } from "./resolve-param";
import { constant, Scratch } from "./scratch";
import { appendClock, appendDate, appendDay, appendFraction } from "./time";
import { Value } from "./value";

const NS_PER_SECOND: u64 = 1_000_000_000;
const NS_PER_MILLISECOND: u64 = 1_000_000;
/** What fits in 64 bits for sure. */
const DIGITS_MAX: u32 = 19;

export function evtNum(): bool {
  return Value.unsigned(Frame.record.number);
}

// Conditions see these five in UTC. In outputs the host writes them, in its own time zone.

/** `HH:MM:SS.nnnnnnnnn`. */
export function evtTime(): bool {
  const mark = Scratch.begin();
  appendClock(EventAt.time(Frame.event));
  appendFraction(EventAt.time(Frame.event));
  return Scratch.end(mark);
}

export function evtOutputtime(): bool {
  return evtTime();
}

export function evtTimeS(): bool {
  const mark = Scratch.begin();
  appendClock(EventAt.time(Frame.event));
  return Scratch.end(mark);
}

/** `YYYY-MM-DDTHH:MM:SS.nnnnnnnnn+0000`. */
export function evtTimeIso8601(): bool {
  const time = EventAt.time(Frame.event);
  const mark = Scratch.begin();
  appendDay(time);
  Scratch.byte(0x54);
  appendClock(time);
  appendFraction(time);
  Scratch.ascii("+0000");
  return Scratch.end(mark);
}

/** `YYYY-MM-DD HH:MM:SS.nnnnnnnnn`. */
export function evtDatetime(): bool {
  const mark = Scratch.begin();
  appendDate(EventAt.time(Frame.event));
  return Scratch.end(mark);
}

export function evtDatetimeS(): bool {
  const time = EventAt.time(Frame.event);
  const mark = Scratch.begin();
  appendDay(time);
  Scratch.byte(0x20);
  appendClock(time);
  return Scratch.end(mark);
}

export function evtRawtime(): bool {
  return Value.unsigned(EventAt.time(Frame.event));
}

export function evtRawtimeS(): bool {
  return Value.unsigned(EventAt.time(Frame.event) / NS_PER_SECOND);
}

export function evtRawtimeNs(): bool {
  return Value.unsigned(EventAt.time(Frame.event) % NS_PER_SECOND);
}

export function evtReltime(): bool {
  return Value.unsigned(sinceFirst());
}

export function evtReltimeS(): bool {
  return Value.unsigned(sinceFirst() / NS_PER_SECOND);
}

export function evtReltimeNs(): bool {
  return Value.unsigned(sinceFirst() % NS_PER_SECOND);
}

function sinceFirst(): u64 {
  return EventAt.time(Frame.event) - HeaderAt.header.firstEventTime;
}

// Falco takes the event itself for the one before it, so the time between them is always 0.

export function evtDeltatime(): bool {
  return Value.unsigned(0);
}

export function evtDeltatimeS(): bool {
  return Value.unsigned(0);
}

export function evtDeltatimeNs(): bool {
  return Value.unsigned(0);
}

/** Whole milliseconds, rounded up, between the event and a time in decimal, ns since the epoch. */
export function evtAroundOf(key: usize, length: u32): bool {
  let moment: u64 = 0;
  for (let i: u32 = 0; i < length; i++) {
    const digit = <u32>load<u8>(key + i) - 0x30;
    if (digit > 9 || i == DIGITS_MAX) return false;
    moment = moment * 10 + digit;
  }
  const time = EventAt.time(Frame.event);
  const distance = time > moment ? time - moment : moment - time;
  return Value.unsigned((distance + NS_PER_MILLISECOND - 1) / NS_PER_MILLISECOND);
}

export function evtCpu(): bool {
  return Value.integer(<i64>Frame.record.cpu);
}

/** The name of the system call, of the event, or the one that an async event carries. */
export function evtType(): bool {
  if (Frame.type == EventType.GENERIC_X) return nameOf(syscallName(Schema.base, genericCode()));
  if (Frame.type == EventType.ASYNCEVENT_E) return evtAsynctype();
  return nameOf(eventName(Schema.base, Frame.type));
}

function genericCode(): u32 {
  return Params.u16(0);
}

function nameOf(text: usize): bool {
  return text != 0 && Value.text(TableText.bytes(text), TableText.length(text));
}

/** `evt.type.is`: 1 when the event has this name and no older event had it, else 0, as Falco. */
export function evtTypeIs(key: usize, length: u32): bool {
  const name = eventName(Schema.base, Frame.type);
  const isOldest = name != 0 && (Schema.flags & EventFlag.REPLACES) == 0;
  const same = isOldest && TableText.length(name) == length;
  return Value.unsigned(same && sameBytes(TableText.bytes(name), key, length) ? 1 : 0);
}

export function syscallType(): bool {
  return eventKind(Schema.base, Frame.type) == EventKind.SYSCALL && evtType();
}

/** Even types are enters, and what happens without one. */
export function evtDir(): bool {
  return constant((Frame.type & 1) == 0 ? ">" : "<");
}

export function evtSource(): bool {
  return constant("syscall");
}

let asked: u64 = 0;

/** How often this was asked. */
export function utilCnt(): bool {
  return Value.unsigned(asked++);
}

/** Empty where events come from a recording. */
export function evtHostname(): bool {
  return Value.block(HeaderAt.header.hostname);
}

export function evtIsAsync(): bool {
  return Value.truth(Frame.type == EventType.ASYNCEVENT_E);
}

export function evtAsynctype(): bool {
  if (Frame.type != EventType.ASYNCEVENT_E || !Slot.load(1)) return false;
  return Value.text(Slot.address, findByte(Slot.address, Slot.length, 0));
}

export function evtIsWait(): bool {
  return Value.truth((Schema.flags & EventFlag.WAITS) != 0);
}

export function evtCount(): bool {
  return Value.unsigned(1);
}

/** 1 for a leader's record among the processes of a recording, which are events there. */
export function evtCountProcinfo(): bool {
  const thread = Frame.thread;
  const isLeader = thread !== null && thread.tid == thread.pid;
  return Value.unsigned(Frame.type == EventType.PROCINFO_E && isLeader ? 1 : 0);
}

export function evtCountThreadinfo(): bool {
  return Value.unsigned(Frame.type == EventType.PROCINFO_E ? 1 : 0);
}

export function evtCountExit(): bool {
  return (Frame.type & 1) != 0 && Value.unsigned(1);
}

/** Retired with enter events. */
export function evtLatency(): bool {
  return Value.unsigned(0);
}

export function evtLatencyS(): bool {
  return Value.unsigned(0);
}

export function evtLatencyNs(): bool {
  return Value.unsigned(0);
}

export function evtLatencyQuantized(): bool {
  return Value.unsigned(0);
}

export function evtWaitLatency(): bool {
  return Value.unsigned(0);
}

export function evtLatencyHuman(): bool {
  return constant("0ns");
}

/** What the call returned: its first parameter, as every exit event of a call has it. */
export function evtRawres(): bool {
  if ((Frame.type & 1) == 0 || Frame.type == EventType.GENERIC_X) return false;
  if (eventKind(Schema.base, Frame.type) != EventKind.SYSCALL) return false;
  if (!Slot.load(0) || Slot.length == 0) return false;
  return Value.integer(isUnsigned32() ? <i64>Slot.unsigned() : Slot.signed());
}

function isUnsigned32(): bool {
  return Slot.type == ParamType.UID || Slot.type == ParamType.GID;
}

/** `SUCCESS`, or the name of the error; its number where Falco does not name it either. */
export function evtRes(): bool {
  if (!evtRawres()) return false;
  const result = <i64>Value.number;
  if (result >= 0) return constant("SUCCESS");
  const mark = Scratch.begin();
  const named = Slot.type != ParamType.PID && Slot.type != ParamType.PID32;
  if (named) appendErrno(result);
  if (Scratch.length(mark) == 0) Scratch.signed(result);
  return Scratch.end(mark);
}

export function evtFailed(): bool {
  return evtRawres() && Value.truth(<i64>Value.number < 0);
}

