/** ITER_TASK_FILE_*_E: a descriptor that was open before the first event. */
import { Params } from "../../record/event";
import { EventType } from "../../schema/generated/events";
import {
  Descriptor,
  FD_CLOEXEC,
  FD_CONNECTED,
  FD_LISTED,
  FD_LOWER_LAYER,
  FD_ROLE_CLIENT,
  FD_ROLE_SERVER,
  FD_UPPER_LAYER,
  FdType,
  L4,
} from "../../state/descriptor";
import { DescriptorTable } from "../../state/descriptor-table";
import { findThread, Owner } from "../../state/lookup";
import {
  FAMILY_INET,
  FAMILY_INET6,
  FAMILY_NETLINK,
  FAMILY_UNIX,
} from "../../state/interface";
import { Deferred } from "../deferred";
import { setName, setTupleName } from "../names";
import { protocolOf } from "../sockets";
import { isMapped } from "../tuple";
import { TaskId } from "./task";
import { O_CLOEXEC } from "./file";

const UPPER_LAYER: u32 = 1 << 15;
const LOWER_LAYER: u32 = 1 << 16;
const SOCK_STREAM: u32 = 1;

/** The entry for the event's descriptor number; null for an unknown process or a full table. */
function open(type: FdType, inode: u32): Descriptor | null {
  TaskId.read(Params.event);
  if (!Params.has(0)) return null;
  const thread = findThread(TaskId.pid == 0 ? TaskId.tid : TaskId.pid);
  if (thread === null) return null;
  const descriptor = DescriptorTable.open(Owner.of(thread), <i64>(<i32>Params.u32(0)));
  if (descriptor === null) return null;
  descriptor.type = <u8>type;
  descriptor.ino = Params.u64(inode);
  return descriptor;
}

function name(descriptor: Descriptor, param: u32): void {
  if (Params.has(param)) setName(descriptor, Params.address(param), Params.textLength(param));
}

/** fd, path, ino_num */
function openNamed(type: FdType): void {
  const descriptor = open(type, 2);
  if (descriptor !== null) name(descriptor, 1);
}

export function onPipeEntry(): void {
  openNamed(FdType.Fifo);
}

export function onMemfdEntry(): void {
  openNamed(FdType.Memfd);
}

export function onDirectoryEntry(): void {
  openNamed(FdType.Directory);
}

/** fd, path, flags, mnt_id, ino_num, [dev, type] */
export function onRegularEntry(): void {
  const type = Params.has(6) ? <FdType>Params.u8(6) : FdType.FileV2;
  const descriptor = open(type, 4);
  if (descriptor === null) return;
  const flags = Params.u32(2);
  descriptor.openFlags = flags;
  if ((flags & O_CLOEXEC) != 0) descriptor.flags |= FD_CLOEXEC;
  if ((flags & UPPER_LAYER) != 0) descriptor.flags |= FD_UPPER_LAYER;
  if ((flags & LOWER_LAYER) != 0) descriptor.flags |= FD_LOWER_LAYER;
  descriptor.mountId = Params.u32(3);
  descriptor.dev = Params.u32(5);
  name(descriptor, 1);
}

/** fd, fd_type, path, ino_num, [type] */
export function onAnonymousEntry(): void {
  const type = Params.has(4) ? <FdType>Params.u8(4) : kindOf(Params.u8(1));
  const descriptor = open(type, 3);
  if (descriptor !== null) name(descriptor, 2);
}

/** By the iterators' numbers for anonymous inodes. */
function kindOf(number: u32): FdType {
  if (number == 1) return FdType.Event;
  if (number == 2) return FdType.EventPoll;
  if (number == 3) return FdType.Inotify;
  if (number == 4) return FdType.Signal;
  if (number == 5) return FdType.Timer;
  if (number == 6) return FdType.IoUring;
  if (number == 7) return FdType.UserFault;
  if (number == 8) return FdType.Pidfd;
  if (number == 9) return FdType.Bpf;
  return FdType.Unknown;
}

/** fd, sk_type, sk_proto, ino_num */
export function onNetlinkEntry(): void {
  const descriptor = open(FdType.Netlink, 3);
  if (descriptor !== null) descriptor.family = <u8>FAMILY_NETLINK;
}

/** fd, sk_type, sk_proto, sk_pointer, sun_path, ino_num, [peer] */
export function onUnixEntry(): void {
  const descriptor = open(FdType.Unix, 5);
  if (descriptor === null) return;
  descriptor.family = <u8>FAMILY_UNIX;
  descriptor.source = Params.u64(3);
  descriptor.peer = Params.u64(6);
  name(descriptor, 4);
  const named = Params.textLength(4) != 0;
  descriptor.flags |= named ? FD_ROLE_SERVER : FD_ROLE_CLIENT;
}

/** fd, sk_type, sk_proto, local_ip, local_port, remote_ip, remote_port, ino_num, [type] */
export function onInetEntry(): void {
  const wide = Params.event != 0 && isWideEvent();
  const bytes: u32 = wide ? 16 : 4;
  const descriptor = open(wide ? FdType.Ipv6 : FdType.Ipv4, 7);
  if (descriptor === null) return;
  descriptor.family = <u8>(wide ? FAMILY_INET6 : FAMILY_INET);
  descriptor.l4 = <u8>protocolOf(FAMILY_INET, Params.u16(1), Params.u16(2));
  descriptor.madeAs = descriptor.l4;
  if (Params.length(3) < bytes || Params.length(5) < bytes) return;
  if (isListening()) serve(descriptor, wide);
  else connect(descriptor, wide);
  setTupleName(descriptor);
  descriptor.flags |= FD_LISTED;
  Deferred.listedSockets();
}

function isWideEvent(): bool {
  return load<u16>(Params.event, 20) == EventType.ITER_TASK_FILE_SOCKET_INET6_E;
}

function isListening(): bool {
  if (Params.has(8)) {
    const told = Params.u8(8);
    return told == FdType.Ipv4Server || told == FdType.Ipv6Server;
  }
  return Params.u16(1) == SOCK_STREAM && Params.u16(6) == 0;
}

/** Unlike a connection's, a mapped address stays an IPv6 one. */
function serve(descriptor: Descriptor, wide: bool): void {
  descriptor.type = <u8>(wide ? FdType.Ipv6Server : FdType.Ipv4Server);
  put(descriptor.destinationAddress, Params.address(3), wide, !wide);
  descriptor.destinationPort = <u16>Params.u16(4);
  descriptor.flags |= FD_ROLE_SERVER;
}

function connect(descriptor: Descriptor, wide: bool): void {
  const mapped = wide && isMapped(Params.address(3)) && isMapped(Params.address(5));
  if (mapped) descriptor.type = <u8>FdType.Ipv4;
  put(descriptor.sourceAddress, Params.address(3), wide, !wide || mapped);
  put(descriptor.destinationAddress, Params.address(5), wide, !wide || mapped);
  descriptor.sourcePort = <u16>Params.u16(4);
  descriptor.destinationPort = <u16>Params.u16(6);
  if (descriptor.l4 == L4.Tcp) descriptor.flags |= FD_CONNECTED;
}

/** A narrow address out of a wide one is its last four bytes. */
function put(to: usize, from: usize, wide: bool, narrow: bool): void {
  if (narrow) store<u32>(to, load<u32>(wide ? from + 12 : from));
  else memory.copy(to, from, 16);
}
