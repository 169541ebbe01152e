/** Calls that make, copy, steer or close descriptors without a path or a network address. */
import { Params } from "../../record/event";
import { EventType } from "../../schema/generated/events";
import { Clock } from "../../state/clock";
import { Descriptor, FD_CLOEXEC, FdType } from "../../state/descriptor";
import { DescriptorTable } from "../../state/descriptor-table";
import { Frame } from "../../state/frame";
import { findDescriptor, findThread, Owner } from "../../state/lookup";
import { Thread } from "../../state/thread";
import { Current } from "../current";
import { Deferred } from "../deferred";
import { setName } from "../names";
import { Writer } from "../writer";
import { O_CLOEXEC } from "./file";

const F_DUPFD: u32 = 1;
const F_SETFD: u32 = 3;
const F_DUPFD_CLOEXEC: u32 = 26;
const CLOSE_RANGE_CLOEXEC: u32 = 4;

/** Bits of the thread's flags: it is part of a shell pipe. */
const PIPE_SOURCE: u32 = 1 << 21;
const PIPE_TARGET: u32 = 1 << 22;

export function onClose(): void {
  if (Current.thread == 0 || Current.descriptor == 0 || !Current.succeeded) return;
  const fd = Frame.record.fd;
  Deferred.descriptor(Current.tid, fd);
}

/** res, first, last, flags: unlike close, gone at once. */
export function onCloseRange(): void {
  if (Current.thread == 0 || !Current.succeeded) return;
  const first = <i64>Params.u32(1);
  const last = <i64>Params.u32(2);
  const onlyMarks = (Params.u32(3) & CLOSE_RANGE_CLOEXEC) != 0;
  let at = changetype<Thread>(<usize>Current.owner).firstDescriptor;
  while (at != 0) {
    const descriptor = changetype<Descriptor>(<usize>at);
    at = descriptor.nextOfOwner;
    if (descriptor.fd < first || descriptor.fd > last) continue;
    if (onlyMarks) setCloseOnExec(descriptor, true);
    else DescriptorTable.remove(descriptor);
  }
}

/** res, oldfd, [newfd, [flags]]: the copy does not close on exec unless dup3 says so. */
export function onDup(): void {
  if (Current.thread == 0 || !Current.succeeded) return;
  const fd = Params.i64(0);
  if (fd == 0) Current.threadEntry.flags |= PIPE_TARGET;
  if (fd == 1) Current.threadEntry.flags |= PIPE_SOURCE;
  const isDup3 = Current.type == EventType.SYSCALL_DUP3_X;
  copyTo(fd, isDup3 && (Params.u32(3) & O_CLOEXEC) != 0);
}

function copyTo(fd: i64, closeOnExec: bool): void {
  if (Current.descriptor == 0) return;
  const original = Current.descriptorEntry;
  const copy = DescriptorTable.copy(original, Current.owner, fd);
  Current.show(fd, copy);
  if (copy !== null && copy !== original) setCloseOnExec(copy, closeOnExec);
}

function setCloseOnExec(descriptor: Descriptor, on: bool): void {
  const flags = on ? descriptor.flags | FD_CLOEXEC : descriptor.flags & ~FD_CLOEXEC;
  const openFlags = on ? descriptor.openFlags | O_CLOEXEC : descriptor.openFlags & ~O_CLOEXEC;
  if (flags == descriptor.flags && openFlags == descriptor.openFlags) return;
  descriptor.flags = flags;
  descriptor.openFlags = openFlags;
  Clock.descriptor(descriptor);
}

/** res, fd, cmd, arg */
export function onFcntl(): void {
  if (Current.thread == 0 || !Current.succeeded || !Params.has(2)) return;
  const command = Params.u8(2);
  if (command == F_DUPFD || command == F_DUPFD_CLOEXEC) {
    copyTo(Params.i64(0), command == F_DUPFD_CLOEXEC);
  } else if (command == F_SETFD && Current.descriptor != 0) {
    setCloseOnExec(Current.descriptorEntry, (Params.u64(3) & 1) != 0);
  }
}

