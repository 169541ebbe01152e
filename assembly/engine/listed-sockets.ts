/**
 * IP sockets that were open before the first event. A list says which two ends a connection has,
 * not who of them was called. When all lists are read, an IPv4 connection whose own port some
 * listed socket listens on counts as that server's; its ends are turned round, for the client is
 * the source. Every other is a client's. An end that is all zero is completed from the host's
 * addresses, which older recordings list behind the descriptors. IPv6 connections have no role, as
 * with Falco.
 */
import { Clock } from "../state/clock";
import {
  Descriptor,
  FD_LISTED,
  FD_ROLE_CLIENT,
  FD_ROLE_SERVER,
  FdType,
} from "../state/descriptor";
import { HeaderAt } from "../state/header";
import { completeTuple } from "./interfaces";
import { setSocketName } from "./names";
import { Tuple } from "./tuple";

/** One bit for each port. */
const PORTS_BYTES: usize = 8_192;
const PORTS: usize = memory.data(8_192, 8);

/** Gives every connection of the lists its role; called once, before the first event. */
export function settleListedSockets(): void {
  memory.fill(PORTS, 0, PORTS_BYTES);
  forEachListed(notePort);
  forEachListed(settle);
}

function forEachListed(visit: (descriptor: Descriptor) => void): void {
  const header = HeaderAt.header;
  for (let i: u32 = 0; i < header.descriptorFresh; i++) {
    const at = <usize>(header.descriptorBase + i * offsetof<Descriptor>());
    const descriptor = changetype<Descriptor>(at);
    if (descriptor.owner != 0 && (descriptor.flags & FD_LISTED) != 0) visit(descriptor);
  }
}

function notePort(descriptor: Descriptor): void {
  if (descriptor.type != FdType.Ipv4Server && descriptor.type != FdType.Ipv6Server) return;
  const port = <u32>descriptor.destinationPort;
  const at = PORTS + <usize>(port >> 3);
  store<u8>(at, <u8>(<u32>load<u8>(at) | (1 << (port & 7))));
}

function isServed(port: u32): bool {
  return (<u32>load<u8>(PORTS + <usize>(port >> 3)) & (1 << (port & 7))) != 0;
}

function settle(descriptor: Descriptor): void {
  descriptor.flags &= ~FD_LISTED;
  if (descriptor.type != FdType.Ipv4) return;
  Tuple.takeFrom(descriptor);
  completeTuple();
  const serves = isServed(Tuple.sourcePort);
  if (serves) Tuple.swap();
  Tuple.assignTo(descriptor);
  descriptor.flags |= serves ? FD_ROLE_SERVER : FD_ROLE_CLIENT;
  Clock.descriptor(descriptor);
  setSocketName(descriptor);
}
