/**
 * What goes away only when the next event comes, so that rules about the event that ended it still
 * see it. There is at most one thread and one descriptor. Private to the engine: what a
 * crash forgets here is an entry that stays until its number is used again.
 */
import { DescriptorTable } from "../state/descriptor-table";
import { findDescriptor, findThread, Owner } from "../state/lookup";
import { removeThread } from "./removal";

export class Deferred {
  static pending: bool = false;

  static thread(tid: i64): void {
    exited = tid;
    Deferred.pending = true;
  }
  /** Of the process that `tid` is in. */
  static descriptor(tid: i64, fd: i64): void {
    closer = tid;
    closed = fd;
    Deferred.pending = true;
  }
  static run(): void {
    Deferred.pending = false;
    if (closer >= 0) closeOne();
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
let closed: i64 = 0;

function endThread(): void {
  const thread = findThread(exited);
  if (thread !== null) removeThread(thread);
}

function closeOne(): void {
  const thread = findThread(closer);
  if (thread === null) return;
  const descriptor = findDescriptor(Owner.of(thread), closed);
  if (descriptor !== null) DescriptorTable.remove(descriptor);
}
