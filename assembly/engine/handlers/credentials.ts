/** Ids, capabilities, session, limits, and what else a process may change about itself. */
import { Params } from "../../record/event";
import { EventType } from "../../schema/generated/events";
import { Clock } from "../../state/clock";
import { findThread } from "../../state/lookup";
import { Thread, THREAD_SUBREAPER } from "../../state/thread";
import { Current } from "../current";
import { isPlaceholder } from "../identity";

const CLONE_NEWUSER: u32 = 1 << 20;
/** All capabilities up to CAP_CHECKPOINT_RESTORE, as in a new user namespace. */
const ALL_CAPABILITIES: u64 = (1 << 41) - 1;
const UNCHANGED: u32 = 0xffff_ffff;
const RLIMIT_NOFILE: u32 = 7;
const SET_CHILD_SUBREAPER: u32 = 36;
const GET_CHILD_SUBREAPER: u32 = 37;

function hasNewId(param: u32): bool {
  return Current.thread != 0 && Params.has(0) && Params.i64(0) == 0 && Params.has(param);
}

/** −1 leaves the user as it is: nobody may get rid of his id by asking for that. */
function setUid(param: u32): void {
  if (!hasNewId(param) || Params.u32(param) == UNCHANGED) return;
  Current.threadEntry.uid = Params.u32(param);
  Clock.thread(Current.threadEntry);
}

/** As in Falco, −1 is taken for a group. */
function setGid(param: u32): void {
  if (!hasNewId(param)) return;
  Current.threadEntry.gid = Params.u32(param);
  Clock.thread(Current.threadEntry);
}

export function onSetuid(): void {
  setUid(1);
}

/** setresuid and setreuid: the effective id is the second. */
export function onSetEuid(): void {
  setUid(2);
}

export function onSetgid(): void {
  setGid(1);
}

export function onSetEgid(): void {
  setGid(2);
}

export function onSetsid(): void {
  if (Current.thread == 0 || !Current.succeeded) return;
  Current.threadEntry.sid = Params.i64(0);
  Clock.thread(Current.threadEntry);
}

export function onCapset(): void {
  if (Current.thread == 0 || !Current.succeeded) return;
  setCapabilities(Params.u64(1), Params.u64(2), Params.u64(3));
}

/** unshare: res, flags. setns: res, fd, nstype. */
export function onNewNamespace(): void {
  if (Current.thread == 0 || !Current.succeeded) return;
  const flags = Params.u32(Current.type == EventType.SYSCALL_SETNS_X ? 2 : 1);
  if ((flags & CLONE_NEWUSER) == 0) return;
  setCapabilities(ALL_CAPABILITIES, ALL_CAPABILITIES, ALL_CAPABILITIES);
}

function setCapabilities(inheritable: u64, permitted: u64, effective: u64): void {
  const thread = Current.threadEntry;
  thread.capInheritable = inheritable;
  thread.capPermitted = permitted;
  thread.capEffective = effective;
  Clock.thread(thread);
}

/**
 * res, option, arg2_str, arg2_int. PR_SET_NAME is not followed, as in Falco: a thread that renames
 * itself would slip from under rules on `proc.name`; its children and its next exec show the new
 * name.
 */
export function onPrctl(): void {
  if (Current.thread == 0 || !Current.succeeded || isPlaceholder(Current.threadEntry)) return;
  const option = Params.u32(1);
  if (option != SET_CHILD_SUBREAPER && option != GET_CHILD_SUBREAPER) return;
  const leader = changetype<Thread>(<usize>Current.owner);
  if (Params.i64(3) != 0) leader.flags |= THREAD_SUBREAPER;
  else leader.flags &= ~THREAD_SUBREAPER;
}

/** getrlimit and setrlimit: res, cur, max, resource. */
export function onRlimit(): void {
  if (Current.thread == 0 || !Current.succeeded) return;
  if (!Params.has(3) || Params.u8(3) != RLIMIT_NOFILE) return;
  setFdLimit(Current.threadEntry, Params.i64(1));
}

/** res, newcur, newmax, oldcur, oldmax, pid, resource */
export function onPrlimit(): void {
  if (!Params.has(0) || Params.i64(0) != 0) return;
  if (!Params.has(6) || Params.u8(6) != RLIMIT_NOFILE || !Params.has(5)) return;
  const pid = Params.i64(5);
  const thread = findThread(pid == 0 ? Current.tid : pid);
  if (thread !== null && !isPlaceholder(thread)) setFdLimit(thread, Params.i64(1));
}

function setFdLimit(thread: Thread, limit: i64): void {
  if (limit == -1 || thread.leader == 0) return;
  const leader = changetype<Thread>(<usize>thread.leader);
  if (leader.fdLimit == limit) return;
  leader.fdLimit = limit;
  Clock.thread(leader);
}

/** brk, mmap, mmap2, munmap: res, vm_size, vm_rss, vm_swap. Not stamped, see thread.ts. */
export function onMemoryCall(): void {
  if (Current.thread == 0) return;
  const thread = Current.threadEntry;
  if (Params.has(1)) thread.vmSize = Params.u32(1);
  if (!Params.has(3)) return;
  thread.vmRss = Params.u32(2);
  thread.vmSwap = Params.u32(3);
}

/** switch: next, faults, memory; of the thread that is leaving the CPU. */
export function onSwitch(): void {
  if (Current.thread == 0 || !Params.has(5)) return;
  const thread = Current.threadEntry;
  thread.majorFaults = Params.u64(1);
  thread.minorFaults = Params.u64(2);
  const leader = changetype<Thread>(<usize>Current.owner);
  leader.vmSize = Params.u32(3);
  leader.vmRss = Params.u32(4);
  leader.vmSwap = Params.u32(5);
}
