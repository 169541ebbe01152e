/**
 * clone, fork, vfork, clone3. The kernel tells of a new thread twice, from the caller's side and
 * from the child's, in either order, and either may be lost. Parameters: res, exe, args, tid, pid,
 * ptid, cwd, fdlimit, faults and memory (8–12), comm, cgroups, flags, uid, gid, vtid, vpid, pidns
 * start.
 */
import { Params } from "../../record/event";
import { EventType } from "../../schema/generated/events";
import { Clock } from "../../state/clock";
import { ContainerTable } from "../../state/container-table";
import { Count, Counter } from "../../state/counters";
import { DescriptorTable } from "../../state/descriptor-table";
import { HeaderAt } from "../../state/header";
import { findThread, Owner } from "../../state/lookup";
import {
  Thread,
  THREAD_CHILD_IN_PIDNS,
  THREAD_CLOSED,
  THREAD_INVERTED,
  THREAD_PLACEHOLDER,
  THREAD_SUBREAPER,
} from "../../state/thread";
import { ThreadTable } from "../../state/thread-table";
import { setCgroups } from "../cgroups";
import { resolveContainer } from "../containers";
import { Current } from "../current";
import { heal, insertPlaceholder, joinGroup, joinParent } from "../groups";
import {
  isPlaceholder,
  setArgs,
  setCmdline,
  setCommParam,
  setExe,
  setMemory,
  shareText,
} from "../identity";
import { RecentExits } from "../recent-exits";
import { removeThread } from "../removal";

const CLONE_FILES: u32 = 1;
const CLONE_NEWPID: u32 = 1 << 6;
const CLONE_PARENT: u32 = 1 << 8;
const CLONE_THREAD: u32 = 1 << 13;
const CLONE_VFORK: u32 = 1 << 27;
/** Bits that are state of ours, whatever a record says. */
const STATE_BITS: u32 = THREAD_CLOSED | THREAD_INVERTED | THREAD_PLACEHOLDER | THREAD_SUBREAPER;
/** ns. An entry younger than this is the child of this very clone. */
const STALE: u64 = 2_000_000_000;

const ARGS: u32 = 2;
const EXE: u32 = 1;
const PID: u32 = 4;
const PTID: u32 = 5;
const FDLIMIT: u32 = 7;
const FAULTS: u32 = 8;
const COMM: u32 = 13;
const CGROUPS: u32 = 14;
const FLAGS: u32 = 15;
const UID: u32 = 16;
const GID: u32 = 17;
const VTID: u32 = 18;
const VPID: u32 = 19;
const PIDNS_START: u32 = 20;

export function onClone(): void {
  if (!Current.succeeded) return;
  const child = Params.i64(0);
  if (child == 0) onChild();
  else onCaller(child);
}

function onCaller(childTid: i64): void {
  const caller = knownCaller();
  if (caller === null) return;
  const wasKnown = callerWasKnown;
  const flags = Params.u32(FLAGS);
  // The child's id is one of its own namespace, or the child is not ours; its own side tells all.
  if ((flags & (THREAD_CHILD_IN_PIDNS | CLONE_NEWPID | CLONE_PARENT)) != 0) return;
  if (caller.tid != caller.vtid) return;
  // A vfork's caller sleeps until the child has gone on; what it says is old.
  if ((flags & CLONE_VFORK) != 0 || Current.type == EventType.SYSCALL_VFORK_20_X) return;
  if (childTid == caller.tid || RecentExits.has(childTid, Current.time)) return;
  if (!makeRoom(childTid)) return;
  const child = ThreadTable.insert(childTid);
  if (child === null) return;
  child.flags = flags & ~STATE_BITS;
  child.vtid = childTid;
  fill(child, caller);
  if ((flags & CLONE_THREAD) != 0) {
    child.pid = caller.pid;
    child.vpid = caller.pid;
    child.execTime = caller.execTime;
    child.flags |= CLONE_FILES;
    link(child, caller.ptid);
  } else {
    child.pid = childTid;
    child.vpid = childTid;
    link(child, caller.tid);
    if (wasKnown) inheritProcess(child, caller);
  }
  if (wasKnown) inherit(child, caller);
  else describe(caller);
  finish(child, caller);
}

let callerWasKnown: bool = false;

/** The caller's entry, made or completed from what the event says about it. */
function knownCaller(): Thread | null {
  let caller = Current.thread != 0 ? Current.threadEntry : null;
  if (caller === null) {
    caller = insertPlaceholder(Current.tid);
    if (caller === null) return null;
    Current.thread = <u32>changetype<usize>(caller);
  }
  callerWasKnown = !isPlaceholder(caller);
  if (callerWasKnown) return caller;
  caller.vtid = Params.has(VPID) ? Params.i64(VTID) : caller.tid;
  caller.vpid = Params.has(VPID) ? Params.i64(VPID) : -1;
  heal(caller, Params.i64(PID), Params.i64(PTID));
  return caller;
}

/**
 * False when the child's own side was first; an older entry with the id is one that never exited.
 */
function makeRoom(tid: i64): bool {
  const old = findThread(tid);
  if (old === null) return true;
  if ((old.flags & THREAD_INVERTED) != 0) return false;
  evict(old);
  // The caller itself may have gone with it.
  const caller = findThread(Current.tid);
  Current.thread = <u32>changetype<usize>(caller);
  return caller !== null;
}