/** res, fd1, fd2, ino, [flags] */
export function onPipe(): void {
  if (Current.thread == 0 || !Current.succeeded) return;
  const flags = Current.type == EventType.SYSCALL_PIPE2_X ? Params.u32(4) : 0;
  for (let end: u32 = 1; end <= 2; end++) {
    const descriptor = Current.open(Params.i64(end), FdType.Fifo);
    if (descriptor === null) continue;
    descriptor.ino = Params.u64(3);
    setOpenFlags(descriptor, flags);
  }
}

export function setOpenFlags(descriptor: Descriptor, flags: u32): void {
  descriptor.openFlags = flags;
  if ((flags & O_CLOEXEC) != 0) descriptor.flags |= FD_CLOEXEC;
}

/**
 * A descriptor of one kind, with its flags in parameter `flags`, or without when that is negative.
 */
function openPlain(type: FdType, flags: i32): void {
  if (Current.thread == 0 || !Current.succeeded) return;
  const descriptor = Current.open(Params.i64(0), type);
  if (descriptor !== null && flags >= 0) setOpenFlags(descriptor, Params.u16(flags));
}

export function onEventfd(): void {
  openPlain(FdType.Event, Current.type == EventType.SYSCALL_EVENTFD2_X ? 1 : -1);
}

export function onSignalfd(): void {
  openPlain(FdType.Signal, Current.type == EventType.SYSCALL_SIGNALFD4_X ? 1 : -1);
}

export function onInotifyInit(): void {
  openPlain(FdType.Inotify, Current.type == EventType.SYSCALL_INOTIFY_INIT1_X ? 1 : -1);
}

export function onTimerfd(): void {
  openPlain(FdType.Timer, -1);
}

export function onBpf(): void {
  openPlain(FdType.Bpf, -1);
}

export function onUserfaultfd(): void {
  openPlain(FdType.UserFault, 1);
}

export function onIoUringSetup(): void {
  openPlain(FdType.IoUring, -1);
}

const EPOLL_CLOEXEC: u32 = 1;

export function onEpollCreate(): void {
  openPlain(FdType.EventPoll, -1);
  if (Current.type != EventType.SYSCALL_EPOLL_CREATE1_X || Current.descriptor == 0) return;
  if ((Params.u32(1) & EPOLL_CLOEXEC) != 0) Current.descriptorEntry.flags |= FD_CLOEXEC;
}

/** fd, pid, flags: named after the process. */
export function onPidfdOpen(): void {
  if (Current.thread == 0 || !Current.succeeded) return;
  const descriptor = Current.open(Params.i64(0), FdType.Pidfd);
  if (descriptor === null) return;
  const pid = Params.i64(1);
  descriptor.peer = <u64>pid;
  setOpenFlags(descriptor, Params.u32(2));
  descriptor.flags |= FD_CLOEXEC;
  Writer.start();
  Writer.bytes(PROC, 6);
  Writer.decimal(<u64>pid);
  setName(descriptor, Writer.address, Writer.length);
}

const PROC: usize = memory.data<u8>([47, 112, 114, 111, 99, 47]);

/** fd, pid_fd, target_fd: a copy of another process's descriptor. */
export function onPidfdGetfd(): void {
  if (Current.thread == 0 || !Current.succeeded) return;
  const pidfd = findDescriptor(Current.owner, Params.i64(1));
  if (pidfd === null || pidfd.type != FdType.Pidfd) return;
  const other = findThread(<i64>pidfd.peer);
  if (other === null) return;
  const target = findDescriptor(Owner.of(other), Params.i64(2));
  if (target === null) return;
  const copy = DescriptorTable.copy(target, Current.owner, Params.i64(0));
  Current.show(Params.i64(0), copy);
  if (copy !== null) copy.flags |= FD_CLOEXEC;
}
