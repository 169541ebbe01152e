/**
 * The thread table: fixed entries, a chained hash by tid, a free list. Every entry is also in the
 * ring of its group and, when its parent's id is known, in the list of those with the same hash of
 * `ptid`, whether or not that parent is in the table. All of it is O(1) but for walks over a group
 * or over the children of one thread.
 */
import { clearBytes } from "../record/bytes";
import { Clock } from "./clock";
import { ContainerTable } from "./container-table";
import { Count, Counter } from "./counters";
import { Hash } from "./hash";
import { HeaderAt } from "./header";
import { Heap } from "./heap";
import { findThread } from "./lookup";
import { Thread, THREAD_CLOSED } from "./thread";

export class ThreadTable {
  /** Makes all entries free, without touching them: an empty window costs no memory. */
  static clear(): void {
    const header = HeaderAt.header;
    memory.fill(<usize>header.threadIndexBase, 0, <usize>header.threadSlots << 2);
    memory.fill(<usize>header.childIndexBase, 0, <usize>header.threadSlots << 2);
    header.threadFree = 0;
    header.threadFresh = 0;
    header.threadCount = 0;
  }

  /**
   * A new entry for `tid`, which must not be in the table: all ids but `tid` −1, no leader, alone
   * in its group. Null when the table is full, which is counted.
   */
  static insert(tid: i64): Thread | null {
    const header = HeaderAt.header;
    const at = takeEntry();
    if (at == 0) {
      Count.one(Counter.ThreadsFull);
      return null;
    }
    const thread = changetype<Thread>(<usize>at);
    clearBytes(<usize>at, <u32>offsetof<Thread>());
    thread.slot = (at - header.threadBase) / offsetof<Thread>();
    setUnknown(thread, tid);
    const bucket = <usize>header.threadIndexBase +
      (<usize>(Hash.of(<u64>tid) & (header.threadSlots - 1)) << 2);
    thread.hashNext = load<u32>(bucket);
    store<u32>(bucket, at);
    header.threadCount++;
    Count.one(Counter.ThreadsAdded);
    adoptWaiting(thread);
    thread.changedAt = Clock.tick();
    return thread;
  }

  /** Takes the entry out of all lists and frees its texts. Its descriptors must be gone. */
  static remove(thread: Thread): void {
    const header = HeaderAt.header;
    const at = <u32>changetype<usize>(thread);
    ThreadTable.setParent(thread, 0);
    ThreadTable.setLeader(thread, 0);
    ContainerTable.assign(thread, 0);
    let link = <usize>header.threadIndexBase +
      (<usize>(Hash.of(<u64>thread.tid) & (header.threadSlots - 1)) << 2);
    while (load<u32>(link) != at) {
      link = <usize>load<u32>(link) + offsetof<Thread>("hashNext");
    }
    store<u32>(link, thread.hashNext);
    releaseTexts(thread);
    thread.tid = -1;
    thread.hashNext = header.threadFree;
    header.threadFree = at;
    header.threadCount--;
    Count.one(Counter.ThreadsRemoved);
    Clock.tick();
  }

  /** Joins the group of `leader` (an address; 0: none). A leader leads itself. */
  static setLeader(thread: Thread, leader: u32): void {
    const at = <u32>changetype<usize>(thread);
    const old = thread.leader;
    if (old == leader) return;
    // The parent of its children is another one now, or known for the first time.
    if (thread.children != 0) Clock.lineage();
    // Whoever stops leading itself leads nobody.
    if (old == at) dissolve(thread);
    if (old != 0) {
      changetype<Thread>(<usize>old).groupChildren -= thread.children;
      leaveRing(thread);
    }
    thread.leader = leader;
    if (leader == 0) return;
    const head = changetype<Thread>(<usize>leader);
    head.groupChildren += thread.children;
    if (leader != at) joinRing(thread, head);
  }

  /** Names `ptid` as the parent's thread id; 0 for none. */
  static setParent(thread: Thread, ptid: i64): void {
    if (thread.ptid == ptid) return;
    if (thread.ptid > 0) {
      leaveSiblings(thread);
      addChildren(thread.ptid, -1);
    }
    thread.ptid = ptid;
    if (ptid > 0) {
      joinSiblings(thread);
      addChildren(ptid, 1);
    }
  }

  /** First entry of the list that holds all children of `ptid`, among others. */
  @inline static siblings(ptid: i64): u32 {
    return load<u32>(siblingsOf(ptid));
  }

