/** What a recording holds, counted while it is read once. */
import { BLOCK, BLOCK_HEADER_BYTES, EVENT_STATE_ONLY } from "../replay/block.ts";
import { EVENT_HEADER_BYTES } from "../replay/encode.ts";
import {
  FD_TYPE,
  type FdList,
  type GroupEntry,
  type InterfaceEntry,
  type MachineInfo,
  type ProcessEntry,
  type UserEntry,
} from "../replay/entries.ts";
import { isTimed } from "../replay/event-times.ts";
import type { CapturePart } from "../replay/reader.ts";
import { eventByCode } from "../schema/events.ts";
import { SYSCALLS } from "../schema/syscalls.ts";
import type { EventSchema } from "../schema/types.ts";

/** One capture of a file; a file may hold several in a row. */
export interface Census {
  machine: MachineInfo | undefined;
  readonly interfaces: InterfaceEntry[];
  readonly users: UserEntry[];
  readonly groups: GroupEntry[];
  /** Leaders of the process list by pid. */
  readonly processes: Map<bigint, ProcessEntry>;
  /** Threads of the process list by pid, leaders included. */
  readonly threads: Map<bigint, number>;
  /** Descriptors by kind. */
  readonly descriptors: Map<string, number>;
  /** Events by name. */
  readonly events: Map<string, number>;
  /** Events that only tell state, by name. */
  readonly stateEvents: Map<string, number>;
  /** Event blocks that are too short for an event, or of a type that nobody defined. */
  readonly damage: { short: number; unknownTypes: number };
  /** Entries of the lists that are not kept, beyond the bounds below. */
  leftOut: number;
  /** Bytes of the texts of what is kept. */
  textBytes: number;
  /** ns since the epoch; undefined without events. */
  first: bigint | undefined;
  last: bigint | undefined;
}

export function emptyCensus(): Census {
  return {
    machine: undefined,
    interfaces: [],
    users: [],
    groups: [],
    processes: new Map(),
    threads: new Map(),
    descriptors: new Map(),
    events: new Map(),
    stateEvents: new Map(),
    damage: { short: 0, unknownTypes: 0 },
    leftOut: 0,
    textBytes: 0,
    first: undefined,
    last: undefined,
  };
}

/** Entries of each list that are kept: a hostile file must not fill our memory. */
const ENTRIES_MAX = 1 << 18;
/** And what their texts may take in one capture. */
const TEXT_BYTES_MAX = 64 << 20;
const NOTHING = Buffer.alloc(0);

/** Adds one part; "section" parts are the caller's business. */
export function countPart(census: Census, part: CapturePart): void {
  switch (part.kind) {
    case "machine":
      census.machine = part.machine;
      return;
    case "interfaces":
      for (const entry of part.interfaces) {
        const { name, address, netmask, broadcast } = entry;
        const texts = copies(census, { name, address, netmask, broadcast });
        keep(census, census.interfaces, texts && { ...entry, ...texts });
      }
      return;
    case "accounts":
      for (const entry of part.accounts.users) {
        const texts = copies(census, { name: entry.name, home: NOTHING, shell: NOTHING });
        keep(census, census.users, texts && { ...entry, ...texts });
      }
      for (const entry of part.accounts.groups) {
        const texts = copies(census, { name: entry.name });
        keep(census, census.groups, texts && { ...entry, ...texts });
      }
      return;
    case "processes":
      for (const entry of part.processes) countThread(census, entry);
      return;
    case "descriptors":
      countDescriptors(census, part.list);
      return;
    case "events":
      countEvents(census, part.bytes);
      return;
    default:
      return;
  }
}

function keep<T>(census: Census, list: T[], entry: T | undefined): void {
  if (entry === undefined || list.length >= ENTRIES_MAX) census.leftOut += 1;
  else list.push(entry);
}

/**
 * The texts in memory of their own, so that they do not hold the whole list that they are from;
 * undefined when there is no room.
 */
function copies<T extends Readonly<Record<string, Uint8Array>>>(
  census: Census,
  texts: T,
): T | undefined {
  const bytes = Object.values(texts).reduce((sum, { length }) => sum + length, 0);
  if (census.textBytes + bytes > TEXT_BYTES_MAX) return undefined;
  census.textBytes += bytes;
  const entries = Object.entries(texts).map(([name, text]) => [name, Buffer.from(text)]);
  return Object.fromEntries(entries) as T;
}

