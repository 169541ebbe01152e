/** Names of descriptors, and whether this event changed the one that it speaks of. */
import { Clock } from "../state/clock";
import { Descriptor } from "../state/descriptor";
import { Frame } from "../state/frame";
import { Heap } from "../state/heap";
import { writeTuple } from "./address-text";
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
  Writer.start();
  let last: u8 = 0;
  for (let i: u32 = 0; i < length; i++) {
    const byte = load<u8>(address + i);
    if (byte != SLASH || last != SLASH) Writer.byte(byte);
    last = byte;
  }
  const slot = changetype<usize>(descriptor) + offsetof<Descriptor>("rawName");
  TextSlot.set(slot, Writer.address, Writer.length);
}

/** The name that the socket's addresses make. */
export function setTupleName(descriptor: Descriptor): void {
  Writer.start();
  writeTuple(descriptor);
  setName(descriptor, Writer.address, Writer.length);
}
