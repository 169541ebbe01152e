/**
 * What waits for the next event. An entry that an event ended goes away then, so that rules about
 * that event still see it: at most one thread and one descriptor. Private to the engine: what a
 * crash forgets of them is an entry that stays until its number is used again. The sockets of the
 * lists wait for the first event that is no part of a list.
 */
import { DescriptorTable } from "../state/descriptor-table";
import { findDescriptor, findThread, Owner } from "../state/lookup";
import { settleListedSockets } from "./listed-sockets";
import { removeThread } from "./removal";

export class Deferred {
  static pending: bool = true;

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
  static listedSockets(): void {
    listed = true;
    Deferred.pending = true;
  }
  /** `isList`: what comes next belongs to a list still. */
  static run(isList: bool): void {
    if (listed && !isList) {
      listed = false;
      settleListedSockets();
    }
    Deferred.pending = listed;
    if (closer >= 0) closeOne();
    if (exited >= 0) endThread();
    closer = -1;
    exited = -1;
  }
  /** Of a window that another engine left, nobody knows whether its lists were settled. */
  static clear(): void {
    listed = true;
    Deferred.pending = true;
    closer = -1;
    exited = -1;
  }
}

let listed: bool = true;
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