/** Takes out a stale entry whole, even if it leads threads that still look alive. */
function evict(old: Thread): void {
  if (!isPlaceholder(old)) Count.one(Counter.ThreadsReplaced);
  old.groupAlive = 0;
  removeThread(old);
}

function onChild(): void {
  if (Current.thread != 0) {
    const known = Current.threadEntry;
    if (known.cloneTime != 0 && Current.time - known.cloneTime < STALE) return;
    evict(known);
  }
  const child = ThreadTable.insert(Current.tid);
  Current.thread = <u32>changetype<usize>(child);
  if (child === null) return;
  const flags = Params.u32(FLAGS);
  child.flags = (flags & ~STATE_BITS) | THREAD_INVERTED;
  child.pid = Params.i64(PID);
  child.vtid = Params.has(VPID) ? Params.i64(VTID) : Current.tid;
  child.vpid = Params.has(VPID) ? Params.i64(VPID) : -1;
  const isThread = (flags & CLONE_THREAD) != 0 && child.pid != child.tid;
  const model = isThread ? leaderOf(child) : knownParent();
  fill(child, model);
  link(child, Params.i64(PTID));
  if (model !== null) {
    inherit(child, model);
    if (!isThread) inheritProcess(child, model);
    else child.execTime = model.execTime;
  }
  if (isThread) child.flags |= CLONE_FILES;
  child.pidnsStart = pidnsStart(child, flags);
  finish(child, model);
}

/** The entry of a new thread's leader; made up from the thread when it is not known. */
function leaderOf(child: Thread): Thread | null {
  let leader = findThread(child.pid);
  if (leader === null) leader = insertPlaceholder(child.pid);
  if (leader === null) return null;
  if (!isPlaceholder(leader)) return leader;
  leader.vpid = child.vpid;
  leader.vtid = child.vpid;
  heal(leader, child.pid, Params.i64(PTID));
  describe(leader);
  return null;
}

/** As in Falco, a parent that nobody knows gets an entry, though not the child. */
function knownParent(): Thread | null {
  const ptid = Params.i64(PTID);
  let parent = findThread(ptid);
  if (parent === null && ptid > 0) parent = insertPlaceholder(ptid);
  return parent !== null && isPlaceholder(parent) ? null : parent;
}

/** What the event says of both sides. */
function describe(thread: Thread): void {
  setExe(thread, EXE);
  setCommParam(thread, COMM);
  setArgs(thread, ARGS);
  setCmdline(thread);
  Clock.identity(thread);
}

function fill(child: Thread, model: Thread | null): void {
  if (model !== null) {
    // The same blocks, if the bytes turn out to be the same.
    shareText(child, model, offsetof<Thread>("exe"));
    shareText(child, model, offsetof<Thread>("args"));
    shareText(child, model, offsetof<Thread>("cgroups"));
    shareText(child, model, offsetof<Thread>("cmdline"));
  }
  setExe(child, EXE);
  setCommParam(child, COMM);
  setArgs(child, ARGS);
  setCmdline(child);
  child.fdLimit = Params.i64(FDLIMIT);
  setMemory(child, FAULTS);
  child.uid = Params.u32(UID);
  child.gid = Params.u32(GID);
  child.cloneTime = Current.time;
  child.lastEventTime = Current.time;
}

/** Group and parent; a new leader's table of descriptors must be its own before it is filled. */
function link(child: Thread, ptid: i64): void {
  joinGroup(child);
  joinParent(child, ptid);
}

function inherit(child: Thread, from: Thread): void {
  shareText(child, from, offsetof<Thread>("exePath"));
  shareText(child, from, offsetof<Thread>("root"));
  child.exeFlags = from.exeFlags;
  child.sid = from.sid;
  child.vpgid = from.vpgid;
  child.pgid = from.pgid;
  child.tty = from.tty;
  child.loginuid = from.loginuid;
  child.capInheritable = from.capInheritable;
  child.capPermitted = from.capPermitted;
  child.capEffective = from.capEffective;
  child.exeInode = from.exeInode;
  child.exeInodeCtime = from.exeInodeCtime;
  child.exeInodeMtime = from.exeInodeMtime;
  child.ctimeToClone = from.ctimeToClone;
}

/** What a new process has of its parent's and a new thread shares with its leader. */
function inheritProcess(child: Thread, parent: Thread): void {
  const from = Owner.of(parent);
  const leader = changetype<Thread>(<usize>from);
  const to = <u32>changetype<usize>(child);
  if (from != to) DescriptorTable.copyAll(from, to);
  shareText(child, leader, offsetof<Thread>("cwd"));
  // As in Falco, only a leader has an environment to hand on; the child's exec brings its own.
  shareText(child, parent, offsetof<Thread>("env"));
}

/** cgroups are mostly the model's: then its container is the child's without a look at them. */
function finish(child: Thread, model: Thread | null): void {
  const inherited = child.cgroups;
  setCgroups(child, CGROUPS);
  if (model !== null && child.cgroups == inherited) ContainerTable.assign(child, model.container);
  else resolveContainer(child);
  Clock.identity(child);
}

/**
 * Told only of a thread in a namespace of its own; the record has it as time since the host's
 * start.
 */
function pidnsStart(child: Thread, flags: u32): u64 {
  const nested = (flags & (THREAD_CHILD_IN_PIDNS | CLONE_NEWPID)) != 0 || child.tid != child.vtid;
  if (!nested || !Params.has(PIDNS_START)) return 0;
  return Params.u64(PIDNS_START) + HeaderAt.header.bootTime;
}
