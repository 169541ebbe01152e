/** socket, socketpair, bind, connect, accept. */
import { Params } from "../../record/event";
import { EventType } from "../../schema/generated/events";
import { Clock } from "../../state/clock";
import { Count, Counter } from "../../state/counters";
import {
  Descriptor,
  FD_CLOEXEC,
  FD_CONNECTED,
  FD_ROLE_CLIENT,
  FD_ROLE_SERVER,
  FdType,
  L4,
} from "../../state/descriptor";
import { FAMILY_INET6, FAMILY_UNIX } from "../../state/interface";
import { writeEnd } from "../address-text";
import { Current } from "../current";
import { Enter } from "../enter";
import { setName, setSocketName, setTupleName } from "../names";
import {
  followFamily,
  markConnected,
  nameUnix,
  protocolOf,
  ROLES,
  setFlags,
  setUnixTuple,
  socketType,
  textLength,
} from "../sockets";
import { Tuple } from "../tuple";
import { Writer } from "../writer";
import { setOpenFlags } from "./descriptor";
import { O_CLOEXEC } from "./file";

const EINPROGRESS: i64 = -115;
/** Of the socket's type argument. */
const SOCK_CLOEXEC: u32 = 0x8_0000;

/** fd, domain, type, proto, [flags] */
export function onSocket(): void {
  if (Current.thread == 0 || !Current.succeeded) return;
  const descriptor = openSocket(Params.i64(0), Params.u32(1), Params.u32(2), Params.u32(3));
  if (descriptor !== null) setOpenFlags(descriptor, Params.u32(4));
}

/** The socket, which becomes the event's own descriptor; null when there is no room. */
export function openSocket(fd: i64, family: u32, type: u32, protocol: u32): Descriptor | null {
  const descriptor = Current.open(fd, socketType(family));
  if (descriptor === null) return null;
  descriptor.family = <u8>family;
  descriptor.l4 = <u8>protocolOf(family, type, protocol);
  descriptor.madeAs = descriptor.l4;
  if ((type & SOCK_CLOEXEC) != 0) descriptor.flags |= FD_CLOEXEC;
  return descriptor;
}

/** res, fd1, fd2, source, peer, domain, type, proto: the event's own is the first. */
export function onSocketpair(): void {
  if (Current.thread == 0 || !Current.succeeded) return;
  const first = Params.i64(1);
  const second = Params.i64(2);
  if (first == second) return;
  const type = Params.u32(6);
  const peer = openSocket(second, FAMILY_UNIX, type, 0);
  if (peer !== null) setEnds(peer);
  const descriptor = openSocket(first, FAMILY_UNIX, type, 0);
  if (descriptor !== null) setEnds(descriptor);
  Current.speakOf(second);
}

function setEnds(descriptor: Descriptor): void {
  descriptor.source = Params.u64(3);
  descriptor.peer = Params.u64(4);
}

/** res, addr, fd: a socket that gets a port is one that listens. */
export function onBind(): void {
  if (Current.descriptor == 0 || !Current.succeeded || !Params.has(1)) return;
  const descriptor = Current.descriptorEntry;
  const data = Params.address(1);
  const length = Params.length(1);
  if (Tuple.readAddress(data, length)) {
    if (Tuple.destinationPort != 0) {
      Tuple.assignTo(descriptor);
      if (descriptor.family == FAMILY_INET6) descriptor.l4 = descriptor.madeAs;
      descriptor.type = <u8>(Tuple.isWide ? FdType.Ipv6Server : FdType.Ipv4Server);
      descriptor.flags |= FD_ROLE_SERVER;
      Clock.descriptor(descriptor);
    }
    nameAddress(descriptor, data);
  } else if (load<u8>(data) == FAMILY_UNIX) {
    setName(descriptor, data + 1, textLength(data + 1, length - 1));
  }
}

/** As the address is written, a mapped one in its long form. */
function nameAddress(descriptor: Descriptor, data: usize): void {
  const wide = load<u8>(data) == FAMILY_INET6;
  Writer.start();
  writeEnd(wide, data + 1, Tuple.destinationPort);
  setName(descriptor, Writer.address, Writer.length);
}

/**
 * res, tuple, fd, addr. The tuple is the kernel's; the enter event's address comes before `addr`.
 */
export function onConnect(): void {
  if (Current.thread == 0 || Current.descriptor == 0 || !Params.has(0)) return;
  const result = Params.i64(0);
  if (result < 0 && result != EINPROGRESS) return;
  const descriptor = Current.descriptorEntry;
  markConnected(descriptor);
  if (Params.has(1)) connectTuple(descriptor);
  else if (Enter.find(1) && Tuple.readAddress(Enter.address, Enter.length)) {
    Count.one(Counter.EntersUsed);
    followFamily(descriptor);
    Tuple.assignTo(descriptor);
    Clock.descriptor(descriptor);
  }
}

