/**
 * ITER_TASK_E: a thread that was there before the first event, from a task iterator, /proc or a
 * recording. See ARCHITECTURE.md, "State at start", for how the ids are carried.
 */
import { EventAt, Params } from "../../record/event";
import { Count, Counter } from "../../state/counters";
import { Clock } from "../../state/clock";
import { findThread } from "../../state/lookup";
import {
  Thread,
  THREAD_CLOSED,
  THREAD_INVERTED,
  THREAD_PLACEHOLDER,
  THREAD_SUBREAPER,
} from "../../state/thread";
import { ThreadTable } from "../../state/thread-table";
import { setCgroups } from "../cgroups";
import { announceProcess, resolveContainer } from "../containers";
import { setCwd } from "../directory";
import { joinGroup } from "../groups";
import { isPlaceholder, setCmdline, setCommParam, TextSlot } from "../identity";
import { removeThread } from "../removal";
import { textLength } from "../sockets";
import { measureExeAge, withoutDeleted } from "./exec";

const STATE_BITS: u32 = THREAD_CLOSED | THREAD_INVERTED | THREAD_PLACEHOLDER | THREAD_SUBREAPER;

/** Ids in the header of an ITER event. */
export class TaskId {
  static tid: i64 = 0;
  /** 0 when the group was not told. */
  static pid: i64 = 0;

  static read(event: usize): void {
    const id = <u64>EventAt.tid(event);
    TaskId.tid = <i64>(id & 0xffff_ffff);
    TaskId.pid = <i64>(id >> 32);
  }
}

export function onTask(): void {
  TaskId.read(Params.event);
  const tid = TaskId.tid;
  const old = findThread(tid);
  if (old !== null) {
    if (!isPlaceholder(old)) Count.one(Counter.ThreadsReplaced);
    old.groupAlive = 0;
    removeThread(old);
  }
  const thread = ThreadTable.insert(tid);
  if (thread === null) return;
  thread.pid = TaskId.pid == 0 ? tid : TaskId.pid;
  setIds(thread);
  setTexts(thread);
  setNumbers(thread);
  thread.flags = Params.u32(32) & ~STATE_BITS;
  joinGroup(thread);
  // The parent may come later in the list, or never: the id is kept as it was told.
  ThreadTable.setParent(thread, id32(0, 0));
  resolveContainer(thread);
  Clock.identity(thread);
  if (thread.pid == tid) announceProcess(thread);
}

function id32(param: u32, missing: i64): i64 {
  return Params.has(param) ? <i64>(<i32>Params.u32(param)) : missing;
}

function setIds(thread: Thread): void {
  thread.pgid = id32(1, -1);
  thread.vpgid = id32(2, -1);
  thread.sid = id32(3, -1);
  thread.vpid = id32(24, thread.pid);
  thread.vtid = id32(25, thread.tid);
}

function setTexts(thread: Thread): void {
  const at = changetype<usize>(thread);
  setArgv(thread);
  setCommParam(thread, 4);
  setCmdline(thread);
  if (Params.has(6)) {
    const length = withoutDeleted(Params.address(6), Params.textLength(6));
    TextSlot.set(at + offsetof<Thread>("exePath"), Params.address(6), length);
  }
  if (Params.has(8)) {
    TextSlot.set(at + offsetof<Thread>("env"), Params.address(8), Params.length(8));
  }
  if (Params.has(9)) setCwd(thread, Params.address(9), Params.textLength(9));
  setCgroups(thread, 27);
  if (Params.has(28)) TextSlot.setParam(at + offsetof<Thread>("root"), 28);
}

/** argv[0] is `exe`, the rest `args`. */
function setArgv(thread: Thread): void {
  const argv = Params.address(5);
  const bytes = Params.length(5);
  const at = changetype<usize>(thread);
  const first = textLength(argv, bytes);
  TextSlot.set(at + offsetof<Thread>("exe"), argv, first);
  const rest = first < bytes ? first + 1 : bytes;
  TextSlot.set(at + offsetof<Thread>("args"), argv + rest, bytes - rest);
}

function setNumbers(thread: Thread): void {
  thread.exeFlags = Params.u32(7) & 15;
  thread.fdLimit = Params.has(10) ? Params.i64(10) : -1;
  thread.uid = Params.has(11) ? Params.u32(11) : 0xffff_ffff;
  thread.gid = Params.has(12) ? Params.u32(12) : 0xffff_ffff;
  thread.capPermitted = Params.u64(13);
  thread.capEffective = Params.u64(14);
  thread.capInheritable = Params.u64(15);
  thread.exeInode = Params.u64(16);
  thread.exeInodeCtime = Params.u64(17);
  thread.exeInodeMtime = Params.u64(18);
  thread.vmSize = Params.u32(19);
  thread.vmRss = Params.u32(20);
  thread.vmSwap = Params.u32(21);
  thread.majorFaults = Params.u64(22);
  thread.minorFaults = Params.u64(23);
  thread.pidnsStart = Params.u64(26);
  thread.cloneTime = Params.u64(29);
  thread.tty = Params.u32(30);
  thread.loginuid = Params.has(31) ? Params.u32(31) : 0xffff_ffff;
  if (thread.exeInodeCtime != 0) measureExeAge(thread);
}
