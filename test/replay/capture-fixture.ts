import { Readable } from "node:stream";
import type { FdList, ProcessEntry } from "../../host/replay/entries.ts";
import { type CapturePart, CaptureReader } from "../../host/replay/reader.ts";
import type { CaptureLists } from "../../host/replay/writer.ts";

/** A process with a distinct value in every member. */
export function process(tid: bigint, changes: Partial<ProcessEntry> = {}): ProcessEntry {
  return {
    tid,
    pid: tid,
    ptid: 1n,
    sid: 7n,
    pgid: 8n,
    vpgid: 9n,
    vtid: 10n,
    vpid: 11n,
    comm: Buffer.from("worker"),
    exe: Buffer.from("./worker"),
    exePath: Buffer.from("/opt/worker"),
    args: Buffer.from("-a\0b c\0"),
    cwd: Buffer.from("/srv/"),
    env: Buffer.from("A=1\0B=\0"),
    cgroups: Buffer.from("cpu=/x\0memory=/y\0"),
    root: Buffer.from("/"),
    fdLimit: 1024n,
    flags: 0x4000_0000,
    uid: 1000,
    gid: 1001,
    loginuid: 0xffff_ffff,
    tty: 34_816,
    vmSize: 12,
    vmRss: 13,
    vmSwap: 14,
    majorFaults: 15n,
    minorFaults: 16n,
    capInheritable: 17n,
    capPermitted: 0x1ff_ffff_ffffn,
    capEffective: 19n,
    exeFlags: 1 | 8,
    exeInode: 20n,
    exeCtime: 1_700_000_000_000_000_001n,
    exeMtime: 1_700_000_000_000_000_002n,
    pidnsStart: 23n,
    startTime: 0n,
    ...changes,
  };
}

/** A descriptor list with one entry of every shape. */
export function descriptors(tid: bigint): FdList {
  const name = Buffer.from("/tmp/a");
  return {
    tid,
    descriptors: [
      { kind: "named", fd: 0n, inode: 5n, type: 7, name: Buffer.from("pipe:[5]") },
      { kind: "file", fd: 1n, inode: 6n, type: 16, openFlags: 3, name, dev: 0x801, mountId: 0 },
      {
        kind: "tuple",
        fd: 2n,
        inode: 7n,
        type: 3,
        source: Buffer.of(127, 0, 0, 1),
        destination: Buffer.of(127, 0, 0, 2),
        sourcePort: 40_000,
        destinationPort: 80,
        l4: 2,
      },
      {
        kind: "tuple",
        fd: 3n,
        inode: 8n,
        type: 4,
        source: Buffer.alloc(16, 1),
        destination: Buffer.alloc(16, 2),
        sourcePort: 1,
        destinationPort: 2,
        l4: 3,
      },
      { kind: "server", fd: 4n, inode: 9n, type: 5, address: Buffer.alloc(4), port: 22, l4: 2 },
      { kind: "server", fd: 5n, inode: 9n, type: 6, address: Buffer.alloc(16), port: 53, l4: 3 },
      { kind: "unix", fd: 6n, inode: 10n, type: 8, source: 0xffff_8880_0000_0000n, peer: 3n, name },
      { kind: "named", fd: 7n, inode: 11n, type: 9, name: Buffer.alloc(0) },
      { kind: "named", fd: 8n, inode: 12n, type: 2, name: Buffer.from("/etc") },
    ],
  };
}

export const LISTS: CaptureLists = {
  machine: {
    cpus: 2,
    memoryBytes: 1n << 33n,
    maxPid: 4_194_304n,
    hostname: Buffer.from("demo-host"),
    bootTime: 1_690_000_000_000_000_000n,
    flags: 0n,
  },
  interfaces: [
    {
      name: Buffer.from("lo"),
      address: Buffer.of(127, 0, 0, 1),
      netmask: Buffer.of(255, 0, 0, 0),
      broadcast: Buffer.of(127, 0, 0, 1),
      linkSpeed: 0n,
    },
    {
      name: Buffer.from("eth0"),
      address: Buffer.alloc(16, 3),
      netmask: Buffer.alloc(16, 255),
      broadcast: Buffer.alloc(16),
      linkSpeed: 1_000n,
    },
  ],
  accounts: {
    users: [
      {
        uid: 0,
        gid: 0,
        name: Buffer.from("root"),
        home: Buffer.from("/root"),
        shell: Buffer.from("/bin/sh"),
      },
    ],
    groups: [{ gid: 0, name: Buffer.from("root") }],
  },
  processes: [process(100n), process(101n, { pid: 100n, args: Buffer.alloc(0) })],
  descriptors: [descriptors(100n)],
};

/** Reads a whole capture that is handed over in pieces of `chunkBytes`. */
export async function partsOf(
  bytes: Uint8Array,
  chunkBytes = bytes.length,
): Promise<{ readonly parts: CapturePart[]; readonly reader: CaptureReader }> {
  const reader = readerOf(bytes, chunkBytes);
  const parts: CapturePart[] = [];
  for await (const part of reader) parts.push(part);
  return { parts, reader };
}

export function readerOf(bytes: Uint8Array, chunkBytes = bytes.length): CaptureReader {
  return new CaptureReader(chunksOf(bytes, chunkBytes));
}

export function lenientReaderOf(bytes: Uint8Array, chunkBytes = bytes.length): CaptureReader {
  return new CaptureReader(chunksOf(bytes, chunkBytes), { lenient: true });
}

function chunksOf(bytes: Uint8Array, chunkBytes: number): Readable {
  const all = Buffer.from(bytes);
  const chunks: Buffer[] = [];
  for (let at = 0; at < all.length; at += Math.max(1, chunkBytes)) {
    chunks.push(all.subarray(at, at + Math.max(1, chunkBytes)));
  }
  return Readable.from(chunks);
}
