/**
 * Leaders of the session and of the process groups. On the host an id names its leader. When that
 * is gone, and within a pid namespace, where the ids are foreign, the oldest ancestor in a row with
 * the same id counts.
 */
import { Frame } from "../state/frame";
import { findThread } from "../state/lookup";
import { Thread } from "../state/thread";
import { ANCESTORS_MAX, commOf, isInPidNamespace, parentOf } from "./thread-of";
import { Value } from "./value";

const enum Id {
  Session,
  Group,
  HostGroup,
}

export function procSname(): bool {
  return nameOf(Id.Session);
}

export function procSidExe(): bool {
  return exeOf(Id.Session);
}

export function procSidExepath(): bool {
  return exePathOf(Id.Session);
}

export function procVpgidName(): bool {
  return nameOf(Id.Group);
}

export function procVpgidExe(): bool {
  return exeOf(Id.Group);
}

export function procVpgidExepath(): bool {
  return exePathOf(Id.Group);
}

export function procPgidName(): bool {
  return nameOf(Id.HostGroup);
}

export function procPgidExe(): bool {
  return exeOf(Id.HostGroup);
}

export function procPgidExepath(): bool {
  return exePathOf(Id.HostGroup);
}

// A leader that is not found reads as empty, not as missing.

function nameOf(id: Id): bool {
  if (Frame.thread === null) return false;
  const leader = find(id);
  return leader === null ? Value.text(0, 0) : commOf(leader);
}

function exeOf(id: Id): bool {
  if (Frame.thread === null) return false;
  const leader = find(id);
  return leader === null ? Value.text(0, 0) : Value.block(leader.exe);
}

function exePathOf(id: Id): bool {
  if (Frame.thread === null) return false;
  const leader = find(id);
  return leader === null ? Value.text(0, 0) : Value.block(leader.exePath);
}

function find(id: Id): Thread | null {
  const thread = Frame.thread;
  if (thread === null) return null;
  const value = read(thread, id);
  if (value < 0) return null;
  if (id == Id.HostGroup || !isInPidNamespace(thread)) {
    const leader = findThread(value);
    if (leader !== null) return leader;
  }
  const own = Frame.leader;
  if (own === null) return null;
  let found: Thread | null = isInPidNamespace(thread) ? own : null;
  let at = parentOf(own);
  for (let level: u32 = 0; level <= ANCESTORS_MAX && at !== null; level++) {
    if (read(at, id) != value) break;
    found = at;
    at = parentOf(at);
  }
  return found;
}

function read(thread: Thread, id: Id): i64 {
  if (id == Id.Session) return thread.sid;
  return id == Id.Group ? thread.vpgid : thread.pgid;
}
