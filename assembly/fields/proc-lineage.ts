/**
 * Ancestors of the event's process, parent first. Only the thread table is asked, never the
 * system. A chain ends at an unknown parent, and after ANCESTORS_MAX steps, which also cuts loops.
 */
import { EventAt } from "../record/event";
import { Frame } from "../state/frame";
import { findThread } from "../state/lookup";
import { Thread } from "../state/thread";
import { procFdopencount } from "./proc";
import { Scratch } from "./scratch";
import {
  ANCESTORS_MAX,
  ancestor,
  appendValue,
  argumentsOf,
  cmdlineOf,
  commOf,
  parentOf,
  process,
} from "./thread-of";
import { Value } from "./value";
import { appendWords, trimValue, valueOf } from "./words";

/** `proc.aenv[NAME]` looks this far. */
const ENVIRONMENTS_MAX: u32 = 20;

const BLANK: u32 = 0x20;

export function procPname(): bool {
  return procAname(1);
}

export function procPexe(): bool {
  return procAexe(1);
}

export function procPexepath(): bool {
  return procAexepath(1);
}

export function procPcmdline(): bool {
  return procAcmdline(1);
}

export function procPpid(): bool {
  return procApidAt(1);
}

export function procPvpid(): bool {
  const parent = ancestor(1);
  return parent !== null && Value.integer(parent.vpid);
}

export function procPpidTs(): bool {
  const parent = parentThread();
  return parent !== null && Value.unsigned(parent.cloneTime);
}

/**
 * Age of the parent process. As in Falco, of a parent whose start is not known it shows how many
 * descriptors the process itself has open.
 */
export function procPpidDuration(): bool {
  const parent = ancestor(1);
  if (parent === null) return false;
  if (parent.cloneTime == 0) return procFdopencount();
  return Value.unsigned(EventAt.time(Frame.event) - parent.cloneTime);
}

/** The very thread that made the process; the kernel names that one as the parent. */
function parentThread(): Thread | null {
  const leader = Frame.leader;
  return leader === null || ancestor(1) === null ? null : findThread(leader.ptid);
}

export function procAname(level: u32): bool {
  const thread = ancestor(level);
  return thread !== null && commOf(thread);
}

export function procAexe(level: u32): bool {
  const thread = ancestor(level);
  return thread !== null && Value.block(thread.exe);
}

export function procAexepath(level: u32): bool {
  const thread = ancestor(level);
  return thread !== null && Value.block(thread.exePath);
}

export function procAcmdline(level: u32): bool {
  const thread = ancestor(level);
  return thread !== null && cmdlineOf(thread);
}

export function procApidAt(level: u32): bool {
  const thread = ancestor(level);
  return thread !== null && Value.integer(thread.pid);
}

export function procAargs(level: u32): bool {
  const thread = ancestor(level);
  return thread !== null && argumentsOf(thread);
}

export function procAenv(level: u32): bool {
  const thread = ancestor(level);
  if (thread === null) return false;
  const mark = Scratch.begin();
  appendWords(thread.env);
  return Scratch.end(mark);
}

/** The nearest ancestor that has the variable; empty when none has. */
export function procAenvOf(key: usize, length: u32): bool {
  if (Frame.thread === null) return false;
  let at = Frame.leader;
  for (let level: u32 = 0; level < ENVIRONMENTS_MAX && at !== null; level++) {
    at = parentOf(at);
    if (at === null) break;
    if (!valueOf(at.env, key, length)) continue;
    trimValue();
    return true;
  }
  return Value.text(0, 0);
}

/** What a joined text takes from each ancestor. */
const enum Part {
  Name,
  Exe,
  ExePath,
  CommandLine,
  Arguments,
}

export function procAnameJoined(): bool {
  return join(Part.Name);
}

export function procAexeJoined(): bool {
  return join(Part.Exe);
}

export function procAexepathJoined(): bool {
  return join(Part.ExePath);
}

export function procAcmdlineJoined(): bool {
  return join(Part.CommandLine);
}

export function procAargsJoined(): bool {
  return join(Part.Arguments);
}

/** Without an argument these two speak of the process itself. */
export function procApid(): bool {
  return procApidAt(0);
}

export function procAenvJoined(): bool {
  const leader = process();
  if (leader === null) return false;
  const mark = Scratch.begin();
  appendWords(leader.env);
  return Scratch.end(mark);
}

function join(part: Part): bool {
  let at = ancestor(1);
  if (at === null) return false;
  const mark = Scratch.begin();
  for (let level: u32 = 0; level < ANCESTORS_MAX && at !== null; level++) {
    find(at, part);
    if (Scratch.length(mark) != 0) Scratch.byte(BLANK);
    appendValue();
    at = parentOf(at);
  }
  return Scratch.end(mark);
}

function find(thread: Thread, part: Part): void {
  switch (part) {
    case Part.Name:
      commOf(thread);
      break;
    case Part.Exe:
      Value.block(thread.exe);
      break;
    case Part.ExePath:
      Value.block(thread.exePath);
      break;
    case Part.CommandLine:
      cmdlineOf(thread);
      break;
    default:
      argumentsOf(thread);
  }
}

/** The oldest process of the line whose comm ends in "sh"; the event's own counts. */
export function procLoginshellid(): bool {
  let found: i64 = -1;
  let at = Frame.leader;
  for (let level: u32 = 0; level <= ANCESTORS_MAX && at !== null; level++) {
    if (isShell(at)) found = at.pid;
    at = parentOf(at);
  }
  return found >= 0 && Value.integer(found);
}

function isShell(thread: Thread): bool {
  const length = thread.commLength;
  return length >= 2 && load<u16>(thread.comm + length - 2) == 0x6873;
}
