import { encodeEvent, eventBlock, type ParamValue } from "./encode.ts";
import {
  type Accounts,
  FD_TYPE,
  type FdEntry,
  type FdList,
  L4,
  type ProcessEntry,
  type TupleFd,
} from "./entries.ts";

/**
 * Turns lists (from a recording or from /proc) into the state-only event blocks that the engine
 * reads. ARCHITECTURE.md, "State at start", says how they differ from the schema's events.
 */
const TYPE = {
  userAdded: 354,
  groupAdded: 358,
  task: 430,
  pipe: 432,
  memfd: 434,
  regular: 436,
  directory: 438,
  inet: 440,
  inet6: 442,
  unix: 444,
  netlink: 446,
  anonymous: 448,
} as const;

/** Limits of the recording format: what the kernel side keeps of paths and of argument lists. */
const PATH_BYTES_MAX = 1_024;
const LIST_BYTES_MAX = 4_096;
const COMM_BYTES_MAX = 1_024;

/** Ids fit the 31 bits that the kernel gives them; others cannot be told to the engine. */
const ID_MAX = 0x7fff_ffffn;
const NO_TID = -1n;

export interface Bootstrap {
  /** Event blocks, ready for the replay window. */
  readonly blocks: Buffer;
  /** Entries that were left out because their ids or lengths cannot be said in an event. */
  readonly dropped: number;
}

/** One block per entry whose ids are those of a task. `time`: ns since the epoch. */
export function bootstrapProcesses(entries: Iterable<ProcessEntry>, time: bigint): Bootstrap {
  return collect(entries, (entry) => {
    if (!isId(entry.tid) || !isId(entry.pid)) return undefined;
    const tid = (entry.pid << 32n) | entry.tid;
    return encodeEvent({ type: TYPE.task, tid, time }, taskParams(entry));
  });
}

/**
 * One block per descriptor. `pid` is left out when the list does not tell it, as in a recording.
 */
export function bootstrapDescriptors(list: FdList, time: bigint, pid = 0n): Bootstrap {
  return collect(list.descriptors, (entry) => {
    if (!isId(list.tid) || entry.fd < 0n || entry.fd > ID_MAX) return undefined;
    const tid = (pid << 32n) | list.tid;
    const [type, params] = fdEvent(entry);
    return encodeEvent({ type, tid, time }, [Number(entry.fd), ...params]);
  });
}

/** `containerId`: whose accounts they are; empty for the host's. */
export function bootstrapAccounts(accounts: Accounts, time: bigint, containerId = ""): Bootstrap {
  const users = collect(accounts.users, (user) =>
    encodeEvent({ type: TYPE.userAdded, tid: NO_TID, time }, [
      user.uid,
      user.gid,
      path(user.name),
      path(user.home),
      path(user.shell),
      containerId,
    ]),
  );
  const groups = collect(accounts.groups, (group) =>
    encodeEvent({ type: TYPE.groupAdded, tid: NO_TID, time }, [
      group.gid,
      path(group.name),
      containerId,
    ]),
  );
  return {
    blocks: Buffer.concat([users.blocks, groups.blocks]),
    dropped: users.dropped + groups.dropped,
  };
}

function collect<T>(entries: Iterable<T>, encode: (entry: T) => Buffer | undefined): Bootstrap {
  const blocks: Buffer[] = [];
  let dropped = 0;
  for (const entry of entries) {
    const event = encode(entry);
    if (event === undefined) dropped++;
    else blocks.push(eventBlock(event, { stateOnly: true }));
  }
  return { blocks: Buffer.concat(blocks), dropped };
}

/** Order of ITER_TASK_E's parameters, then ours. */
function taskParams(entry: ProcessEntry): ParamValue[] {
  return [
    entry.ptid,
    entry.pgid,
    entry.vpgid,
    entry.sid,
    entry.comm.subarray(0, COMM_BYTES_MAX),
    argv(entry),
    path(entry.exePath),
    entry.exeFlags,
    entry.env.subarray(0, LIST_BYTES_MAX),
    path(entry.cwd),
    entry.fdLimit,
    entry.uid,
    entry.gid,
    entry.capPermitted,
    entry.capEffective,
    entry.capInheritable,
    entry.exeInode,
    entry.exeCtime,
    entry.exeMtime,
    entry.vmSize,
    entry.vmRss,
    entry.vmSwap,
    entry.majorFaults,
    entry.minorFaults,
    entry.vpid,
    entry.vtid,
    entry.pidnsStart,
    entry.cgroups.subarray(0, LIST_BYTES_MAX),
    path(entry.root),
    entry.startTime,
    entry.tty,
    entry.loginuid,
    u32(entry.flags),
  ];
}

