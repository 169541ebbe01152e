/** The very thread that the event belongs to. */
import { EventAt } from "../record/event";
import { Frame } from "../state/frame";
import { NO_TEXT } from "../state/text";
import { Thread } from "../state/thread";
import { appendCapabilities } from "./capabilities";
import { Scratch } from "./scratch";
import { Value } from "./value";
import { appendWords, valueOf } from "./words";

/** The event's own, known or not; −1 when it has none. */
export function threadTid(): bool {
  return Value.integer(EventAt.tid(Frame.event));
}

export function threadVtid(): bool {
  const thread = Frame.thread;
  return thread !== null && thread.vtid >= 0 && Value.integer(thread.vtid);
}

export function threadIsmain(): bool {
  const thread = Frame.thread;
  return thread !== null && Value.truth(thread.tid == thread.pid);
}

export function threadCapPermitted(): bool {
  const thread = Frame.thread;
  return thread !== null && capabilities(thread.capPermitted);
}

export function threadCapInheritable(): bool {
  const thread = Frame.thread;
  return thread !== null && capabilities(thread.capInheritable);
}

export function threadCapEffective(): bool {
  const thread = Frame.thread;
  return thread !== null && capabilities(thread.capEffective);
}

function capabilities(set: u64): bool {
  const mark = Scratch.begin();
  appendCapabilities(set);
  return Scratch.end(mark);
}

/** All cgroups, `subsystem=path` each. */
export function threadCgroups(): bool {
  const thread = Frame.thread;
  if (thread === null || thread.cgroups == NO_TEXT) return false;
  const mark = Scratch.begin();
  appendWords(thread.cgroups);
  return Scratch.end(mark);
}

/** The path of one cgroup subsystem; missing when the thread is in none of that name. */
export function threadCgroup(key: usize, length: u32): bool {
  const thread = Frame.thread;
  return thread !== null && valueOf(thread.cgroups, key, length);
}

export function threadPfmajor(): bool {
  const thread = Frame.thread;
  return thread !== null && Value.unsigned(thread.majorFaults);
}

export function threadPfminor(): bool {
  const thread = Frame.thread;
  return thread !== null && Value.unsigned(thread.minorFaults);
}

/** Kilobytes; memory is counted at the leader, so any other thread shows 0. */
export function threadVmsize(): bool {
  const thread = Frame.thread;
  return thread !== null && Value.unsigned(isLeader(thread) ? thread.vmSize : 0);
}

export function threadVmrss(): bool {
  const thread = Frame.thread;
  return thread !== null && Value.unsigned(isLeader(thread) ? thread.vmRss : 0);
}

/** The same in bytes. */
export function threadVmsizeB(): bool {
  if (!threadVmsize()) return false;
  Value.number *= 1024;
  return true;
}

export function threadVmrssB(): bool {
  if (!threadVmrss()) return false;
  Value.number *= 1024;
  return true;
}

/** Falco has said 0 here, even for `switch`, since it counts no more who runs where. */
export function threadExectime(): bool {
  return Value.unsigned(0);
}

export function threadTotexectime(): bool {
  return Frame.thread !== null && Value.unsigned(0);
}

/** comm and tid, joined. */
export function threadNametid(): bool {
  const thread = Frame.thread;
  if (thread === null) return false;
  const mark = Scratch.begin();
  Scratch.bytes(thread.comm, thread.commLength);
  Scratch.signed(thread.tid);
  return Scratch.end(mark);
}

function isLeader(thread: Thread): bool {
  return thread.tid == thread.pid;
}
