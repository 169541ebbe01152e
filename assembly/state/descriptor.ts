/**
 * One open file descriptor of one process. Sockets keep addresses in network byte order and ports
 * in host order; an IPv4 address is the first four bytes of its sixteen.
 */
import { Text } from "./text";

/** scap fd types (capture file numbers). */
export const enum FdType {
  Unknown = 0,
  File = 1,
  Directory = 2,
  Ipv4 = 3,
  Ipv6 = 4,
  Ipv4Server = 5,
  Ipv6Server = 6,
  Fifo = 7,
  Unix = 8,
  Event = 9,
  Unsupported = 10,
  Signal = 11,
  EventPoll = 12,
  Inotify = 13,
  Timer = 14,
  Netlink = 15,
  FileV2 = 16,
  Bpf = 17,
  UserFault = 18,
  IoUring = 19,
  Memfd = 20,
  Pidfd = 21,
  /** Of no kind at all: what a failed memfd_create leaves. */
  Uninitialized = 255,
}

export const enum L4 {
  Unknown = 0,
  Na = 1,
  Tcp = 2,
  Udp = 3,
  Icmp = 4,
  Raw = 5,
}

@unmanaged
export class Descriptor {
  changedAt: u64;
  ino: u64;
  /** Unix sockets: kernel addresses of both ends. */
  source: u64;
  peer: u64;
  fd: i64;
  /** Address of the leader's Thread entry. */
  owner: u32;
  hashNext: u32;
  nextOfOwner: u32;
  previousOfOwner: u32;
  /** `fd.name`: absolute path, or tuple text, or socket path. */
  name: Text;
  /** `fd.nameraw`: the path as it was given. */
  rawName: Text;
  /** Portable open flags (scap numbers). */
  openFlags: u32;
  dev: u32;
  mountId: u32;
  flags: u32;
  type: u8;
  l4: u8;
  /** Linux address family of a socket, else 0. */
  family: u8;
  /** Transport that an IPv6 socket was made with; `l4` is what Falco says of it now. */
  madeAs: u8;
  /** Client and server ports, as `fd.cport` and `fd.sport`: client is source. */
  sourcePort: u16;
  destinationPort: u16;
  source0: u64;
  source1: u64;
  destination0: u64;
  destination1: u64;

  @inline get sourceAddress(): usize {
    return changetype<usize>(this) + offsetof<Descriptor>("source0");
  }
  @inline get destinationAddress(): usize {
    return changetype<usize>(this) + offsetof<Descriptor>("destination0");
  }
}

/** Bits of `Descriptor.flags`. */
export const FD_ROLE_CLIENT: u32 = 1;
export const FD_ROLE_SERVER: u32 = 2;
export const FD_CONNECTED: u32 = 4;
export const FD_PENDING: u32 = 8;
export const FD_FAILED: u32 = 16;
export const FD_UPPER_LAYER: u32 = 32;
export const FD_LOWER_LAYER: u32 = 64;
export const FD_CLONED: u32 = 128;
export const FD_CLOEXEC: u32 = 256;
/** An IP socket that was listed, until all lists are read: its role is not settled yet. */
export const FD_LISTED: u32 = 512;
