import { BLOCK } from "./block.ts";
import { ByteWriter } from "./byte-writer.ts";
import type { Cursor } from "./cursor.ts";
import {
  EXE_FROM_MEMFD,
  EXE_LOWER_LAYER,
  EXE_UPPER_LAYER,
  EXE_WRITABLE,
  type ProcessEntry,
  UNSET_ID,
} from "./entries.ts";

/** Version of the process list by block type; the list grew by version and is never reordered. */
const VERSION_BY_BLOCK: ReadonlyMap<number, number> = new Map([
  [0x202, 1],
  [0x8000_abcd, 1],
  [0x207, 2],
  [0x8013_abcd, 2],
  [0x209, 3],
  [0x8014_abcd, 3],
  [0x210, 4],
  [0x211, 5],
  [0x212, 6],
  [0x213, 7],
  [0x214, 8],
  [BLOCK.processes, 9],
]);

const NOTHING = Buffer.alloc(0);

export function isProcessList(blockType: number): boolean {
  return VERSION_BY_BLOCK.has(blockType);
}

/** All entries of a process list block of any version; without their starts. */
export function* readProcesses(blockType: number, body: Cursor): Generator<ProcessEntry> {
  const version = VERSION_BY_BLOCK.get(blockType) ?? 0;
  // What is left at the end, below 4 bytes, fills the block up.
  while (body.remaining >= 4) yield readEntry(version, body);
}

function readEntry(version: number, body: Cursor): ProcessEntry {
  if (version < 9) return readFields(version, body);
  const length = body.u32("the length of a process entry");
  if (length < 4) body.fail("a process entry of at least 4 bytes");
  return readFields(version, body.section(length - 4, "a process entry"));
}

/** Values are read in the order of the initializers, which is the order of the format. */
function readFields(version: number, at: Cursor): ProcessEntry {
  const head = {
    tid: at.i64("tid"),
    pid: at.i64("pid"),
    ptid: at.i64("ptid"),
    sid: version >= 6 ? at.i64("sid") : -1n,
    vpgid: version >= 8 ? at.i64("vpgid") : -1n,
    comm: at.text("comm"),
    exe: at.text("exe"),
    exePath: version >= 7 ? at.text("exepath") : NOTHING,
    args: at.text("args"),
    cwd: at.text("cwd"),
    fdLimit: at.u64("the descriptor limit"),
    flags: at.u32("flags"),
    uid: at.u32("uid"),
    gid: at.u32("gid"),
  };
  const memory = version >= 2 ? readMemory(at) : NO_MEMORY;
  const env = version >= 3 ? at.text("env") : NOTHING;
  const namespace = {
    vtid: version >= 4 ? at.i64("vtid") : head.tid,
    vpid: version >= 4 ? at.i64("vpid") : head.pid,
    cgroups: version >= 4 ? at.text("cgroups") : NOTHING,
    root: version >= 5 ? at.text("root") : NOTHING,
  };
  const tail = version >= 9 ? readTail(at) : NO_TAIL;
  return { ...head, ...memory, env, ...namespace, ...tail, startTime: 0n };
}

const NO_MEMORY = { vmSize: 0, vmRss: 0, vmSwap: 0, majorFaults: 0n, minorFaults: 0n };

function readMemory(at: Cursor): typeof NO_MEMORY {
  return {
    vmSize: at.u32("virtual size"),
    vmRss: at.u32("resident size"),
    vmSwap: at.u32("swapped size"),
    majorFaults: at.u64("major faults"),
    minorFaults: at.u64("minor faults"),
  };
}

/** What a producer of version 9 added bit by bit; an entry may end after any of it. */
interface Tail {
  pidnsStart: bigint;
  tty: number;
  loginuid: number;
  exeFlags: number;
  capInheritable: bigint;
  capPermitted: bigint;
  capEffective: bigint;
  exeInode: bigint;
  exeCtime: bigint;
  exeMtime: bigint;
  pgid: bigint;
}
const NO_TAIL: Readonly<Tail> = {
  pidnsStart: 0n,
  tty: 0,
  loginuid: UNSET_ID,
  exeFlags: 0,
  capInheritable: 0n,
  capPermitted: 0n,
  capEffective: 0n,
  exeInode: 0n,
  exeCtime: 0n,
  exeMtime: 0n,
  pgid: -1n,
};
/**
 * Producers before 0.10 wrote login uid, writable bit and capabilities, and nothing before them.
 */
const TAIL_BYTES_WITHOUT_PIDNS = 29;

function readTail(at: Cursor): Tail {
  const tail: Tail = { ...NO_TAIL };
  const u8 = (): number => (at.remaining >= 1 ? at.u8("a flag") : 0);
  const u64 = (): bigint => (at.remaining >= 8 ? at.u64("a number") : 0n);
  if (at.remaining > TAIL_BYTES_WITHOUT_PIDNS) {
    tail.pidnsStart = u64();
    if (at.remaining >= 4) tail.tty = at.u32("tty");
  }
  if (at.remaining >= 4) tail.loginuid = at.u32("login uid");
  tail.exeFlags |= u8() ? EXE_WRITABLE : 0;
  tail.capInheritable = u64();
  tail.capPermitted = u64();
  tail.capEffective = u64();
  tail.exeFlags |= u8() ? EXE_UPPER_LAYER : 0;
  tail.exeInode = u64();
  tail.exeCtime = u64();
  tail.exeMtime = u64();
  tail.exeFlags |= u8() ? EXE_FROM_MEMFD : 0;
  tail.exeFlags |= u8() ? EXE_LOWER_LAYER : 0;
  if (at.remaining >= 8) tail.pgid = at.i64("process group");
  return tail;
}

/** Body of a process list block, version 9. */
export function writeProcessList(entries: Iterable<ProcessEntry>): Buffer {
  const out = new ByteWriter();
  for (const entry of entries) writeEntry(entry, out);
  return out.take();
}

function writeEntry(entry: ProcessEntry, out: ByteWriter): void {
  const start = out.length;
  out.u32(0).u64(entry.tid).u64(entry.pid).u64(entry.ptid).u64(entry.sid).u64(entry.vpgid);
  out.text(entry.comm).text(entry.exe).text(entry.exePath).text(entry.args).text(entry.cwd);
  out.u64(entry.fdLimit).u32(entry.flags).u32(entry.uid).u32(entry.gid);
  out.u32(entry.vmSize).u32(entry.vmRss).u32(entry.vmSwap);
  out.u64(entry.majorFaults).u64(entry.minorFaults);
  out.text(entry.env).u64(entry.vtid).u64(entry.vpid).text(entry.cgroups).text(entry.root);
  out.u64(entry.pidnsStart).u32(entry.tty).u32(entry.loginuid);
  out.u8(entry.exeFlags & EXE_WRITABLE ? 1 : 0);
  out.u64(entry.capInheritable).u64(entry.capPermitted).u64(entry.capEffective);
  out.u8(entry.exeFlags & EXE_UPPER_LAYER ? 1 : 0);
  out.u64(entry.exeInode).u64(entry.exeCtime).u64(entry.exeMtime);
  out.u8(entry.exeFlags & EXE_FROM_MEMFD ? 1 : 0);
  out.u8(entry.exeFlags & EXE_LOWER_LAYER ? 1 : 0);
  out.u64(entry.pgid);
  out.patchU32(start, out.length - start);
}
