/** The threads and processes that fields speak of. */
import { Frame } from "../state/frame";
import { findThread } from "../state/lookup";
import { THREAD_CHILD_IN_PIDNS, Thread } from "../state/thread";
import { Scratch } from "./scratch";
import { Value } from "./value";
import { NO_TEXT } from "../state/text";

/** Parents are followed at most this far. */
export const ANCESTORS_MAX: u32 = 64;

/** The leader of the event's thread, the thread itself while the leader is not known, or null. */
export function process(): Thread | null {
  const leader = Frame.leader;
  return leader === null ? Frame.thread : leader;
}

/** The group leader of a thread, or null. */
export function leaderOf(thread: Thread): Thread | null {
  return changetype<Thread | null>(<usize>thread.leader);
}

/** The leader of the parent process; null when it is not in the table or is the process itself. */
export function parentOf(leader: Thread): Thread | null {
  if (leader.ptid <= 0) return null;
  const thread = findThread(leader.ptid);
  if (thread === null) return null;
  const parent = leaderOf(thread);
  return parent === leader ? null : parent;
}

/** Level 0 is the event's own process, 1 its parent. */
export function ancestor(level: u32): Thread | null {
  let at = Frame.leader;
  if (level > ANCESTORS_MAX) return null;
  for (; level != 0 && at !== null; level--) at = parentOf(at);
  return at;
}

/** Whether the ids that the process sees differ from the host's. */
export function isInPidNamespace(thread: Thread): bool {
  return (
    (thread.flags & THREAD_CHILD_IN_PIDNS) != 0 || (thread.vtid >= 0 && thread.tid != thread.vtid)
  );
}

/** The thread's comm is the value. */
export function commOf(thread: Thread): bool {
  return Value.text(thread.comm, thread.commLength);
}

/** `proc.cmdline` of a thread. */
export function cmdlineOf(thread: Thread): bool {
  return thread.cmdline == NO_TEXT ? commOf(thread) : Value.block(thread.cmdline);
}

/** The arguments of a thread, joined by blanks: what follows comm in its command line. */
export function argumentsOf(thread: Thread): bool {
  cmdlineOf(thread);
  const skipped = thread.commLength + 1;
  if (Value.length < skipped) return Value.text(0, 0);
  return Value.text(Value.address + skipped, Value.length - skipped);
}

/** Appends the text in `Value`. */
export function appendValue(): void {
  Scratch.bytes(Value.address, Value.length);
}
