import { BLOCK } from "./block.ts";
import { ByteWriter } from "./byte-writer.ts";
import type { Cursor } from "./cursor.ts";
import type { InterfaceEntry } from "./entries.ts";

const V1 = 0x205;
const V1_LEGACY = 0x8011_abcd;

const IPV4 = 1;
const IPV6 = 2;
const IPV4_WITHOUT_SPEED = 3;
const IPV6_WITHOUT_SPEED = 4;

export function isInterfaceList(blockType: number): boolean {
  return blockType === BLOCK.interfaces || blockType === V1 || blockType === V1_LEGACY;
}

/** All interface addresses of a block of any version. */
export function* readInterfaces(blockType: number, body: Cursor): Generator<InterfaceEntry> {
  // What is left at the end, below 4 bytes, fills the block up.
  while (body.remaining >= 4) {
    if (blockType !== BLOCK.interfaces) {
      yield readEntry(body);
      continue;
    }
    const length = body.u32("the length of an interface entry");
    yield readEntry(body.section(length, "an interface entry"));
  }
}

function readEntry(at: Cursor): InterfaceEntry {
  const type = at.u16("interface type");
  if (type < IPV4 || type > IPV6_WITHOUT_SPEED) at.fail("an interface type from 1 to 4");
  const nameLength = at.u16("the length of an interface name");
  const addressBytes = type === IPV4 || type === IPV4_WITHOUT_SPEED ? 4 : 16;
  return {
    address: at.bytes(addressBytes, "interface address"),
    netmask: at.bytes(addressBytes, "netmask"),
    broadcast: at.bytes(addressBytes, "broadcast address"),
    linkSpeed: type <= IPV6 ? at.u64("link speed") : 0n,
    name: at.bytes(nameLength, "interface name"),
  };
}

/** Body of an interface list block, version 2. */
export function writeInterfaces(entries: Iterable<InterfaceEntry>): Buffer {
  const out = new ByteWriter();
  for (const entry of entries) {
    const start = out.length;
    out
      .u32(0)
      .u16(entry.address.length === 4 ? IPV4 : IPV6)
      .u16(entry.name.length);
    out.bytes(entry.address).bytes(entry.netmask).bytes(entry.broadcast);
    out.u64(entry.linkSpeed).bytes(entry.name);
    // Unlike the other lists' lengths, this one does not count itself.
    out.patchU32(start, out.length - start - 4);
  }
  return out.take();
}
