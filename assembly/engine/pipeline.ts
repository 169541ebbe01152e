/**
 * What happens to one event, in order: what the event before left to be removed goes; the event is
 * numbered; its thread and descriptor are found; state changes by type; the frame is filled; packs
 * are called.
 */
import { decode, EventAt, Params } from "../record/event";
import { EVENT_TYPES } from "../schema/generated/events";
import { Count, Counter } from "../state/counters";
import { Frame, NO_PACK, NO_PACK_YET } from "../state/frame";
import { Header, HeaderAt } from "../state/header";
import { CHANGING_NOTHING, CHANGING_RECORD } from "../state/layout";
import { findThread } from "../state/lookup";
import { Thread } from "../state/thread";
import { Current } from "./current";
import { Deferred } from "./deferred";
import { dropEnter, keepEnter } from "./enter";
import { EventRow, NO_DESCRIPTOR_PARAM } from "./event-table";
import { insertPlaceholder, joinGroup } from "./groups";
import { isPlaceholder } from "./identity";
import { evaluateAll } from "./subscriptions";

/** Where the position behind the record goes once state has taken it in; 0 for none. */
export class Progress {
  static slot: usize = 0;
  static position: u64 = 0;
}

/** Takes in the event at `event`, of which `available` bytes may be read, and shows it to packs. */
export function processEvent(event: usize, available: u32, cpu: u32, stateOnly: bool): void {
  if (!applyEvent(event, available, cpu, stateOnly)) return;
  evaluateAll();
}

/** Returns whether packs may see the event. */
function applyEvent(event: usize, available: u32, cpu: u32, stateOnly: bool): bool {
  const header = HeaderAt.header;
  const whole = decode(event, available);
  const type = whole ? EventAt.type(event) : 0;
  if (!whole || type >= EVENT_TYPES || EventRow.isDead(EventRow.at(type))) {
    Count.one(whole ? Counter.UnknownTypes : Counter.Malformed);
    if (Progress.slot != 0) store<u64>(Progress.slot, Progress.position);
    return false;
  }
  const row = EventRow.at(type);
  header.changing = CHANGING_RECORD;
  if (Deferred.pending) Deferred.run(stateOnly || EventRow.isBootstrap(row));
  Count.one(Counter.Events);
  Count.ofType(type);
  const isAccount = EventRow.isAccount(row);
  const hidden = stateOnly || isAccount || EventRow.isBootstrap(row) || EventRow.isHidden(row);
  if (!EventRow.isBootstrap(row) && !(stateOnly && isAccount)) number(header, event, row);
  startFrame(header, event, type, cpu);
  if (!EventRow.hasNoThread(row)) findEventThread(row);
  if (Current.thread != 0) findEventDescriptor(row);
  if (EventRow.isHidden(row)) keepEnter(event);
  const handler = EventRow.handler(row);
  if (handler != 0) call_indirect<void>(handler);
  if (Current.thread != 0) finishThread(type);
  finishFrame();
  if (!hidden) Frame.record.pack = NO_PACK_YET;
  if (Progress.slot != 0) store<u64>(Progress.slot, Progress.position);
  header.changing = CHANGING_NOTHING;
  return !hidden;
}

function number(header: Header, event: usize, row: usize): void {
  const time = EventAt.time(event);
  header.eventNumber++;
  if (header.firstEventTime == 0 && !EventRow.isEarlier(row)) header.firstEventTime = time;
  if (time < Current.time) Count.one(Counter.OutOfOrder);
}

function startFrame(header: Header, event: usize, type: u32, cpu: u32): void {
  Current.time = EventAt.time(event);
  Current.tid = EventAt.tid(event);
  Current.type = type;
  Current.thread = 0;
  Current.descriptor = 0;
  Current.container = 0;
  const frame = Frame.record;
  frame.number = header.eventNumber;
  frame.startedAt = header.changeClock;
  header.serial++;
  frame.serial = header.serial;
  frame.event = <u32>event;
  frame.type = type;
  frame.cpu = cpu;
  frame.nameChanged = 0;
  frame.pack = NO_PACK;
  frame.hasFd = 0;
  frame.fd = -1;
}

function findEventThread(row: usize): void {
  const tid = Current.tid;
  let thread = findThread(tid);
  if (thread === null) {
    if (tid < 0 || EventRow.findsOnly(row)) return;
    thread = insertPlaceholder(tid);
    if (thread === null) return;
  } else if (thread.leader == 0 && !isPlaceholder(thread)) {
    // The leader was unknown when the thread came; it may have shown up since.
    joinGroup(thread);
  }
  thread.lastEventTime = Current.time;
  Current.thread = <u32>changetype<usize>(thread);
}

function findEventDescriptor(row: usize): void {
  if (!EventRow.hasDescriptors(row)) return;
  Current.speakOf(-1);
  const param = EventRow.descriptorParam(row);
  if (param != NO_DESCRIPTOR_PARAM && Params.length(param) >= 8) Current.use(Params.i64(param));
}

/** An exit ends the wait of a kept enter event; even types are no exits. */
function finishThread(type: u32): void {
  const thread = Current.threadEntry;
  if (thread.enter != 0 && (type & 1) != 0) dropEnter(thread);
}

function finishFrame(): void {
  const frame = Frame.record;
  const thread = Current.thread;
  frame.thread = thread;
  frame.descriptor = Current.descriptor;
  frame.leader = thread == 0 ? 0 : changetype<Thread>(<usize>thread).leader;
  frame.container = thread == 0
    ? Current.container
    : changetype<Thread>(<usize>thread).container;
}

/** For a frame that another engine left behind: its parameters have to be found again. */
export function decodeFrame(): void {
  const event = Frame.event;
  if (event != 0) decode(event, EventAt.bytes(event));
}
