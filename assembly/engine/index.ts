/** The engine module's exports; ARCHITECTURE.md, "Engine module", says what they promise. */
import { Scratch } from "../fields/scratch";
import { Value } from "../fields/value";
import { REPLAY_BASE, REPLAY_BYTES_MAX } from "../schema/generated/memory";
import { isSchema } from "../schema/tables";
import { Count, Counter } from "../state/counters";
import { Frame, NO_PACK, NO_PACK_YET } from "../state/frame";
import { HeaderAt, STATE_MAGIC, STATE_VERSION } from "../state/header";
import { Heap } from "../state/heap";
import { CHANGING_NOTHING, layOutTables, SCHEMA_BYTES_MAX, Sizes } from "../state/layout";
import { ContainerFacts } from "./container-facts";
import { digestFrame } from "./digest";
import { Deferred } from "./deferred";
import { fillEventTable } from "./event-table";
import { renderField } from "./generated/render";
import { installHandlers } from "./handlers/index";
import { addInterfaceEntry } from "./interfaces";
import { decodeFrame } from "./pipeline";
import { DrainLimit } from "./drain-limit";
import { Pacing } from "./pacing";
import { markAlive, purgeThreads } from "./purge";
import { RecentExits } from "./recent-exits";
import { replayBlocks } from "./replay";
import { askForWakeup, drainRings, mapRing } from "./rings";
import { evaluateAll, evaluateRest, subscribePack, switchPack } from "./subscriptions";
import { switchTap, tappedBytes } from "./tap";

installHandlers();

const ARGUMENT_BYTES: u32 = 65_536;
/** HOST_NAME_MAX of Linux is 64; FALCO_HOSTNAME may be longer. */
const HOSTNAME_BYTES_MAX: u32 = 1_024;
const ARGUMENT: usize = memory.data(65_536, 8);

export function layOut(
  threads: u32,
  descriptors: u32,
  stringBytes: u32,
  containers: u32,
  users: u32,
  groups: u32,
): i32 {
  Sizes.threads = threads;
  Sizes.descriptors = descriptors;
  Sizes.stringBytes = stringBytes;
  Sizes.containers = containers;
  Sizes.users = users;
  Sizes.groups = groups;
  forgetPrivate();
  const result = layOutTables();
  Frame.record.pack = NO_PACK;
  return result;
}

/** What only this instance knows about the tables. */
function forgetPrivate(): void {
  Deferred.clear();
  RecentExits.clear();
}

export function attach(): i32 {
  const header = HeaderAt.header;
  if (header.magic != STATE_MAGIC || header.version != STATE_VERSION) return 2;
  if (header.changing != CHANGING_NOTHING) return 1;
  forgetPrivate();
  const base = <usize>header.schemaBase;
  if (header.schemaBytes != 0 && isSchema(base, header.schemaBytes)) fillEventTable(base);
  decodeFrame();
  return 0;
}

export function loadSchema(address: u32, length: u32): void {
  const header = HeaderAt.header;
  if (length > SCHEMA_BYTES_MAX || !isSchema(<usize>address, length)) return;
  memory.copy(<usize>header.schemaBase, <usize>address, <usize>length);
  header.schemaBytes = length;
  fillEventTable(<usize>header.schemaBase);
}

export function setRing(index: u32, bytes: u32): void {
  mapRing(index, bytes);
}

/** `family`: 2 or 10. The address, 4 or 16 bytes, lies at `address`. */
export function addInterface(family: u32, address: u32): void {
  addInterfaceEntry(family, <usize>address, 0);
}

/** The same with the network mask, which lies at `mask`. */
export function addNetwork(family: u32, address: u32, mask: u32): void {
  addInterfaceEntry(family, <usize>address, <usize>mask);
}

/** When the host started, ns since the epoch: start of its own pid namespace. */
export function setBootTime(time: u64): void {
  HeaderAt.header.bootTime = time;
}

