/** What a socket's entry says: protocol, role, unix ends, and the names made of them. */
import { Clock } from "../state/clock";
import {
  Descriptor,
  FD_CONNECTED,
  FD_ROLE_CLIENT,
  FD_ROLE_SERVER,
  FdType,
  L4,
} from "../state/descriptor";
import { FAMILY_INET, FAMILY_INET6, FAMILY_NETLINK, FAMILY_UNIX } from "../state/interface";
import { writeArrow, writeEnd } from "./address-text";
import { setName } from "./names";
import { Tuple } from "./tuple";
import { Writer } from "./writer";

const SOCK_STREAM: u32 = 1;
const SOCK_DGRAM: u32 = 2;
const SOCK_RAW: u32 = 3;
const IPPROTO_IP: u32 = 0;
const IPPROTO_ICMP: u32 = 1;
const IPPROTO_TCP: u32 = 6;
const IPPROTO_UDP: u32 = 17;
const IPPROTO_RAW: u32 = 255;

export const ROLES: u32 = FD_ROLE_CLIENT | FD_ROLE_SERVER;

export function socketType(family: u32): FdType {
  if (family == FAMILY_UNIX) return FdType.Unix;
  if (family == FAMILY_INET) return FdType.Ipv4;
  if (family == FAMILY_INET6) return FdType.Ipv6;
  if (family == FAMILY_NETLINK) return FdType.Netlink;
  return FdType.Unknown;
}

export function protocolOf(family: u32, type: u32, protocol: u32): L4 {
  if (family != FAMILY_INET && family != FAMILY_INET6) return L4.Unknown;
  const kind = type & 0xff;
  if (protocol == IPPROTO_IP) {
    if (kind == SOCK_STREAM) return L4.Tcp;
    return kind == SOCK_DGRAM ? L4.Udp : L4.Unknown;
  }
  // Falco looks at the type with its flags: with SOCK_CLOEXEC a socket is none of raw ones to it.
  if (protocol == IPPROTO_TCP) return type == SOCK_RAW ? L4.Raw : L4.Tcp;
  if (protocol == IPPROTO_UDP) return type == SOCK_RAW ? L4.Raw : L4.Udp;
  if (protocol == IPPROTO_ICMP) return type == SOCK_RAW ? L4.Raw : L4.Icmp;
  return protocol == IPPROTO_RAW ? L4.Raw : L4.Unknown;
}

/**
 * What becomes of an IPv6 socket's transport when the tuple is assigned to it. Falco keeps it
 * behind the addresses, which are shorter when both ends are mapped IPv4, and loses it then.
 */
export function followFamily(descriptor: Descriptor): void {
  if (descriptor.family != FAMILY_INET6) return;
  if (Tuple.isWide) descriptor.l4 = descriptor.madeAs;
  else if (descriptor.type != FdType.Ipv4) descriptor.l4 = <u8>L4.Unknown;
}

/**
 * News about an IPv6 socket that is bound. It stays a listening one with the sender as its server:
 * Falco writes the tuple over address, port and transport, so these two are bytes of the receiver's
 * address, and takes the name from the record.
 */
export function updateBound(descriptor: Descriptor): void {
  memory.copy(descriptor.destinationAddress, Tuple.source, 16);
  descriptor.destinationPort = load<u16>(Tuple.destination);
  descriptor.l4 = load<u8>(Tuple.destination, 2);
  Clock.descriptor(descriptor);
  Writer.start();
  writeEnd(true, Tuple.source, Tuple.sourcePort);
  writeArrow();
  writeEnd(true, Tuple.destination, Tuple.destinationPort);
  setName(descriptor, Writer.address, Writer.length);
}

export function isIp(type: u8): bool {
  return type == FdType.Ipv4 || type == FdType.Ipv6;
}

/** A TCP socket whose tuple does not change any more. Falco does not ask so of other kinds. */
export function isSettledTcp(descriptor: Descriptor): bool {
  return descriptor.type == FdType.Ipv4 && descriptor.l4 == L4.Tcp;
}

export function setFlags(descriptor: Descriptor, flags: u32): void {
  if ((descriptor.flags & flags) == flags) return;
  descriptor.flags |= flags;
  Clock.descriptor(descriptor);
}

export function markConnected(descriptor: Descriptor): void {
  setFlags(descriptor, FD_CONNECTED);
}

/**
 * Who of the two ends this process is, when neither connect nor accept told: a server is taken to
 * read first and a client to write first.
 */
export function guessRole(descriptor: Descriptor, incoming: bool): void {
  setFlags(descriptor, incoming ? FD_ROLE_SERVER : FD_ROLE_CLIENT);
}

/** Takes the ends of a unix tuple and the name `source->peer path`; false when it is too short. */
export function setUnixTuple(descriptor: Descriptor, data: usize, length: u32): bool {
  if (length < 17) return false;
  const source = load<u64>(data, 1);
  const peer = load<u64>(data, 9);
  nameUnix(descriptor, source, peer, data + 17, textLength(data + 17, length - 17));
  return true;
}

export function nameUnix(
  descriptor: Descriptor,
  source: u64,
  peer: u64,
  path: usize,
  length: u32,
): void {
  descriptor.type = <u8>FdType.Unix;
  descriptor.family = <u8>FAMILY_UNIX;
  descriptor.source = source;
  descriptor.peer = peer;
  Writer.start();
  Writer.hex(source);
  Writer.byte(45);
  Writer.byte(62);
  Writer.hex(peer);
  Writer.byte(32);
  Writer.bytes(path, length);
  setName(descriptor, Writer.address, Writer.length);
}

/** Bytes before the first NUL. */
export function textLength(text: usize, bytes: u32): u32 {
  let length: u32 = 0;
  while (length < bytes && load<u8>(text + length) != 0) length++;
  return length;
}
