/** How a thread leaves the table: its children get a new parent, its descriptors go. */
import { Clock } from "../state/clock";
import { Container } from "../state/container";
import { Count, Counter } from "../state/counters";
import { DescriptorTable } from "../state/descriptor-table";
import { findThread } from "../state/lookup";
import { Thread, THREAD_CLOSED, THREAD_SUBREAPER } from "../state/thread";
import { ThreadTable } from "../state/thread-table";
import { insertPlaceholder } from "./groups";
import { isPlaceholder } from "./identity";

/** Parents that a search for a reaper looks at: more than any sane chain has. */
const ANCESTORS_MAX: u32 = 1_024;

/**
 * Takes out a thread that exited, or one whose exit was missed. A leader stays, dead, until the
 * last thread of its group goes.
 */
export function removeThread(thread: Thread): void {
  if (isPlaceholder(thread)) return discard(thread);
  ThreadTable.markDead(thread);
  if (thread.children != 0) reparent(thread);
  const leaderAt = thread.leader;
  const at = <u32>changetype<usize>(thread);
  if (leaderAt == 0) return discard(thread);
  const leader = changetype<Thread>(<usize>leaderAt);
  const last = leader.groupAlive == 0;
  if (leaderAt != at) discard(thread);
  if (last) {
    if (leader.children != 0) reparent(leader);
    discard(leader);
  }
}

/** Threads of a group other than its leader and `keep`: they end when one of them calls exec. */
export function removeOthers(leader: Thread, keep: Thread): void {
  const head = <u32>changetype<usize>(leader);
  let at = leader.groupNext;
  while (at != head) {
    const thread = changetype<Thread>(<usize>at);
    at = thread.groupNext;
    if (thread === keep) continue;
    ThreadTable.markDead(thread);
    if (thread.children != 0) reparent(thread);
    discard(thread);
  }
}

function discard(thread: Thread): void {
  if (thread.firstDescriptor != 0) DescriptorTable.removeAll(<u32>changetype<usize>(thread));
  // setpgid is not tracked: others may name it as that of their group though it does not itself.
  const seen = thread.leader == <u32>changetype<usize>(thread) || thread.children != 0;
  ThreadTable.remove(thread);
  if (seen) Clock.lineage();
}

/** Gives all children to the reaper; to none when there is no reaper. */
function reparent(thread: Thread): void {
  const reaper = reaperOf(thread);
  let ptid: i64 = 0;
  if (reaper !== null) {
    ptid = reaper.tid;
    thread.reaperTid = <i32>ptid;
    if (reaper.pid != thread.pid) setReaper(reaper);
  }
  let at = ThreadTable.siblings(thread.tid);
  while (at != 0) {
    const child = changetype<Thread>(<usize>at);
    at = child.siblingNext;
    if (child.ptid != thread.tid) continue;
    ThreadTable.setParent(child, child.tid == ptid ? 0 : ptid);
    child.changedAt = Clock.tick();
  }
  Clock.lineage();
}

function setReaper(reaper: Thread): void {
  const leader = reaper.leader != 0 ? changetype<Thread>(<usize>reaper.leader) : reaper;
  leader.flags |= THREAD_SUBREAPER;
}

function reaperOf(thread: Thread): Thread | null {
  if (thread.reaperTid > 0) {
    const told = findThread(thread.reaperTid);
    // As in Falco, a reaper that nobody knows gets an entry, though not the children.
    if (told === null) insertPlaceholder(thread.reaperTid);
    else if (!isPlaceholder(told) && told !== thread) return told;
  }
  const sibling = livingMember(thread, thread);
  if (sibling !== null) return sibling;
  const nested = isNested(thread);
  let parent = findThread(thread.ptid);
  for (let i: u32 = 0; i < ANCESTORS_MAX; i++) {
    if (parent === null || parent === thread || isNested(parent) != nested) return null;
    if (isReaper(parent)) {
      const member = livingMember(parent, thread);
      if (member !== null) return member;
    }
    parent = findThread(parent.ptid);
  }
  Count.one(Counter.ParentLoops);
  return null;
}

/** A living thread of the group of `thread`, other than `except`. */
function livingMember(thread: Thread, except: Thread): Thread | null {
  if (thread.leader == 0) return null;
  const leader = changetype<Thread>(<usize>thread.leader);
  if (leader.groupAlive == 0) return null;
  let member = leader;
  do {
    if (member !== except && (member.flags & THREAD_CLOSED) == 0) return member;
    member = changetype<Thread>(<usize>member.groupNext);
  } while (member !== leader);
  return null;
}

function isReaper(thread: Thread): bool {
  if (thread.pid == 1 || thread.vpid == 1) return true;
  if (thread.leader == 0) return false;
  return (changetype<Thread>(<usize>thread.leader).flags & THREAD_SUBREAPER) != 0;
}

/** In a pid namespace of its own, as far as ids tell. */
function isNested(thread: Thread): bool {
  return thread.tid != thread.vtid || thread.pid != thread.vpid;
}

/** The init process of a container is gone. */
export function leaveContainer(thread: Thread): void {
  if (thread.container == 0 || thread.vpid != 1 || thread.vtid != 1) return;
  Clock.container(changetype<Container>(<usize>thread.container));
}