function connectTuple(descriptor: Descriptor): void {
  const data = Params.address(1);
  const length = Params.length(1);
  if (Tuple.read(data, length)) connectIp(descriptor, data);
  else if (load<u8>(data) == FAMILY_UNIX && descriptor.type == FdType.Unix && length >= 17) {
    connectUnix(descriptor, data, length);
  } else return;
  if ((descriptor.flags & ROLES) == 0) setFlags(descriptor, FD_ROLE_CLIENT);
}

function connectIp(descriptor: Descriptor, data: usize): void {
  if (keptAddressCounts(data)) takeKeptAddress();
  if (Tuple.isOf(descriptor) || Tuple.isReverseOf(descriptor)) return;
  followFamily(descriptor);
  // A UDP server that connects: the peer is its client.
  const serves = (descriptor.flags & FD_ROLE_SERVER) != 0 && descriptor.l4 == L4.Udp;
  if (serves) Tuple.swap();
  Tuple.assignTo(descriptor);
  Clock.descriptor(descriptor);
  setSocketName(descriptor);
}

/**
 * The tuple's destination may have been filled from user memory, when it equals `addr` of the exit:
 * then the address that the enter event saw is the one that the kernel used.
 */
function keptAddressCounts(tuple: usize): bool {
  if (!Params.has(3) || !Enter.find(1)) return false;
  const wide = load<u8>(tuple) == FAMILY_INET6;
  const bytes: u32 = wide ? 19 : 7;
  const address = Params.address(3);
  if (Params.length(3) < bytes || Enter.length < bytes) return false;
  const family = load<u8>(tuple);
  if (load<u8>(address) != family || load<u8>(Enter.address) != family) return false;
  const destination = tuple + (wide ? 19 : 7);
  return memory.compare(destination, address + 1, bytes - 1) == 0;
}

function takeKeptAddress(): void {
  Count.one(Counter.EntersUsed);
  const kept = Enter.address;
  const wide = load<u8>(kept) == FAMILY_INET6;
  if (wide && !Tuple.isWide) {
    store<u32>(Tuple.destination, load<u32>(kept, 13));
  } else {
    memory.copy(Tuple.destination, kept + 1, wide ? 16 : 4);
  }
  Tuple.destinationPort = load<u16>(kept + (wide ? 17 : 5));
}

function connectUnix(descriptor: Descriptor, data: usize, length: u32): void {
  let path = data + 17;
  let pathLength = textLength(path, length - 17);
  if (Params.has(3) && Enter.find(1) && load<u8>(Enter.address) == FAMILY_UNIX) {
    const given = Params.address(3) + 1;
    const givenLength = textLength(given, Params.length(3) - 1);
    const same = givenLength == pathLength && memory.compare(given, path, pathLength) == 0;
    if (same) {
      Count.one(Counter.EntersUsed);
      path = Enter.address + 1;
      pathLength = textLength(path, Enter.length - 1);
    }
  }
  nameUnix(descriptor, load<u64>(data, 1), load<u64>(data, 9), path, pathLength);
  Clock.descriptor(descriptor);
}

/** fd, tuple, queue (2–4), [flags] */
export function onAccept(): void {
  if (Current.thread == 0) return;
  Current.speakOf(Current.succeeded ? Params.i64(0) : -1);
  if (!Current.succeeded || !Params.has(1)) return;
  const fd = Params.i64(0);
  const data = Params.address(1);
  const length = Params.length(1);
  const family = load<u8>(data);
  const isIp = Tuple.read(data, length);
  if (!isIp && (family != FAMILY_UNIX || length < 17)) return;
  const descriptor = Current.open(fd, isIp ? Tuple.type : FdType.Unix);
  if (descriptor === null) return;
  descriptor.family = family;
  if (isIp) {
    descriptor.l4 = <u8>L4.Tcp;
    descriptor.madeAs = <u8>L4.Tcp;
    Tuple.assignTo(descriptor);
    setTupleName(descriptor);
  } else setUnixTuple(descriptor, data, length);
  descriptor.flags = FD_ROLE_SERVER | FD_CONNECTED;
  const flags = Current.type == EventType.SOCKET_ACCEPT4_6_X ? Params.u32(5) : 0;
  if ((flags & (O_CLOEXEC | SOCK_CLOEXEC)) != 0) descriptor.flags |= FD_CLOEXEC;
}
