import { type BigIntStats, statSync } from "node:fs";
import { EXE_FROM_MEMFD, EXE_WRITABLE, type ProcessEntry } from "../replay/entries.ts";
import { numbersIn, peekProc, readLink, readProc, withoutDeleted } from "./proc-file.ts";
import {
  readCgroups,
  readFdLimit,
  readLoginUid,
  readStat,
  readStatus,
  type Stat,
  type Status,
} from "./proc-status.ts";

/** What the capture programs keep of arguments and of the environment. */
const LIST_BYTES_MAX = 4_096;
/** argv[0] comes on top of it. */
const COMMAND_BYTES_MAX = LIST_BYTES_MAX + 1_024;

/** Ticks of start times in stat: a constant of the kernel's interface on every architecture. */
const NS_PER_TICK = 10_000_000n;

/** Clone flags that a thread which is no leader must have had. */
const FLAGS_THREAD = (1 << 0) | (1 << 13);

export interface ProcOptions {
  /** Where /proc of the host is mounted. */
  readonly procRoot: string;
  /** Wall clock minus CLOCK_BOOTTIME, ns. */
  readonly bootTime: bigint;
}

export interface ProcProcess {
  readonly leader: ProcessEntry;
  readonly threads: readonly ProcessEntry[];
  /** Threads beyond the bound. */
  readonly droppedThreads: number;
  /** Names its pid namespace; empty when it cannot be read. */
  readonly pidNamespace: string;
  readonly zombie: boolean;
}

const NOTHING = Buffer.alloc(0);

/** One process with its threads, undefined when it is gone. At most `threadsMax` threads. */
export function readProcess(
  pid: number,
  threadsMax: number,
  options: ProcOptions,
): ProcProcess | undefined {
  const folder = `${options.procRoot}/${pid}`;
  const stat = readStat(`${folder}/stat`);
  const status = readStatus(`${folder}/status`);
  if (stat === undefined || status === undefined) return undefined;
  const leader: ProcessEntry = {
    tid: BigInt(pid),
    pid: BigInt(pid),
    ...relations(stat),
    ...identity(status),
    ...usage(stat, status, options),
    ...command(folder),
    ...executable(folder, status),
    comm: stat.comm,
    cwd: withFinalSlash(withoutDeleted(readLink(`${folder}/cwd`) ?? NOTHING)),
    root: readLink(`${folder}/root`) ?? NOTHING,
    env: readProc(`${folder}/environ`, LIST_BYTES_MAX) ?? NOTHING,
    cgroups: readCgroups(`${folder}/cgroup`),
    fdLimit: readFdLimit(`${folder}/limits`),
    loginuid: readLoginUid(`${folder}/loginuid`),
    flags: 0,
    pidnsStart: 0n,
  };
  return {
    leader,
    ...readThreads(leader, folder, threadsMax, options),
    pidNamespace: readLink(`${folder}/ns/pid`)?.toString("latin1") ?? "",
    zombie: stat.state === "Z" || stat.state === "X",
  };
}

/** Threads share what the process owns; name, ids, credentials and times are their own. */
function readThreads(
  leader: ProcessEntry,
  folder: string,
  threadsMax: number,
  options: ProcOptions,
): Pick<ProcProcess, "threads" | "droppedThreads"> {
  const threads: ProcessEntry[] = [];
  const others = numbersIn(`${folder}/task`).filter((tid) => BigInt(tid) !== leader.pid);
  for (const tid of others.slice(0, threadsMax)) {
    const stat = readStat(`${folder}/task/${tid}/stat`);
    const status = readStatus(`${folder}/task/${tid}/status`);
    if (stat === undefined || status === undefined) continue;
    threads.push({
      ...leader,
      tid: BigInt(tid),
      comm: stat.comm,
      ...relations(stat),
      ...identity(status),
      ...usage(stat, status, options),
      flags: FLAGS_THREAD,
    });
  }
  return { threads, droppedThreads: Math.max(0, others.length - threadsMax) };
}

function relations(stat: Stat) {
  return {
    ptid: BigInt(stat.ppid),
    pgid: BigInt(stat.pgid),
    sid: BigInt(stat.sid),
    tty: stat.tty,
  };
}

function identity(status: Status) {
  const { uid, gid, capInheritable, capPermitted, capEffective } = status;
  return {
    uid,
    gid,
    capInheritable,
    capPermitted,
    capEffective,
    vpid: BigInt(status.vpid),
    vtid: BigInt(status.vtid),
    vpgid: BigInt(status.vpgid),
  };
}

function usage(stat: Stat, status: Status, options: ProcOptions) {
  return {
    vmSize: status.vmSize,
    vmRss: status.vmRss,
    vmSwap: status.vmSwap,
    majorFaults: stat.majorFaults,
    minorFaults: stat.minorFaults,
    startTime: options.bootTime + stat.startTicks * NS_PER_TICK,
  };
}

function command(folder: string): Pick<ProcessEntry, "exe" | "args"> {
  const line = peekProc(`${folder}/cmdline`, COMMAND_BYTES_MAX) ?? NOTHING;
  const end = line.indexOf(0);
  if (end < 0) return { exe: Buffer.from(line), args: NOTHING };
  return {
    exe: Buffer.from(line.subarray(0, end)),
    args: Buffer.from(line.subarray(end + 1, end + 1 + LIST_BYTES_MAX)),
  };
}

const MEMFD_PREFIX = "/memfd:";

function executable(folder: string, status: Status) {
  const link = readLink(`${folder}/exe`) ?? NOTHING;
  const file = statOf(`${folder}/exe`);
  const fromMemfd = link.subarray(0, MEMFD_PREFIX.length).toString("latin1") === MEMFD_PREFIX;
  const writable = file !== undefined && mayWrite(file, status);
  return {
    exePath: withoutDeleted(link),
    exeFlags: (writable ? EXE_WRITABLE : 0) | (fromMemfd ? EXE_FROM_MEMFD : 0),
    exeInode: file?.ino ?? 0n,
    exeCtime: file?.ctimeNs ?? 0n,
    exeMtime: file?.mtimeNs ?? 0n,
  };
}

function statOf(path: string): BigIntStats | undefined {
  try {
    return statSync(path, { bigint: true });
  } catch {
    return undefined;
  }
}

const CAP_DAC_OVERRIDE = 1n << 1n;
const CAP_FOWNER = 1n << 3n;
const OWNER_WRITES = 0o200n;
const GROUP_WRITES = 0o020n;
const OTHERS_WRITE = 0o002n;

/** Whether the process could open its own program for writing, or make itself able to. */
function mayWrite(file: BigIntStats, status: Status): boolean {
  const owner = BigInt(status.uid) === file.uid;
  if (status.capEffective & (CAP_DAC_OVERRIDE | CAP_FOWNER)) return true;
  if (owner) return (file.mode & OWNER_WRITES) !== 0n;
  if (BigInt(status.gid) === file.gid) return (file.mode & GROUP_WRITES) !== 0n;
  return (file.mode & OTHERS_WRITE) !== 0n;
}

const SLASH = 0x2f;

function withFinalSlash(path: Buffer): Buffer {
  if (path.length === 0 || path.at(-1) === SLASH) return path;
  return Buffer.concat([path, Buffer.of(SLASH)]);
}
