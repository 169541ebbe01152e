/**
 * execve and execveat that succeeded. Parameters: res, exe, args, tid, pid, ptid, cwd, fdlimit,
 * faults and memory (8–12), comm, cgroups, env, tty, vpgid, loginuid, flags, capabilities (20–22),
 * inode and its times (23–25), uid, trusted_exepath, pgid, gid, filename.
 */
import { Params } from "../../record/event";
import { Clock } from "../../state/clock";
import { Descriptor, FD_CLOEXEC } from "../../state/descriptor";
import { DescriptorTable } from "../../state/descriptor-table";
import { TextAt } from "../../state/text";
import {
  Thread,
  THREAD_CHILD_IN_PIDNS,
  THREAD_CLOSED,
  THREAD_INVERTED,
  THREAD_IS_MAIN,
  THREAD_SUBREAPER,
} from "../../state/thread";
import { setCgroups } from "../cgroups";
import { announceProcess, resolveContainer } from "../containers";
import { Current } from "../current";
import { heal, joinGroup } from "../groups";
import {
  isPlaceholder,
  setArgs,
  setCmdline,
  setCommParam,
  setExe,
  setMemory,
  TextSlot,
} from "../identity";
import { Path } from "../../record/path";
import { removeOthers } from "../removal";

const PIPE_FLAGS: u32 = (1 << 21) | (1 << 22);
const NAME_CHANGED: u32 = 1 << 17;
const ACTIVE: u32 = 1 << 19;

const PID: u32 = 4;
const PTID: u32 = 5;
const ENV: u32 = 15;
const TRUSTED_EXEPATH: u32 = 27;
const FILENAME: u32 = 30;

export function onExec(): void {
  if (!Current.succeeded || Current.thread == 0) return;
  const thread = Current.threadEntry;
  revive(thread);
  setExe(thread, 1);
  setCommParam(thread, 13);
  setArgs(thread, 2);
  setCmdline(thread);
  thread.execTime = Current.time;
  setIds(thread);
  thread.fdLimit = Params.i64(7);
  setMemory(thread, 8);
  const inherited = thread.cgroups;
  setCgroups(thread, 14);
  if (thread.cgroups != inherited) resolveContainer(thread);
  setEnvironment(thread);
  setExePath(thread);
  setCredentials(thread);
  setInode(thread);
  const kept = THREAD_INVERTED | THREAD_IS_MAIN | THREAD_SUBREAPER | PIPE_FLAGS;
  thread.flags = (thread.flags & kept) | ACTIVE | NAME_CHANGED;
  closeOnExec(Current.owner);
  if (thread.leader != 0) removeOthers(changetype<Thread>(<usize>thread.leader), thread);
  Clock.identity(thread);
  announceProcess(thread);
}

/**
 * A thread that calls exec after its leader died takes over the leader's id, and the entry that was
 * kept as dead.
 */
function revive(thread: Thread): void {
  if ((thread.flags & THREAD_CLOSED) == 0) return;
  thread.flags &= ~THREAD_CLOSED;
  if (thread.leader != 0) changetype<Thread>(<usize>thread.leader).groupAlive++;
}

function setIds(thread: Thread): void {
  const pid = Params.has(PID) ? Params.i64(PID) : thread.tid;
  if (isPlaceholder(thread)) {
    if ((thread.flags & THREAD_CHILD_IN_PIDNS) == 0) {
      thread.vtid = thread.tid;
      thread.vpid = pid;
    }
    heal(thread, pid, Params.i64(PTID));
    return;
  }
  if (thread.pid != pid) {
    thread.pid = pid;
    joinGroup(thread);
  }
}

function setEnvironment(thread: Thread): void {
  const slot = changetype<usize>(thread) + offsetof<Thread>("env");
  if (Params.has(ENV)) TextSlot.set(slot, Params.address(ENV), withoutPadding(ENV));
  if (Params.has(16)) thread.tty = Params.u32(16);
  if (Params.has(17)) thread.vpgid = Params.i64(17);
}

/** A short environment may come with a tail of NULs. */
function withoutPadding(param: u32): u32 {
  const address = Params.address(param);
  let length = Params.length(param);
  while (length > 1 && load<u16>(address + length - 2) == 0) length--;
  return length;
}

const DELETED: usize = memory.data<u8>([32, 40, 100, 101, 108, 101, 116, 101, 100, 41]);
const DELETED_BYTES: u32 = 10;

/** The kernel's word; only a record without it makes us put the path together. */
function setExePath(thread: Thread): void {
  const slot = changetype<usize>(thread) + offsetof<Thread>("exePath");
  if (Params.has(TRUSTED_EXEPATH)) {
    const address = Params.address(TRUSTED_EXEPATH);
    TextSlot.set(slot, address, withoutDeleted(address, Params.textLength(TRUSTED_EXEPATH)));
    return;
  }
  if (!Params.has(FILENAME)) return;
  const leader = changetype<Thread>(<usize>Current.owner);
  const cwd = leader.cwd;
  const base: usize = cwd == 0 ? 0 : TextAt.bytes(cwd);
  const name = Params.address(FILENAME);
  Path.join(base, cwd == 0 ? 0 : TextAt.length(cwd), name, Params.textLength(FILENAME));
  TextSlot.set(slot, Path.address, Path.length);
}

export function withoutDeleted(address: usize, length: u32): u32 {
  if (length < DELETED_BYTES) return length;
  const tail = address + length - DELETED_BYTES;
  return memory.compare(tail, DELETED, DELETED_BYTES) == 0 ? length - DELETED_BYTES : length;
}

function setCredentials(thread: Thread): void {
  if (Params.has(18)) thread.loginuid = Params.u32(18);
  if (Params.has(19)) thread.exeFlags = Params.u32(19) & 15;
  if (Params.has(22)) {
    thread.capInheritable = Params.u64(20);
    thread.capPermitted = Params.u64(21);
    thread.capEffective = Params.u64(22);
  }
  if (Params.has(26)) thread.uid = Params.u32(26);
  thread.pgid = Params.has(28) ? Params.i64(28) : -1;
  if (Params.has(29)) thread.gid = Params.u32(29);
}

function setInode(thread: Thread): void {
  if (!Params.has(25)) return;
  thread.exeInode = Params.u64(23);
  thread.exeInodeCtime = Params.u64(24);
  thread.exeInodeMtime = Params.u64(25);
  measureExeAge(thread);
}

/** How old the program's file is; what cannot be said keeps its value, as in Falco. */
export function measureExeAge(thread: Thread): void {
  const ctime = thread.exeInodeCtime;
  if (thread.cloneTime != 0) thread.ctimeToClone = thread.cloneTime - ctime;
  const start = thread.pidnsStart;
  if (start != 0 && ctime > start) thread.pidnsToCtime = ctime - start;
}

function closeOnExec(owner: u32): void {
  let at = changetype<Thread>(<usize>owner).firstDescriptor;
  while (at != 0) {
    const descriptor = changetype<Descriptor>(<usize>at);
    at = descriptor.nextOfOwner;
    if ((descriptor.flags & FD_CLOEXEC) != 0) DescriptorTable.remove(descriptor);
  }
}
