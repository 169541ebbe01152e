/**
 * Threads, groups and parents: who is in which, and what an entry made up from nothing looks like.
 */
import { Clock } from "../state/clock";
import { Count, Counter } from "../state/counters";
import { DescriptorTable } from "../state/descriptor-table";
import { findThread } from "../state/lookup";
import { Thread, THREAD_CLOSED, THREAD_PLACEHOLDER } from "../state/thread";
import { ThreadTable } from "../state/thread-table";
import {
  isPlaceholder,
  NOT_AVAILABLE,
  NOT_AVAILABLE_BYTES,
  setCmdline,
  setComm,
  TextSlot,
} from "./identity";

/** An entry for a thread of which only the id is known. Null when the table is full. */
export function insertPlaceholder(tid: i64): Thread | null {
  const thread = ThreadTable.insert(tid);
  if (thread === null) return null;
  thread.flags = THREAD_PLACEHOLDER;
  setComm(thread, NOT_AVAILABLE, NOT_AVAILABLE_BYTES);
  const slot = changetype<usize>(thread) + offsetof<Thread>("exe");
  TextSlot.set(slot, NOT_AVAILABLE, NOT_AVAILABLE_BYTES);
  setCmdline(thread);
  // Others may have named the id as that of their session or group.
  Clock.lineage();
  Count.one(Counter.Placeholders);
  return thread;
}

/** Puts the thread into the group that its pid names; no leader when that one is not known. */
export function joinGroup(thread: Thread): void {
  const at = <u32>changetype<usize>(thread);
  let leader: u32 = at;
  if (thread.pid != thread.tid) {
    const found = findThread(thread.pid);
    leader = found === null || !leadsItself(found) ? 0 : <u32>changetype<usize>(found);
  }
  if (thread.leader == leader) return;
  if (leader != at && thread.firstDescriptor != 0) DescriptorTable.removeAll(at);
  leaveGroup(thread);
  ThreadTable.setLeader(thread, leader);
  const alive = (thread.flags & THREAD_CLOSED) == 0;
  if (leader != 0 && alive) changetype<Thread>(<usize>leader).groupAlive++;
}

function leadsItself(thread: Thread): bool {
  return thread.leader == <u32>changetype<usize>(thread);
}

function leaveGroup(thread: Thread): void {
  if (thread.leader == 0 || (thread.flags & THREAD_CLOSED) != 0) return;
  const leader = changetype<Thread>(<usize>thread.leader);
  if (leader.groupAlive > 0) leader.groupAlive--;
}

/** A parent that is unknown, or known by id only, counts as none. */
export function joinParent(thread: Thread, ptid: i64): void {
  const parent = findThread(ptid);
  const known = parent !== null && !isPlaceholder(parent) && ptid != thread.tid;
  ThreadTable.setParent(thread, known ? ptid : 0);
}

/** The placeholder turns out to be this thread. */
export function heal(thread: Thread, pid: i64, ptid: i64): void {
  thread.flags &= ~THREAD_PLACEHOLDER;
  thread.pid = pid;
  joinGroup(thread);
  joinParent(thread, ptid);
  Clock.identity(thread);
}
