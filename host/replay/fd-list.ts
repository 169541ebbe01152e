import { BLOCK } from "./block.ts";
import { ByteWriter } from "./byte-writer.ts";
import type { Cursor } from "./cursor.ts";
import { FD_TYPE, type FdEntry, type FdList } from "./entries.ts";

const V1 = 0x203;
const V1_LEGACY = 0x8001_abcd;

export function isFdList(blockType: number): boolean {
  return blockType === BLOCK.descriptors || blockType === V1 || blockType === V1_LEGACY;
}

/** Whose descriptors the block lists; they follow. */
export function readOwner(body: Cursor): bigint {
  return body.i64("tid of a descriptor list");
}

/** The descriptors of one process, from a block of any version, behind their owner. */
export function* readDescriptors(blockType: number, body: Cursor): Generator<FdEntry> {
  // What is left at the end, below 4 bytes, fills the block up.
  while (body.remaining >= 4) {
    yield blockType === BLOCK.descriptors ? readV2(body) : readEntry(body, false);
  }
}

function readV2(body: Cursor): FdEntry {
  const length = body.u32("the length of a descriptor entry");
  if (length < 4) body.fail("a descriptor entry of at least 4 bytes");
  return readEntry(body.section(length - 4, "a descriptor entry"), true);
}

function readEntry(at: Cursor, mayHaveDevice: boolean): FdEntry {
  const fd = at.i64("descriptor number");
  const inode = at.u64("inode");
  const type = at.u8("descriptor type");
  const head = { fd, inode, type };
  switch (type) {
    case FD_TYPE.ipv4:
      return { kind: "tuple", ...head, ...readTuple(at, 4) };
    case FD_TYPE.ipv6:
      return { kind: "tuple", ...head, ...readTuple(at, 16) };
    case FD_TYPE.ipv4Server:
      return { kind: "server", ...head, ...readServer(at, 4) };
    case FD_TYPE.ipv6Server:
      return { kind: "server", ...head, ...readServer(at, 16) };
    case FD_TYPE.unix:
      return {
        kind: "unix",
        ...head,
        source: at.u64("socket address"),
        peer: at.u64("peer address"),
        name: at.text("socket path"),
      };
    case FD_TYPE.fileV2:
      return {
        kind: "file",
        ...head,
        openFlags: at.u32("open flags"),
        name: at.text("path"),
        dev: mayHaveDevice && at.remaining >= 4 ? at.u32("device") : 0,
        mountId: 0,
      };
    default:
      return { kind: "named", ...head, name: at.text("descriptor name") };
  }
}

/** Values are read in the order of the initializers, which is the order of the format. */
function readTuple(at: Cursor, addressBytes: number) {
  return {
    source: at.bytes(addressBytes, "source address"),
    destination: at.bytes(addressBytes, "destination address"),
    sourcePort: at.u16("source port"),
    destinationPort: at.u16("destination port"),
    l4: at.u8("transport"),
  };
}

function readServer(at: Cursor, addressBytes: number) {
  return {
    address: at.bytes(addressBytes, "address"),
    port: at.u16("port"),
    l4: at.u8("transport"),
  };
}

/** Body of a descriptor list block, version 2. */
export function writeFdList(list: FdList): Buffer {
  const out = new ByteWriter().u64(list.tid);
  for (const entry of list.descriptors) writeEntry(entry, out);
  return out.take();
}

function writeEntry(entry: FdEntry, out: ByteWriter): void {
  const start = out.length;
  out.u32(0).u64(entry.fd).u64(entry.inode).u8(entry.type);
  switch (entry.kind) {
    case "tuple":
      out.bytes(entry.source).bytes(entry.destination);
      out.u16(entry.sourcePort).u16(entry.destinationPort).u8(entry.l4);
      break;
    case "server":
      out.bytes(entry.address).u16(entry.port).u8(entry.l4);
      break;
    case "unix":
      out.u64(entry.source).u64(entry.peer).text(entry.name);
      break;
    case "file":
      out.u32(entry.openFlags).text(entry.name).u32(entry.dev);
      break;
    case "named":
      out.text(entry.name);
      break;
    default:
      entry satisfies never;
  }
  out.patchU32(start, out.length - start);
}