function countThread(census: Census, entry: ProcessEntry): void {
  const { processes, threads } = census;
  if (processes.size >= ENTRIES_MAX || threads.size >= ENTRIES_MAX) {
    census.leftOut += 1;
    return;
  }
  threads.set(entry.pid, (threads.get(entry.pid) ?? 0) + 1);
  if (entry.tid !== entry.pid) return;
  const { comm, exe, exePath, args } = entry;
  const unused = { cwd: NOTHING, env: NOTHING, cgroups: NOTHING, root: NOTHING };
  const texts = copies(census, { comm, exe, exePath, args, ...unused });
  if (texts === undefined) census.leftOut += 1;
  else processes.set(entry.pid, { ...entry, ...texts });
}

function countDescriptors(census: Census, list: FdList): void {
  for (const { type } of list.descriptors) {
    one(census.descriptors, FD_KIND.get(type) ?? `type ${String(type)}`);
  }
}

function countEvents(census: Census, blocks: Buffer): void {
  let at = 0;
  while (at + BLOCK_HEADER_BYTES <= blocks.length) {
    const length = blocks.readUInt32LE(at + 4);
    countEvent(census, blocks, { at, end: at + length - 4 });
    at += Math.max(length, BLOCK_HEADER_BYTES);
  }
}

function countEvent(
  census: Census,
  blocks: Buffer,
  block: { readonly at: number; readonly end: number },
): void {
  const blockType = blocks.readUInt32LE(block.at);
  const flagged = blockType === BLOCK.eventWithFlags || blockType === BLOCK.largeEventWithFlags;
  const event = block.at + BLOCK_HEADER_BYTES + (flagged ? 6 : 2);
  if (event + EVENT_HEADER_BYTES > block.end) {
    census.damage.short++;
    return;
  }
  const flags = flagged ? blocks.readUInt32LE(block.at + BLOCK_HEADER_BYTES + 2) : 0;
  const schema = eventByCode(blocks.readUInt16LE(event + 20));
  if (schema === undefined) {
    census.damage.unknownTypes++;
    return;
  }
  const name = eventName(schema.id, schema.name, blocks.subarray(event, block.end));
  if ((flags & EVENT_STATE_ONLY) !== 0) {
    one(census.stateEvents, name);
    return;
  }
  // No rule sees them: they only tell their exits what was asked for.
  if (isEnter(schema)) {
    one(census.stateEvents, `${name} (enter)`);
    return;
  }
  one(census.events, name);
  if (!isTimed(blocks, event)) return;
  const time = blocks.readBigUInt64LE(event);
  if (census.first === undefined || time < census.first) census.first = time;
  if (census.last === undefined || time > census.last) census.last = time;
}

function isEnter({ code, kind }: EventSchema): boolean {
  return (code & 1) === 0 && kind === "syscall";
}

/** As `evt.type` shows it: generic events go by the name of their system call. */
function eventName(id: string, name: string, event: Buffer): string {
  if (id !== "GENERIC_X") return name;
  const count = event.readUInt32LE(22);
  const code = EVENT_HEADER_BYTES + 2 * count;
  if (count === 0 || code + 2 > event.length) return name;
  return SYSCALL_NAMES.get(event.readUInt16LE(code)) ?? name;
}

const SYSCALL_NAMES: ReadonlyMap<number, string> = new Map(
  SYSCALLS.map((syscall) => [syscall.code, syscall.name]),
);

function one(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

const FD_KIND: ReadonlyMap<number, string> = new Map<number, string>([
  [FD_TYPE.unknown, "unknown"],
  [FD_TYPE.file, "file"],
  [FD_TYPE.fileV2, "file"],
  [FD_TYPE.directory, "directory"],
  [FD_TYPE.ipv4, "IPv4 connection"],
  [FD_TYPE.ipv6, "IPv6 connection"],
  [FD_TYPE.ipv4Server, "IPv4 server"],
  [FD_TYPE.ipv6Server, "IPv6 server"],
  [FD_TYPE.fifo, "pipe"],
  [FD_TYPE.unix, "Unix socket"],
  [FD_TYPE.event, "eventfd"],
  [FD_TYPE.unsupported, "unsupported"],
  [FD_TYPE.signal, "signalfd"],
  [FD_TYPE.eventPoll, "epoll"],
  [FD_TYPE.inotify, "inotify"],
  [FD_TYPE.timer, "timerfd"],
  [FD_TYPE.netlink, "netlink"],
  [FD_TYPE.bpf, "bpf"],
  [FD_TYPE.userFault, "userfaultfd"],
  [FD_TYPE.ioUring, "io_uring"],
  [FD_TYPE.memfd, "memfd"],
  [FD_TYPE.pidfd, "pidfd"],
]);
