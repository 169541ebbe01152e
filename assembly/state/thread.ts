/**
 * One entry of the thread table. Text lives in the string heap (see text.ts): a member of type
 * `Text` is the address of a counted block, 0 when the value is unknown.
 */
import { Text } from "./text";

/** Bytes of the kernel's comm, with its final NUL. */
export const COMM_BYTES: u32 = 16;

@unmanaged
export class Thread {
  tid: i64;
  /** Thread group id. −1 in a placeholder entry. */
  pid: i64;
  /** Parent's pid as the kernel last told it; −1 unknown, 0 none. */
  ptid: i64;
  vtid: i64;
  vpid: i64;
  /** Session, process group (host namespace) and process group (own namespace); −1 unknown. */
  sid: i64;
  pgid: i64;
  vpgid: i64;
  /** ns since the epoch. */
  cloneTime: u64;
  execTime: u64;
  exitTime: u64;
  pidnsStart: u64;
  lastEventTime: u64;
  exeInode: u64;
  exeInodeCtime: u64;
  exeInodeMtime: u64;
  /** ns, worked out at exec: from the file's ctime to the thread's start; children inherit it. */
  ctimeToClone: u64;
  /** ns, worked out at exec: from the start of the pid namespace to the file's ctime. */
  pidnsToCtime: u64;
  capInheritable: u64;
  capPermitted: u64;
  capEffective: u64;
  fdLimit: i64;
  majorFaults: u64;
  minorFaults: u64;
  /**
   * Change clock: last change of anything that a field of this entry shows, but for what moves with
   * nearly every event: `vm*`, faults, `lastEventTime`, `descriptors`, `groupAlive` and `children`.
   * Fields over those hold for one event only.
   */
  changedAt: u64;

  /** Kilobytes. */
  vmSize: u32;
  vmRss: u32;
  vmSwap: u32;
  uid: u32;
  gid: u32;
  /** 0xffffffff when unset. */
  loginuid: u32;
  tty: u32;
  /** PPM clone flags kept as state (CLOSED, IS_MAIN_THREAD, INVERTED …), see falco's §5.3 table. */
  flags: u32;
  /** Exec flags: WRITABLE 1, UPPER_LAYER 2, FROM_MEMFD 4, LOWER_LAYER 8. */
  exeFlags: u32;
  reaperTid: i32;
  /** The host has just said that the thread is alive (see engine/purge.ts); 0 otherwise. */
  alive: u32;

  /** Index of this entry in the table; stable for its life. */
  slot: u32;
  /** Next entry in the same hash bucket, an address, 0 at the end. */
  hashNext: u32;
  /** Address of the group leader's entry; 0 when it is not in the table. */
  leader: u32;
  /** Leader only: threads alive in the group, itself included. */
  groupAlive: u32;
  /** Entries whose ptid names this one's pid, as far as known. */
  children: u32;
  /** Leader only: first descriptor of the process, an address, 0 for none. */
  firstDescriptor: u32;
  descriptors: u32;
  /** Address of the Container entry, 0 for the host. */
  container: u32;

  /** argv[0]. */
  exe: Text;
  exePath: Text;
  /** NUL-separated arguments after argv[0], as the kernel gave them. */
  args: Text;
  /** comm, a blank, arguments joined by blanks: `proc.cmdline`; `proc.args` is its tail. */
  cmdline: Text;
  /** NUL-separated. */
  env: Text;
  /** Absolute, with a final slash. */
  cwd: Text;
  /** NUL-separated `subsystem=path`. */
  cgroups: Text;
  root: Text;

  /** Record of the enter event that waits for its exit, else 0. */
  enter: Text;

  /** Leader only: `children` of all threads of the group. */
  groupChildren: u32;
  /** Threads of the group in a ring, the leader included; the entry itself when it is alone. */
  groupNext: u32;
  groupPrevious: u32;
  /** Neighbours in the list of those with the same hash of `ptid`; addresses, 0 at the ends. */
  siblingNext: u32;
  siblingPrevious: u32;

  commLength: u32;
  /** Bytes of comm, not terminated; read with `comm`. */
  comm0: u64;
  comm1: u64;

  @inline get comm(): usize {
    return changetype<usize>(this) + offsetof<Thread>("comm0");
  }
}

/** State bits in `Thread.flags`: the numbers of scap's PPM_CL table. */
export const THREAD_INVERTED: u32 = 1 << 16;
export const THREAD_CLOSED: u32 = 1 << 18;
export const THREAD_CHILD_IN_PIDNS: u32 = 1 << 29;
export const THREAD_IS_MAIN: u32 = 1 << 30;
/** Ours: made because an event named an unknown thread; names are `<NA>`. */
export const THREAD_PLACEHOLDER: u32 = 1 << 31;
/** Ours: prctl(PR_SET_CHILD_SUBREAPER) is on (the bit is CLONE_IO there, which is not state). */
export const THREAD_SUBREAPER: u32 = 1 << 2;

export const EXE_WRITABLE: u32 = 1;
export const EXE_UPPER_LAYER: u32 = 2;
export const EXE_FROM_MEMFD: u32 = 4;
export const EXE_LOWER_LAYER: u32 = 8;