  /** Threads of the group that have not exited lose one; returns whether the thread was alive. */
  static markDead(thread: Thread): bool {
    if ((thread.flags & THREAD_CLOSED) != 0) return false;
    thread.flags |= THREAD_CLOSED;
    if (thread.leader != 0) {
      const leader = changetype<Thread>(<usize>thread.leader);
      if (leader.groupAlive > 0) leader.groupAlive--;
    }
    return true;
  }
}

/** A used entry before an untouched one; 0 when there is neither. */
function takeEntry(): u32 {
  const header = HeaderAt.header;
  const used = header.threadFree;
  if (used != 0) {
    header.threadFree = changetype<Thread>(<usize>used).hashNext;
    return used;
  }
  if (header.threadFresh == header.threadCapacity) return 0;
  return header.threadBase + header.threadFresh++ * offsetof<Thread>();
}

/** The others of a group that loses its leader have none until it shows up again. */
function dissolve(leader: Thread): void {
  const at = <u32>changetype<usize>(leader);
  while (leader.groupNext != at) {
    const member = changetype<Thread>(<usize>leader.groupNext);
    ThreadTable.setLeader(member, 0);
    member.changedAt = Clock.tick();
  }
  leader.groupAlive = 0;
}

function setUnknown(thread: Thread, tid: i64): void {
  const at = <u32>changetype<usize>(thread);
  thread.tid = tid;
  thread.pid = -1;
  thread.ptid = -1;
  thread.vtid = -1;
  thread.vpid = -1;
  thread.sid = -1;
  thread.pgid = -1;
  thread.vpgid = -1;
  thread.uid = 0xffff_ffff;
  thread.gid = 0xffff_ffff;
  thread.loginuid = 0xffff_ffff;
  thread.fdLimit = -1;
  thread.reaperTid = -1;
  thread.groupNext = at;
  thread.groupPrevious = at;
}

/** Threads that named this one as their parent before it was in the table. */
function adoptWaiting(thread: Thread): void {
  let at = load<u32>(siblingsOf(thread.tid));
  let children: u32 = 0;
  while (at != 0) {
    const child = changetype<Thread>(<usize>at);
    if (child.ptid == thread.tid) children++;
    at = child.siblingNext;
  }
  thread.children = children;
  if (children != 0) Clock.lineage();
}

function addChildren(ptid: i64, by: i32): void {
  const parent = findThread(ptid);
  if (parent === null) return;
  parent.children += by;
  if (parent.leader != 0) changetype<Thread>(<usize>parent.leader).groupChildren += by;
}

function joinRing(thread: Thread, head: Thread): void {
  const at = <u32>changetype<usize>(thread);
  const next = head.groupNext;
  thread.groupNext = next;
  thread.groupPrevious = <u32>changetype<usize>(head);
  changetype<Thread>(<usize>next).groupPrevious = at;
  head.groupNext = at;
}

function leaveRing(thread: Thread): void {
  const at = <u32>changetype<usize>(thread);
  changetype<Thread>(<usize>thread.groupPrevious).groupNext = thread.groupNext;
  changetype<Thread>(<usize>thread.groupNext).groupPrevious = thread.groupPrevious;
  thread.groupNext = at;
  thread.groupPrevious = at;
}

function siblingsOf(ptid: i64): usize {
  const header = HeaderAt.header;
  return <usize>header.childIndexBase +
    (<usize>(Hash.of(<u64>ptid) & (header.threadSlots - 1)) << 2);
}

function joinSiblings(thread: Thread): void {
  const at = <u32>changetype<usize>(thread);
  const head = siblingsOf(thread.ptid);
  const next = load<u32>(head);
  thread.siblingNext = next;
  thread.siblingPrevious = 0;
  if (next != 0) changetype<Thread>(<usize>next).siblingPrevious = at;
  store<u32>(head, at);
}

function leaveSiblings(thread: Thread): void {
  const next = thread.siblingNext;
  const previous = thread.siblingPrevious;
  if (next != 0) changetype<Thread>(<usize>next).siblingPrevious = previous;
  if (previous != 0) changetype<Thread>(<usize>previous).siblingNext = next;
  else store<u32>(siblingsOf(thread.ptid), next);
  thread.siblingNext = 0;
  thread.siblingPrevious = 0;
}

function releaseTexts(thread: Thread): void {
  Heap.release(thread.exe);
  Heap.release(thread.exePath);
  Heap.release(thread.args);
  Heap.release(thread.cmdline);
  Heap.release(thread.env);
  Heap.release(thread.cwd);
  Heap.release(thread.cgroups);
  Heap.release(thread.root);
  Heap.release(thread.enter);
}
