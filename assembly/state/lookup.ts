/**
 * Searches in the tables of the state window. They change nothing, so packs may use them: an
 * unknown key gives null.
 */
import { Container } from "./container";
import { Descriptor } from "./descriptor";
import { Hash } from "./hash";
import { HeaderAt } from "./header";
import { FAMILY_INET, Interface } from "./interface";
import { Text, TextAt } from "./text";
import { Thread } from "./thread";
import { ENTRY_FREE, ENTRY_USED, Group, HOST_SCOPE, User } from "./user";

export function findThread(tid: i64): Thread | null {
  const header = HeaderAt.header;
  const bucket = Hash.of(<u64>tid) & (header.threadSlots - 1);
  let at = load<u32>(<usize>header.threadIndexBase + (<usize>bucket << 2));
  while (at != 0) {
    const thread = changetype<Thread>(<usize>at);
    if (thread.tid == tid) return thread;
    at = thread.hashNext;
  }
  return null;
}

/**
 * The entry that holds the descriptors of a thread's process: the leader, else the thread itself.
 */
export class Owner {
  @inline static of(thread: Thread): u32 {
    return thread.leader != 0 ? thread.leader : <u32>changetype<usize>(thread);
  }
}

/** `owner` is what `Owner.of` gives. No call can name what has a negative number. */
export function findDescriptor(owner: u32, fd: i64): Descriptor | null {
  return fd < 0 ? null : findAnyDescriptor(owner, fd);
}

/** The same with what a failed memfd_create left, see `onMemfdCreate`. */
export function findAnyDescriptor(owner: u32, fd: i64): Descriptor | null {
  const header = HeaderAt.header;
  const bucket = Hash.ofDescriptor(owner, fd) & (header.descriptorSlots - 1);
  let at = load<u32>(<usize>header.descriptorIndexBase + (<usize>bucket << 2));
  while (at != 0) {
    const descriptor = changetype<Descriptor>(<usize>at);
    if (descriptor.fd == fd && descriptor.owner == owner) return descriptor;
    at = descriptor.hashNext;
  }
  return null;
}

/** By the short id. */
export function findContainer(id: usize, length: u32): Container | null {
  const header = HeaderAt.header;
  const bucket = Hash.ofBytes(id, length) & (header.containerSlots - 1);
  let at = load<u32>(<usize>header.containerIndexBase + (<usize>bucket << 2));
  while (at != 0) {
    const container = changetype<Container>(<usize>at);
    if (isText(container.id, id, length)) return container;
    at = container.hashNext;
  }
  return null;
}

/** Whose users a container sees: its own when any were told, see `findUser`. */
export function scopeOf(container: Container | null): u32 {
  if (container === null) return HOST_SCOPE;
  return Hash.ofBytes(TextAt.bytes(container.id), TextAt.length(container.id)) | 1;
}

export function findUser(uid: u32, scope: u32): User | null {
  const header = HeaderAt.header;
  const capacity = header.userCapacity;
  let slot = Hash.of((<u64>scope << 32) | uid) & (capacity - 1);
  for (let i: u32 = 0; i < capacity; i++) {
    const user = changetype<User>(<usize>header.userBase + <usize>slot * offsetof<User>());
    if (user.state == ENTRY_FREE) return null;
    if (user.state == ENTRY_USED && user.uid == uid && user.scope == scope) return user;
    slot = (slot + 1) & (capacity - 1);
  }
  return null;
}

export function findGroup(gid: u32, scope: u32): Group | null {
  const header = HeaderAt.header;
  const capacity = header.groupCapacity;
  let slot = Hash.of((<u64>scope << 32) | gid) & (capacity - 1);
  for (let i: u32 = 0; i < capacity; i++) {
    const group = changetype<Group>(<usize>header.groupBase + <usize>slot * offsetof<Group>());
    if (group.state == ENTRY_FREE) return null;
    if (group.state == ENTRY_USED && group.gid == gid && group.scope == scope) return group;
    slot = (slot + 1) & (capacity - 1);
  }
  return null;
}

/**
 * Whether the address at `address` (4 or 16 bytes by `family`) is one of this host's. Of an IPv6
 * one the network counts, its first half: Falco takes every address of it for a local one.
 */
export function isLocalAddress(family: u32, address: usize): bool {
  const header = HeaderAt.header;
  for (let i: u32 = 0; i < header.interfaceCount; i++) {
    const entry = interfaceAt(i);
    if (entry.family != family) continue;
    if (family == FAMILY_INET) {
      if (<u32>entry.address0 == load<u32>(address)) return true;
    } else if (entry.address0 == load<u64>(address)) return true;
  }
  return false;
}

export function interfaceAt(index: u32): Interface {
  return changetype<Interface>(
    <usize>HeaderAt.header.interfaceBase + <usize>index * offsetof<Interface>(),
  );
}

function isText(text: Text, address: usize, length: u32): bool {
  return (
    TextAt.length(text) == length && memory.compare(TextAt.bytes(text), address, <usize>length) == 0
  );
}
