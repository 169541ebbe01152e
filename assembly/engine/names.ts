/** Names of descriptors, and whether this event changed the one that it speaks of. */
import { Clock } from "../state/clock";
import { Descriptor, FdType, L4 } from "../state/descriptor";
import { Frame } from "../state/frame";
import { Heap } from "../state/heap";
import { writeAddresses, writeTuple } from "./address-text";
import { Current } from "./current";
import { TextSlot } from "./identity";
import { Writer } from "./writer";

const SLASH: u8 = 47;

export function setName(descriptor: Descriptor, address: usize, length: u32): void {
  const known = descriptor.name;
  if (Heap.holds(known, address, length)) return;
  if (known == 0 && length == 0) return;
  const slot = changetype<usize>(descriptor) + offsetof<Descriptor>("name");
  TextSlot.put(slot, Heap.make(address, length));
  Clock.descriptor(descriptor);
  if (<u32>changetype<usize>(descriptor) == Current.descriptor) Frame.record.nameChanged = 1;
}

/** The path as it was given, but for slashes in a row, which become one. */
export function setRawName(descriptor: Descriptor, address: usize, length: u32): void {
  const slot = changetype<usize>(descriptor) + offsetof<Descriptor>("rawName");
  if (!hasDoubledSlash(address, length)) return TextSlot.set(slot, address, length);
  Writer.start();
  let last: u8 = 0;
  for (let i: u32 = 0; i < length; i++) {
    const byte = load<u8>(address + i);
    if (byte != SLASH || last != SLASH) Writer.byte(byte);
    last = byte;
  }
  TextSlot.set(slot, Writer.address, Writer.length);
}

function hasDoubledSlash(text: usize, length: u32): bool {
  const slashes = i8x16.splat(SLASH);
  let i: u32 = 1;
  for (; i + 16 <= length; i += 16) {
    const before = i8x16.eq(v128.load(text + i - 1), slashes);
    const here = i8x16.eq(v128.load(text + i), slashes);
    if (v128.any_true(v128.and(before, here))) return true;
  }
  for (; i < length; i++) {
    if (load<u8>(text + i) == SLASH && load<u8>(text + i - 1) == SLASH) return true;
  }
  return false;
}

const UNKNOWN: usize = memory.data<u8>([60, 117, 110, 107, 110, 111, 119, 110, 62]);
const UNKNOWN_BYTES: u32 = 9;

/** The name of a socket that connects or transfers: an IPv4 one goes by its transport. */
export function setSocketName(descriptor: Descriptor): void {
  const l4 = <u32>descriptor.l4;
  if (descriptor.type != FdType.Ipv4 || l4 == L4.Tcp || l4 == L4.Udp) {
    return setTupleName(descriptor);
  }
  Writer.start();
  if (l4 == L4.Icmp || l4 == L4.Raw) writeAddresses(descriptor);
  else Writer.bytes(UNKNOWN, UNKNOWN_BYTES);
  setName(descriptor, Writer.address, Writer.length);
}

/** The name that the socket's addresses make. */
export function setTupleName(descriptor: Descriptor): void {
  Writer.start();
  writeTuple(descriptor);
  setName(descriptor, Writer.address, Writer.length);
}
