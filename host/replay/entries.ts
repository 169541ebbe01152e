/**
 * What a capture file lists before its events, as plain objects. A /proc scan makes the same. Text
 * is bytes: paths and arguments need not be UTF-8.
 */

/** One thread. A leader has tid = pid. */
export interface ProcessEntry {
  readonly tid: bigint;
  readonly pid: bigint;
  readonly ptid: bigint;
  /** Session, process group, and process group as seen in its own pid namespace; −1 unknown. */
  readonly sid: bigint;
  readonly pgid: bigint;
  readonly vpgid: bigint;
  readonly vtid: bigint;
  readonly vpid: bigint;
  readonly comm: Uint8Array;
  /** argv[0]. */
  readonly exe: Uint8Array;
  readonly exePath: Uint8Array;
  /** Arguments after argv[0], each with a NUL behind it. */
  readonly args: Uint8Array;
  readonly cwd: Uint8Array;
  /** `key=value`, each with a NUL behind it. */
  readonly env: Uint8Array;
  /** `subsystem=path`, each with a NUL behind it. */
  readonly cgroups: Uint8Array;
  readonly root: Uint8Array;
  readonly fdLimit: bigint;
  /** Clone flags kept as state, scap's PPM_CL numbers. */
  readonly flags: number;
  readonly uid: number;
  readonly gid: number;
  /** 0xffffffff when unset. */
  readonly loginuid: number;
  readonly tty: number;
  /** Kilobytes. */
  readonly vmSize: number;
  readonly vmRss: number;
  readonly vmSwap: number;
  readonly majorFaults: bigint;
  readonly minorFaults: bigint;
  readonly capInheritable: bigint;
  readonly capPermitted: bigint;
  readonly capEffective: bigint;
  /** EXE_ bits below. */
  readonly exeFlags: number;
  readonly exeInode: bigint;
  /** ns since the epoch, 0 unknown. */
  readonly exeCtime: bigint;
  readonly exeMtime: bigint;
  /** Start of the first process of its pid namespace, ns since the epoch. */
  readonly pidnsStart: bigint;
  /** ns since the epoch; 0 unknown: files do not have it. */
  readonly startTime: bigint;
}

export const EXE_WRITABLE = 1;
export const EXE_UPPER_LAYER = 2;
export const EXE_FROM_MEMFD = 4;
export const EXE_LOWER_LAYER = 8;

export const UNSET_ID = 0xffff_ffff;

/** Kinds of descriptors, numbers of the file format. */
export const FD_TYPE = {
  unknown: 0,
  file: 1,
  directory: 2,
  ipv4: 3,
  ipv6: 4,
  ipv4Server: 5,
  ipv6Server: 6,
  fifo: 7,
  unix: 8,
  event: 9,
  unsupported: 10,
  signal: 11,
  eventPoll: 12,
  inotify: 13,
  timer: 14,
  netlink: 15,
  fileV2: 16,
  bpf: 17,
  userFault: 18,
  ioUring: 19,
  memfd: 20,
  pidfd: 21,
} as const;

export const L4 = { unknown: 0, notApplicable: 1, tcp: 2, udp: 3, icmp: 4, raw: 5 } as const;

interface AnyFd {
  readonly fd: bigint;
  readonly inode: bigint;
  /** FD_TYPE number; files may hold others, which are kept as named. */
  readonly type: number;
}
/** Connected socket; addresses of 4 or 16 bytes in network order. */
export interface TupleFd extends AnyFd {
  readonly kind: "tuple";
  readonly source: Uint8Array;
  readonly destination: Uint8Array;
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly l4: number;
}
/** Bound socket without a peer. */
export interface ServerFd extends AnyFd {
  readonly kind: "server";
  readonly address: Uint8Array;
  readonly port: number;
  readonly l4: number;
}
export interface UnixFd extends AnyFd {
  readonly kind: "unix";
  /** Kernel addresses of the two ends. */
  readonly source: bigint;
  readonly peer: bigint;
  readonly name: Uint8Array;
}
export interface FileFd extends AnyFd {
  readonly kind: "file";
  /** Portable open flags. */
  readonly openFlags: number;
  readonly name: Uint8Array;
  readonly dev: number;
  /** 0 unknown: files do not have it. */
  readonly mountId: number;
}
export interface NamedFd extends AnyFd {
  readonly kind: "named";
  readonly name: Uint8Array;
}
export type FdEntry = TupleFd | ServerFd | UnixFd | FileFd | NamedFd;

/** Descriptors of the process that `tid` belongs to. */
export interface FdList {
  readonly tid: bigint;
  readonly descriptors: readonly FdEntry[];
}

export interface UserEntry {
  readonly uid: number;
  readonly gid: number;
  readonly name: Uint8Array;
  readonly home: Uint8Array;
  readonly shell: Uint8Array;
}
export interface GroupEntry {
  readonly gid: number;
  readonly name: Uint8Array;
}
export interface Accounts {
  readonly users: readonly UserEntry[];
  readonly groups: readonly GroupEntry[];
}

/** One address of one interface; 4 or 16 bytes each, broadcast zeros for IPv6. */
export interface InterfaceEntry {
  readonly name: Uint8Array;
  readonly address: Uint8Array;
  readonly netmask: Uint8Array;
  readonly broadcast: Uint8Array;
  /** bit/s, 0 unknown. */
  readonly linkSpeed: bigint;
}

export interface MachineInfo {
  readonly cpus: number;
  readonly memoryBytes: bigint;
  readonly maxPid: bigint;
  readonly hostname: Uint8Array;
  /** ns since the epoch. */
  readonly bootTime: bigint;
  readonly flags: bigint;
}