/** What `evt.hostname` shows: `length` bytes at `argument()`. A recording is of no host. */
export function setHostname(length: u32): void {
  const header = HeaderAt.header;
  Heap.release(header.hostname);
  header.hostname = Heap.make(ARGUMENT, min<u32>(length, HOSTNAME_BYTES_MAX));
}

/** Nonzero: captured data prints as Base64 from now on. */
export function setBase64(on: u32): void {
  HeaderAt.header.base64 = on;
}

export function subscribe(pack: u32, type: u32): void {
  subscribePack(pack, type);
}

export function setPack(pack: u32, on: u32): void {
  switchPack(pack, on != 0);
}

export function drain(eventsMax: u32): u32 {
  return drainRings(eventsMax);
}

export function replay(address: u32, length: u32): u32 {
  return replayBlocks(address, length);
}

/** Ends the replay under way behind the current block. */
export function pauseReplay(): void {
  DrainLimit.replayPaused = true;
}

/** Nonzero: `host.onEvaluated` is called around every call of a pack. */
export function timePacks(on: u32): void {
  Pacing.time(on != 0);
}

/** From now on `pack` is called for one event in `stride`. */
export function pacePack(pack: u32, stride: u32): void {
  Pacing.set(pack, stride);
}

/** Events that `pack` missed by `pacePack` since this engine started. */
export function skippedOf(pack: u32): u64 {
  return Pacing.skipped(pack);
}

export function resume(): void {
  const pack = Frame.record.pack;
  if (pack == NO_PACK) return;
  // After a restart nobody has looked at the frame's event yet.
  decodeFrame();
  if (pack == NO_PACK_YET) {
    evaluateAll();
    return;
  }
  Count.one(Counter.PackTraps);
  evaluateRest();
  Frame.record.pack = NO_PACK;
}

/** Returns 1 when there is something to drain already. */
export function sleep(): u32 {
  return askForWakeup();
}

/** `count` ids of threads that are alive, u32 each, in the replay window. */
export function keepAlive(address: u32, count: u32): void {
  const end = <u64>address + (<u64>count << 2);
  if (address < REPLAY_BASE || end > <u64>REPLAY_BASE + REPLAY_BYTES_MAX) return;
  markAlive(<usize>address, count);
}

/** Removes threads that were not kept and had no event for `idle` ns; returns how many. */
export function purge(idle: u64): u32 {
  return purgeThreads(idle);
}

export function render(field: u32, number: u32, textLength: u32): u32 {
  digestFrame();
  // The host has taken the value before.
  Scratch.settle();
  return renderField(field, number, ARGUMENT, min<u32>(textLength, ARGUMENT_BYTES));
}

export function argument(): u32 {
  return <u32>ARGUMENT;
}

export function valueAddress(): u32 {
  return <u32>Value.address;
}

export function valueLength(): u32 {
  return Value.length;
}

export function valueNumber(): u64 {
  return Value.number;
}

export function tap(on: u32): void {
  switchTap(on != 0);
}

export function tapped(): u32 {
  return tappedBytes();
}

/**
 * By the short id, `length` bytes at `argument()`. Returns its address, 0 when there is no room.
 */
export function openContainer(length: u32): u32 {
  return ContainerFacts.begin(ARGUMENT, min<u32>(length, ARGUMENT_BYTES));
}

/** Member `index` of the texts of `Container`, 1 `fullId` to 16 `podLabels`, from `argument()`. */
export function setContainerText(index: u32, length: u32): void {
  ContainerFacts.setText(index, ARGUMENT, min<u32>(length, ARGUMENT_BYTES));
}

/** 0 startTime, 1 type, 2 privileged, 3 hostPid, 4 hostNetwork, 5 hostIpc. */
export function setContainerNumber(index: u32, value: u64): void {
  ContainerFacts.setNumber(index, value);
}

/** What was set counts from here on. */
export function closeContainer(): void {
  ContainerFacts.end();
}
