/**
 * The descriptor table: fixed entries, a chained hash by owner and number, a list per owner, a free
 * list. The owner is the address of the group leader's thread entry.
 */
import { clearBytes, copyBytes } from "../record/bytes";
import { Clock } from "./clock";
import { Count, Counter } from "./counters";
import { Descriptor, FD_CLONED } from "./descriptor";
import { Hash } from "./hash";
import { HeaderAt } from "./header";
import { Heap } from "./heap";
import { findAnyDescriptor } from "./lookup";
import { Thread } from "./thread";

/** As many as Falco keeps: one process cannot take the whole table. */
export const PROCESS_DESCRIPTORS_MAX: u32 = 4_096;

export class DescriptorTable {
  static clear(): void {
    const header = HeaderAt.header;
    memory.fill(<usize>header.descriptorIndexBase, 0, <usize>header.descriptorSlots << 2);
    header.descriptorFree = 0;
    header.descriptorFresh = 0;
    header.descriptorCount = 0;
  }

  /**
   * A blank entry for the number, in place of an older one if there is one; the caller fills it.
   * Null when there is no room, which is counted.
   */
  static open(owner: u32, fd: i64): Descriptor | null {
    const old = findAnyDescriptor(owner, fd);
    if (old !== null) {
      blank(old);
      return old;
    }
    return insert(owner, fd);
  }

  static remove(descriptor: Descriptor): void {
    const header = HeaderAt.header;
    const at = <u32>changetype<usize>(descriptor);
    let link = <usize>header.descriptorIndexBase +
      (<usize>(Hash.ofDescriptor(descriptor.owner, descriptor.fd) & (header.descriptorSlots - 1)) <<
        2);
    while (load<u32>(link) != at) {
      link = <usize>load<u32>(link) + offsetof<Descriptor>("hashNext");
    }
    store<u32>(link, descriptor.hashNext);
    leaveOwner(descriptor);
    Heap.release(descriptor.name);
    Heap.release(descriptor.rawName);
    descriptor.owner = 0;
    descriptor.hashNext = header.descriptorFree;
    header.descriptorFree = at;
    header.descriptorCount--;
    Count.one(Counter.DescriptorsRemoved);
    Clock.tick();
  }

  static removeAll(owner: u32): void {
    const leader = changetype<Thread>(<usize>owner);
    while (leader.firstDescriptor != 0) {
      DescriptorTable.remove(changetype<Descriptor>(<usize>leader.firstDescriptor));
    }
  }

  /** Gives `to` a copy of every descriptor of `from`, as fork does. */
  static copyAll(from: u32, to: u32): void {
    let at = changetype<Thread>(<usize>from).firstDescriptor;
    while (at != 0) {
      const descriptor = changetype<Descriptor>(<usize>at);
      const copy = DescriptorTable.copy(descriptor, to, descriptor.fd);
      if (copy !== null) copy.flags |= FD_CLONED;
      at = descriptor.nextOfOwner;
    }
  }

  /** The descriptor under another number or in another process. */
  static copy(descriptor: Descriptor, owner: u32, fd: i64): Descriptor | null {
    if (descriptor.owner == owner && descriptor.fd == fd) return descriptor;
    const copy = DescriptorTable.open(owner, fd);
    if (copy === null) return null;
    copy.ino = descriptor.ino;
    copy.source = descriptor.source;
    copy.peer = descriptor.peer;
    copy.name = Heap.retain(descriptor.name);
    copy.rawName = Heap.retain(descriptor.rawName);
    const details = offsetof<Descriptor>("openFlags");
    copyBytes(
      changetype<usize>(copy) + details,
      changetype<usize>(descriptor) + details,
      <u32>offsetof<Descriptor>() - <u32>details,
    );
    return copy;
  }
}

function insert(owner: u32, fd: i64): Descriptor | null {
  const header = HeaderAt.header;
  const leader = changetype<Thread>(<usize>owner);
  if (leader.descriptors >= PROCESS_DESCRIPTORS_MAX) {
    Count.one(Counter.ProcessDescriptorsFull);
    return null;
  }
  const at = takeEntry();
  if (at == 0) {
    Count.one(Counter.DescriptorsFull);
    return null;
  }
  const descriptor = changetype<Descriptor>(<usize>at);
  clearBytes(<usize>at, <u32>offsetof<Descriptor>());
  descriptor.fd = fd;
  descriptor.owner = owner;
  const bucket = <usize>header.descriptorIndexBase +
    (<usize>(Hash.ofDescriptor(owner, fd) & (header.descriptorSlots - 1)) << 2);
  descriptor.hashNext = load<u32>(bucket);
  store<u32>(bucket, at);
  joinOwner(descriptor, leader);
  descriptor.changedAt = Clock.tick();
  header.descriptorCount++;
  Count.one(Counter.DescriptorsAdded);
  return descriptor;
}

/** A used entry before an untouched one; 0 when there is neither. */
function takeEntry(): u32 {
  const header = HeaderAt.header;
  const used = header.descriptorFree;
  if (used != 0) {
    header.descriptorFree = changetype<Descriptor>(<usize>used).hashNext;
    return used;
  }
  if (header.descriptorFresh == header.descriptorCapacity) return 0;
  return header.descriptorBase + header.descriptorFresh++ * offsetof<Descriptor>();
}

/** Forgets all but the entry's place in the lists. */
function blank(descriptor: Descriptor): void {
  Heap.release(descriptor.name);
  Heap.release(descriptor.rawName);
  descriptor.ino = 0;
  descriptor.source = 0;
  descriptor.peer = 0;
  const details = offsetof<Descriptor>("name");
  clearBytes(changetype<usize>(descriptor) + details, <u32>offsetof<Descriptor>() - <u32>details);
  descriptor.changedAt = Clock.tick();
}

function joinOwner(descriptor: Descriptor, leader: Thread): void {
  const at = <u32>changetype<usize>(descriptor);
  const next = leader.firstDescriptor;
  descriptor.nextOfOwner = next;
  descriptor.previousOfOwner = 0;
  if (next != 0) changetype<Descriptor>(<usize>next).previousOfOwner = at;
  leader.firstDescriptor = at;
  leader.descriptors++;
}

function leaveOwner(descriptor: Descriptor): void {
  const leader = changetype<Thread>(<usize>descriptor.owner);
  const next = descriptor.nextOfOwner;
  const previous = descriptor.previousOfOwner;
  if (next != 0) changetype<Descriptor>(<usize>next).previousOfOwner = previous;
  if (previous != 0) changetype<Descriptor>(<usize>previous).nextOfOwner = next;
  else leader.firstDescriptor = next;
  leader.descriptors--;
}
