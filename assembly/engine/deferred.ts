/**
 * What goes away only when the next event comes, so that rules about the event that ended it still
 * see it. There is at most one thread and one range of descriptors. Private to the engine: what a
 * crash forgets here is an entry that stays until its number is used again.
 */
import { Descriptor } from "../state/descriptor";
import { DescriptorTable } from "../state/descriptor-table";
import { findDescriptor, findThread, Owner } from "../state/lookup";
import { Thread } from "../state/thread";
import { removeThread } from "./removal";

export class Deferred {
  static pending: bool = false;

  static thread(tid: i64): void {
    exited = tid;
    Deferred.pending = true;
  }
  /** Descriptors from `first` to `last` of the process that `tid` is in. */
  static descriptors(tid: i64, first: i64, last: i64): void {
    closer = tid;
    firstFd = first;
    lastFd = last;
    Deferred.pending = true;
  }
  static run(): void {
    Deferred.pending = false;
    if (closer >= 0) closeRange();
    if (exited >= 0) endThread();
    closer = -1;
    exited = -1;
  }
  static clear(): void {
    Deferred.pending = false;
    closer = -1;
    exited = -1;
  }
}

let exited: i64 = -1;
let closer: i64 = -1;
let firstFd: i64 = 0;
let lastFd: i64 = 0;

function endThread(): void {
  const thread = findThread(exited);
  if (thread !== null) removeThread(thread);
}

function closeRange(): void {
  const thread = findThread(closer);
  if (thread === null) return;
  const owner = Owner.of(thread);
  if (firstFd == lastFd) {
    const descriptor = findDescriptor(owner, firstFd);
    if (descriptor !== null) DescriptorTable.remove(descriptor);
    return;
  }
  let at = changetype<Thread>(<usize>owner).firstDescriptor;
  while (at != 0) {
    const descriptor = changetype<Descriptor>(<usize>at);
    at = descriptor.nextOfOwner;
    if (descriptor.fd >= firstFd && descriptor.fd <= lastFd) DescriptorTable.remove(descriptor);
  }
}