function argv(entry: ProcessEntry): Buffer {
  const args = entry.args.subarray(0, LIST_BYTES_MAX);
  return Buffer.concat([path(entry.exe), Buffer.of(0), args]);
}

/** Event type and parameters after the descriptor number. */
function fdEvent(entry: FdEntry): [type: number, params: ParamValue[]] {
  const kind = Buffer.of(entry.type);
  switch (entry.kind) {
    case "tuple":
      return [inetType(entry.source), [...tupleParams(entry), entry.inode, kind]];
    case "server": {
      const peer = { destination: Buffer.alloc(entry.address.length), destinationPort: 0 };
      const source = { source: entry.address, sourcePort: entry.port, l4: entry.l4 };
      return [inetType(entry.address), [...tupleParams({ ...source, ...peer }), entry.inode, kind]];
    }
    case "unix":
      return [
        TYPE.unix,
        [undefined, undefined, entry.source, path(entry.name), entry.inode, u64(entry.peer)],
      ];
    case "file":
      return [
        TYPE.regular,
        [path(entry.name), entry.openFlags, entry.mountId, entry.inode, u32(entry.dev), kind],
      ];
    case "named":
      return namedFdEvent(entry.type, path(entry.name), entry.inode);
  }
}

function namedFdEvent(
  type: number,
  name: Uint8Array,
  inode: bigint,
): [type: number, params: ParamValue[]] {
  const kind = Buffer.of(type);
  switch (type) {
    case FD_TYPE.file:
      return [TYPE.regular, [name, undefined, undefined, inode, undefined, kind]];
    case FD_TYPE.directory:
      return [TYPE.directory, [name, inode]];
    case FD_TYPE.fifo:
      return [TYPE.pipe, [name, inode]];
    case FD_TYPE.memfd:
      return [TYPE.memfd, [name, inode]];
    case FD_TYPE.netlink:
      return [TYPE.netlink, [undefined, undefined, inode]];
    default:
      return [TYPE.anonymous, [ANONYMOUS_KIND.get(type) ?? 0, name, inode, kind]];
  }
}

/** The iterator events' numbers for anonymous inodes, by our descriptor type. */
const ANONYMOUS_KIND: ReadonlyMap<number, number> = new Map<number, number>([
  [FD_TYPE.event, 1],
  [FD_TYPE.eventPoll, 2],
  [FD_TYPE.inotify, 3],
  [FD_TYPE.signal, 4],
  [FD_TYPE.timer, 5],
  [FD_TYPE.ioUring, 6],
  [FD_TYPE.userFault, 7],
  [FD_TYPE.pidfd, 8],
  [FD_TYPE.bpf, 9],
]);

const SOCKET_BY_L4: ReadonlyMap<number, readonly [type: number, protocol: number]> = new Map([
  [L4.tcp, [1, 6]],
  [L4.udp, [2, 17]],
  [L4.icmp, [3, 1]],
  [L4.raw, [3, 255]],
]);

type Tuple = Omit<TupleFd, "kind" | "fd" | "inode" | "type">;

function tupleParams(tuple: Tuple): ParamValue[] {
  const [type, protocol] = SOCKET_BY_L4.get(tuple.l4) ?? [undefined, undefined];
  const { source, sourcePort, destination, destinationPort } = tuple;
  return [type, protocol, source, sourcePort, destination, destinationPort];
}

function inetType(address: Uint8Array): number {
  return address.length === 4 ? TYPE.inet : TYPE.inet6;
}

function isId(id: bigint): boolean {
  return id >= 0n && id <= ID_MAX;
}

function path(bytes: Uint8Array): Uint8Array {
  return bytes.length > PATH_BYTES_MAX ? bytes.subarray(0, PATH_BYTES_MAX) : bytes;
}

function u32(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
}

function u64(value: bigint): Buffer {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeBigUInt64LE(BigInt.asUintN(64, value));
  return bytes;
}
