/**
 * The process of the event. Names and arguments are the thread's own; environment and working
 * directory belong to the group leader.
 */
import { EventAt } from "../record/event";
import { Frame } from "../state/frame";
import {
  EXE_FROM_MEMFD,
  EXE_LOWER_LAYER,
  EXE_UPPER_LAYER,
  EXE_WRITABLE,
  THREAD_CLOSED,
} from "../state/thread";
import { constant, Scratch } from "./scratch";
import { argumentsOf, cmdlineOf, commOf, process } from "./thread-of";
import { Value } from "./value";
import { appendWords, countWords, sizeOfWords, trimValue, valueOf, wordAt } from "./words";

export function procName(): bool {
  const thread = Frame.thread;
  return thread !== null && commOf(thread);
}

export function procExe(): bool {
  const thread = Frame.thread;
  return thread !== null && Value.block(thread.exe);
}

export function procExepath(): bool {
  const thread = Frame.thread;
  return thread !== null && Value.block(thread.exePath);
}

export function procCmdline(): bool {
  const thread = Frame.thread;
  return thread !== null && cmdlineOf(thread);
}

export function procExeline(): bool {
  const thread = Frame.thread;
  if (thread === null) return false;
  const mark = Scratch.begin();
  Value.block(thread.exe);
  Scratch.bytes(Value.address, Value.length);
  Scratch.byte(0x20);
  argumentsOf(thread);
  Scratch.bytes(Value.address, Value.length);
  return Scratch.end(mark);
}

export function procArgs(): bool {
  const thread = Frame.thread;
  return thread !== null && argumentsOf(thread);
}

/** Empty beyond the last argument. */
export function procArgsAt(index: u32): bool {
  const thread = Frame.thread;
  if (thread === null) return false;
  return wordAt(thread.args, index) || Value.text(0, 0);
}

export function procCmdnargs(): bool {
  const thread = Frame.thread;
  return thread !== null && Value.unsigned(countWords(thread.args));
}

export function procCmdlenargs(): bool {
  const thread = Frame.thread;
  return thread !== null && Value.unsigned(sizeOfWords(thread.args));
}

export function procEnv(): bool {
  const leader = process();
  if (leader === null) return false;
  const mark = Scratch.begin();
  appendWords(leader.env);
  return Scratch.end(mark);
}

/** Empty when the variable is not set; blanks around its value are taken off. */
export function procEnvOf(key: usize, length: u32): bool {
  const leader = process();
  if (leader === null) return false;
  if (!valueOf(leader.env, key, length)) return Value.text(0, 0);
  trimValue();
  return true;
}

/** `./` as long as the leader is not known. */
export function procCwd(): bool {
  if (Frame.thread === null) return false;
  const leader = Frame.leader;
  return leader === null ? constant("./") : Value.block(leader.cwd);
}

export function procTty(): bool {
  const thread = Frame.thread;
  return thread !== null && Value.unsigned(thread.tty);
}

export function procPid(): bool {
  const thread = Frame.thread;
  return thread !== null && Value.integer(thread.pid);
}

export function procVpid(): bool {
  const thread = Frame.thread;
  return thread !== null && thread.vpid >= 0 && Value.integer(thread.vpid);
}

export function procSid(): bool {
  const thread = Frame.thread;
  return thread !== null && Value.integer(thread.sid);
}

export function procVpgid(): bool {
  const thread = Frame.thread;
  return thread !== null && Value.integer(thread.vpgid);
}

export function procPgid(): bool {
  const thread = Frame.thread;
  return thread !== null && Value.integer(thread.pgid);
}

export function procIsSidLeader(): bool {
  const thread = Frame.thread;
  return thread !== null && Value.truth(thread.sid == thread.vpid);
}

export function procIsVpgidLeader(): bool {
  const thread = Frame.thread;
  return thread !== null && Value.truth(thread.vpgid == thread.vpid);
}

export function procIsPgidLeader(): bool {
  const thread = Frame.thread;
  return thread !== null && Value.truth(thread.pgid == thread.pid);
}

