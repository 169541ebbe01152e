import { type BigIntStats, statSync } from "node:fs";
import { FD_TYPE, type FdEntry } from "../replay/entries.ts";
import { portableOpenFlags } from "./open-flags.ts";
import { numbersIn, peekProc, readLink, withoutDeleted } from "./proc-file.ts";
import { readSockets, type SocketTable } from "./proc-sockets.ts";

const FDINFO_BYTES_MAX = 4_096;

/** Socket tables by network namespace, read when the first socket of one is met. */
export class SocketTables {
  readonly #byNamespace = new Map<string, SocketTable>();

  /** The tables of the namespace that the process of `folder` lives in. */
  of(folder: string): SocketTable {
    const namespace = readLink(`${folder}/ns/net`)?.toString("latin1") ?? "";
    let table = this.#byNamespace.get(namespace);
    if (table === undefined) {
      table = readSockets(folder);
      this.#byNamespace.set(namespace, table);
    }
    return table;
  }
}

export interface ProcDescriptors {
  readonly entries: readonly FdEntry[];
  /** Beyond the bound. */
  readonly dropped: number;
}

/**
 * Open descriptors of the process whose folder this is; those that close meanwhile are left out.
 */
export function readDescriptors(
  folder: string,
  max: number,
  sockets: SocketTables,
): ProcDescriptors {
  const entries: FdEntry[] = [];
  const numbers = numbersIn(`${folder}/fd`);
  for (const fd of numbers.slice(0, max)) {
    const entry = readDescriptor(folder, fd, sockets);
    if (entry !== undefined) entries.push(entry);
  }
  return { entries, dropped: Math.max(0, numbers.length - max) };
}

function readDescriptor(folder: string, fd: number, sockets: SocketTables): FdEntry | undefined {
  const link = readLink(`${folder}/fd/${fd}`);
  if (link === undefined) return undefined;
  const name = link.toString("latin1");
  const number = BigInt(fd);
  const special = /^(pipe|socket):\[(\d+)\]$/.exec(name);
  if (special !== null) {
    const inode = BigInt(special[2] ?? 0);
    if (special[1] === "pipe") return named(number, inode, FD_TYPE.fifo, link);
    const socket = sockets.of(folder).get(inode);
    return socket === undefined
      ? named(number, inode, FD_TYPE.unsupported, link)
      : { ...socket, fd: number };
  }
  const file = statOf(`${folder}/fd/${fd}`);
  if (file === undefined) return undefined;
  const anonymous = anonymousType(name);
  if (anonymous !== undefined) return named(number, file.ino, anonymous, Buffer.alloc(0));
  return fileDescriptor(folder, number, link, file);
}

const FILE_TYPE_MASK = 0o170000n;
const DIRECTORY = 0o040000n;
const FIFO = 0o010000n;

function fileDescriptor(folder: string, fd: bigint, link: Buffer, file: BigIntStats): FdEntry {
  const path = file.nlink === 0n ? withoutDeleted(link) : link;
  const kind = file.mode & FILE_TYPE_MASK;
  if (kind === DIRECTORY) return named(fd, file.ino, FD_TYPE.directory, path);
  if (kind === FIFO) return named(fd, file.ino, FD_TYPE.fifo, path);
  if (isMemfd(path)) return named(fd, file.ino, FD_TYPE.memfd, path);
  return {
    kind: "file",
    fd,
    inode: file.ino,
    type: FD_TYPE.fileV2,
    name: path,
    // The kernel's 32-bit device number is the low half of the C library's.
    dev: Number(BigInt.asUintN(32, file.dev)),
    ...fdInfo(`${folder}/fdinfo/${fd}`),
  };
}

function fdInfo(path: string): { readonly openFlags: number; readonly mountId: number } {
  const text = peekProc(path, FDINFO_BYTES_MAX)?.toString("latin1") ?? "";
  const flags = /^flags:\t([0-7]+)/m.exec(text)?.[1];
  const mountId = /^mnt_id:\t(\d+)/m.exec(text)?.[1];
  return {
    openFlags: flags === undefined ? 0 : portableOpenFlags(Number.parseInt(flags, 8)),
    mountId: mountId === undefined ? 0 : Number(mountId),
  };
}

const ANONYMOUS_TYPES: ReadonlyMap<string, number> = new Map<string, number>([
  ["[eventfd]", FD_TYPE.event],
  ["[eventpoll]", FD_TYPE.eventPoll],
  ["inotify", FD_TYPE.inotify],
  ["[signalfd]", FD_TYPE.signal],
  ["[timerfd]", FD_TYPE.timer],
  ["[io_uring]", FD_TYPE.ioUring],
  ["[userfaultfd]", FD_TYPE.userFault],
  ["[pidfd]", FD_TYPE.pidfd],
  ["bpf-map", FD_TYPE.bpf],
  ["bpf-prog", FD_TYPE.bpf],
  ["bpf_link", FD_TYPE.bpf],
  ["bpf-link", FD_TYPE.bpf],
  ["bpf_iter", FD_TYPE.bpf],
  ["btf", FD_TYPE.bpf],
]);

/** Type of a descriptor that has no file behind it, undefined when it has. */
function anonymousType(name: string): number | undefined {
  if (name.startsWith("pidfd:")) return FD_TYPE.pidfd;
  if (!name.startsWith("anon_inode:")) return undefined;
  return ANONYMOUS_TYPES.get(name.slice("anon_inode:".length)) ?? FD_TYPE.unsupported;
}

function isMemfd(path: Buffer): boolean {
  return path.subarray(0, 7).toString("latin1") === "/memfd:";
}

function named(fd: bigint, inode: bigint, type: number, name: Uint8Array): FdEntry {
  return { kind: "named", fd, inode, type, name };
}

function statOf(path: string): BigIntStats | undefined {
  try {
    return statSync(path, { bigint: true });
  } catch {
    return undefined;
  }
}
