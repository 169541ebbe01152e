/** How the kinds of descriptor read. */
import {
  Descriptor,
  FD_ROLE_CLIENT,
  FD_ROLE_SERVER,
  FdType,
  L4,
} from "../state/descriptor";
import { constant, Scratch } from "./scratch";

/** `fd.type`. */
export function typeName(type: u32): string {
  switch (type) {
    case FdType.File:
    case FdType.FileV2:
      return "file";
    case FdType.Directory:
      return "directory";
    case FdType.Ipv4:
    case FdType.Ipv4Server:
      return "ipv4";
    case FdType.Ipv6:
    case FdType.Ipv6Server:
      return "ipv6";
    case FdType.Unix:
      return "unix";
    case FdType.Fifo:
      return "pipe";
    case FdType.Event:
      return "event";
    case FdType.Signal:
      return "signalfd";
    case FdType.EventPoll:
      return "eventpoll";
    case FdType.Inotify:
      return "inotify";
    case FdType.Timer:
      return "timerfd";
    case FdType.Netlink:
      return "netlink";
    case FdType.Bpf:
      return "bpf";
    case FdType.UserFault:
      return "userfaultfd";
    case FdType.IoUring:
      return "io_uring";
    case FdType.Memfd:
      return "memfd";
    case FdType.Pidfd:
      return "pidfd";
    default:
      return "<NA>";
  }
}

/** `fd.typechar`. */
export function typeChar(type: u32): u32 {
  switch (type) {
    case FdType.File:
    case FdType.FileV2:
      return 0x66; // f
    case FdType.Directory:
      return 0x64; // d
    case FdType.Ipv4:
    case FdType.Ipv4Server:
      return 0x34; // 4
    case FdType.Ipv6:
    case FdType.Ipv6Server:
      return 0x36; // 6
    case FdType.Unix:
    case FdType.UserFault:
      return 0x75; // u
    case FdType.Fifo:
      return 0x70; // p
    case FdType.Event:
      return 0x65; // e
    case FdType.Signal:
      return 0x73; // s
    case FdType.EventPoll:
      return 0x6c; // l
    case FdType.Inotify:
      return 0x69; // i
    case FdType.Timer:
      return 0x74; // t
    case FdType.Netlink:
      return 0x6e; // n
    case FdType.Bpf:
      return 0x62; // b
    case FdType.IoUring:
      return 0x72; // r
    case FdType.Memfd:
      return 0x6d; // m
    case FdType.Pidfd:
      return 0x50; // P
    case FdType.Unsupported:
      return 0x58; // X
    case FdType.Unknown:
      return 0x6f; // o
    default:
      return 0x3f; // ?
  }
}

/** The transport of an IP socket, which but for a raw one counts only once its role is known. */
export function protocolOf(descriptor: Descriptor): u32 {
  if (!isSocketOfIp(descriptor)) return L4.Na;
  const isKnown = descriptor.l4 == L4.Raw || isListening(descriptor) || hasRole(descriptor);
  return isKnown ? descriptor.l4 : L4.Na;
}

/** Whether it is known which end of the connection the process is. */
export function hasRole(descriptor: Descriptor): bool {
  return (descriptor.flags & (FD_ROLE_CLIENT | FD_ROLE_SERVER)) != 0;
}

/** `fd.l4proto`. */
export function protocolName(l4: u32): string {
  switch (l4) {
    case L4.Tcp:
      return "tcp";
    case L4.Udp:
      return "udp";
    case L4.Icmp:
      return "icmp";
    case L4.Raw:
      return "raw";
    default:
      return "<NA>";
  }
}

/** Appends the type's character and that of the protocol, as between the brackets of `<4t>`. */
export function appendTypeChars(descriptor: Descriptor): void {
  Scratch.byte(typeChar(descriptor.type));
  switch (protocolOf(descriptor)) {
    case L4.Tcp:
      return Scratch.byte(0x74);
    case L4.Udp:
      return Scratch.byte(0x75);
    case L4.Icmp:
      return Scratch.byte(0x69);
    case L4.Raw:
      return Scratch.byte(0x72);
  }
}

export function isSocketOfIp(descriptor: Descriptor): bool {
  const type = <i32>descriptor.type;
  return type >= FdType.Ipv4 && type <= FdType.Ipv6Server;
}

export function isWide(descriptor: Descriptor): bool {
  return descriptor.type == FdType.Ipv6 || descriptor.type == FdType.Ipv6Server;
}

export function isListening(descriptor: Descriptor): bool {
  return descriptor.type == FdType.Ipv4Server || descriptor.type == FdType.Ipv6Server;
}

export function isFile(descriptor: Descriptor): bool {
  return descriptor.type == FdType.File || descriptor.type == FdType.FileV2;
}

export function typeText(type: u32): bool {
  return constant(typeName(type));
}
