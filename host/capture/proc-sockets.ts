import { FD_TYPE, type FdEntry, L4 } from "../replay/entries.ts";
import { peekProc } from "./proc-file.ts";

type WithoutFd<Entry> = Entry extends FdEntry ? Omit<Entry, "fd"> : never;
type SocketEntry = WithoutFd<FdEntry>;

/** What a network namespace's tables say, by socket inode; the descriptor's number is −1. */
export type SocketTable = ReadonlyMap<bigint, FdEntry>;

/** Each table of a host with half a million sockets fits. */
const TABLE_BYTES_MAX = 128 << 20;
/** First try; most tables are smaller. */
const TABLE_BYTES_USUAL = 1 << 20;

const INET_TABLES = [
  ["tcp", L4.tcp],
  ["tcp6", L4.tcp],
  ["udp", L4.udp],
  ["udp6", L4.udp],
  ["udplite", L4.udp],
  ["udplite6", L4.udp],
  ["raw", L4.raw],
  ["raw6", L4.raw],
  ["icmp", L4.icmp],
  ["icmp6", L4.icmp],
] as const;

/** All sockets of the network namespace that `folder` (`/proc/<pid>`) lives in. */
export function readSockets(folder: string): SocketTable {
  const table = new Map<bigint, FdEntry>();
  for (const [name, l4] of INET_TABLES) {
    for (const line of lines(`${folder}/net/${name}`)) add(table, inetSocket(line, l4));
  }
  for (const line of lines(`${folder}/net/unix`)) add(table, unixSocket(line));
  for (const line of lines(`${folder}/net/netlink`)) add(table, netlinkSocket(line));
  return table;
}

function add(table: Map<bigint, FdEntry>, entry: SocketEntry | undefined): void {
  // Sockets that nobody holds (TIME_WAIT) have no inode.
  if (entry !== undefined && entry.inode !== 0n) table.set(entry.inode, { ...entry, fd: -1n });
}

/** Lines after the heading; none when the kernel has no such table. */
function lines(path: string): string[] {
  let bytes = peekProc(path, TABLE_BYTES_USUAL);
  if (bytes?.length === TABLE_BYTES_USUAL) bytes = peekProc(path, TABLE_BYTES_MAX);
  if (bytes === undefined) return [];
  return bytes.toString("latin1").split("\n").slice(1);
}

/** `sl: local:port remote:port state … uid timeout inode`, addresses as hexadecimal host words. */
function inetSocket(line: string, l4: number): SocketEntry | undefined {
  const fields = line.trim().split(/\s+/);
  const local = endpoint(fields[1]);
  const remote = endpoint(fields[2]);
  const inode = number(fields[9]);
  if (local === undefined || remote === undefined || inode === undefined) return undefined;
  const four = local.address.length === 4;
  if (remote.address.every((byte) => byte === 0)) {
    const type = four ? FD_TYPE.ipv4Server : FD_TYPE.ipv6Server;
    return { kind: "server", inode, type, ...local, l4 };
  }
  return {
    kind: "tuple",
    inode,
    type: four ? FD_TYPE.ipv4 : FD_TYPE.ipv6,
    source: local.address,
    destination: remote.address,
    sourcePort: local.port,
    destinationPort: remote.port,
    l4,
  };
}

function endpoint(text: string | undefined): { address: Buffer; port: number } | undefined {
  const match = /^((?:[0-9A-F]{8}){1,4}):([0-9A-F]{4})$/i.exec(text ?? "");
  const [, words = "", port = ""] = match ?? [];
  if (words.length !== 8 && words.length !== 32) return undefined;
  const address = Buffer.allocUnsafe(words.length / 2);
  for (let at = 0; at < words.length; at += 8) {
    // The kernel prints each network-order word as a host number.
    address.writeUInt32LE(Number.parseInt(words.slice(at, at + 8), 16), at / 2);
  }
  return { address, port: Number.parseInt(port, 16) };
}

/** `address: references protocol flags type state inode path`; the path may hold blanks. */
function unixSocket(line: string): SocketEntry | undefined {
  const match = /^([0-9a-f]+): \S+ \S+ \S+ \S+ \S+ +(\d+)(?: (.*))?$/i.exec(line);
  const [, address, inode, name = ""] = match ?? [];
  if (address === undefined || inode === undefined) return undefined;
  return {
    kind: "unix",
    inode: BigInt(inode),
    type: FD_TYPE.unix,
    source: BigInt(`0x${address}`),
    peer: 0n,
    name: Buffer.from(name, "latin1"),
  };
}

function netlinkSocket(line: string): SocketEntry | undefined {
  const inode = number(line.trim().split(/\s+/)[9]);
  if (inode === undefined) return undefined;
  return { kind: "named", inode, type: FD_TYPE.netlink, name: Buffer.alloc(0) };
}

function number(text: string | undefined): bigint | undefined {
  return text !== undefined && /^\d+$/.test(text) ? BigInt(text) : undefined;
}