/** Time since the process started; missing when its start was not seen. */
export function procDuration(): bool {
  const thread = Frame.thread;
  if (thread === null || thread.cloneTime == 0) return false;
  return Value.unsigned(EventAt.time(Frame.event) - thread.cloneTime);
}

export function procPidTs(): bool {
  const thread = Frame.thread;
  return thread !== null && thread.cloneTime != 0 && Value.unsigned(thread.cloneTime);
}

export function procIsExeWritable(): bool {
  return exeFlag(EXE_WRITABLE);
}

export function procIsExeUpperLayer(): bool {
  return exeFlag(EXE_UPPER_LAYER);
}

export function procIsExeLowerLayer(): bool {
  return exeFlag(EXE_LOWER_LAYER);
}

export function procIsExeFromMemfd(): bool {
  return exeFlag(EXE_FROM_MEMFD);
}

function exeFlag(flag: u32): bool {
  const thread = Frame.thread;
  return thread !== null && Value.truth((thread.exeFlags & flag) != 0);
}

export function procExeIno(): bool {
  const thread = Frame.thread;
  return thread !== null && thread.exeInode != 0 && Value.unsigned(thread.exeInode);
}

export function procExeInoCtime(): bool {
  const thread = Frame.thread;
  return thread !== null && thread.exeInodeCtime != 0 && Value.unsigned(thread.exeInodeCtime);
}

export function procExeInoMtime(): bool {
  const thread = Frame.thread;
  return thread !== null && thread.exeInodeMtime != 0 && Value.unsigned(thread.exeInodeMtime);
}

/** From the change of the file to the start of the process. */
export function procExeInoCtimeDurationProcStart(): bool {
  const thread = Frame.thread;
  return thread !== null && thread.ctimeToClone != 0 && Value.unsigned(thread.ctimeToClone);
}

/** From the start of the pid namespace to the change of the file. */
export function procExeInoCtimeDurationPidnsStart(): bool {
  const thread = Frame.thread;
  return thread !== null && thread.pidnsToCtime != 0 && Value.unsigned(thread.pidnsToCtime);
}

export function procPidnsInitStartTs(): bool {
  const thread = Frame.thread;
  return thread !== null && thread.pidnsStart != 0 && Value.unsigned(thread.pidnsStart);
}

// Descriptors are counted at the leader: there are none as long as that one is not known.

export function procFdopencount(): bool {
  if (Frame.thread === null) return false;
  const leader = Frame.leader;
  return Value.unsigned(leader === null ? 0 : leader.descriptors);
}

export function procFdlimit(): bool {
  if (Frame.thread === null) return false;
  const leader = Frame.leader;
  return Value.integer(leader === null ? 0 : leader.fdLimit);
}

/** Percent of the limit; a limit that was lowered below what is open counts as reached. */
export function procFdusage(): bool {
  if (Frame.thread === null) return false;
  const leader = Frame.leader;
  if (leader === null || leader.fdLimit <= 0) return Value.double(0);
  const percent = (<f64>leader.descriptors * 100) / <f64>leader.fdLimit;
  return Value.double(percent < 100 ? percent : 100);
}

export function procVmsize(): bool {
  const thread = Frame.thread;
  return thread !== null && Value.unsigned(thread.vmSize);
}

export function procVmrss(): bool {
  const thread = Frame.thread;
  return thread !== null && Value.unsigned(thread.vmRss);
}

export function procVmswap(): bool {
  const thread = Frame.thread;
  return thread !== null && Value.unsigned(thread.vmSwap);
}

/** Threads of the group that are alive. */
export function procNthreads(): bool {
  const leader = process();
  return leader !== null && Value.unsigned(leader.groupAlive);
}

/** Threads of the group that are alive, the leader left out. */
export function procNchilds(): bool {
  const leader = process();
  if (leader === null) return false;
  const alive = leader.groupAlive;
  // A dead leader, kept while its threads live, is not among them.
  const counted = alive != 0 && (leader.flags & THREAD_CLOSED) == 0;
  return Value.unsigned(counted ? alive - 1 : alive);
}
