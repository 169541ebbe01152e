/**
 * Ends of IP sockets. The client is the source of a connection, the server its destination; a
 * listening socket has a server only. Which end is local is told by this host's addresses.
 */
import { Descriptor, FD_CONNECTED, FdType } from "../state/descriptor";
import { Frame } from "../state/frame";
import { FAMILY_INET, FAMILY_INET6 } from "../state/interface";
import { isLocalAddress } from "../state/lookup";
import { hasRole, isListening, isSocketOfIp, isWide } from "./fd-kind";
import { constant, Scratch } from "./scratch";
import { Value } from "./value";

const CLIENT: u32 = 0;
const SERVER: u32 = 1;

export function fdCip(): bool {
  const descriptor = connection();
  return descriptor !== null && addressOf(descriptor, CLIENT);
}

export function fdSip(): bool {
  const descriptor = serving();
  return descriptor !== null && addressOf(descriptor, SERVER);
}

export function fdLip(): bool {
  const descriptor = connection();
  return descriptor !== null && addressOf(descriptor, localEnd(descriptor));
}

export function fdRip(): bool {
  const descriptor = connection();
  return descriptor !== null && addressOf(descriptor, 1 - localEnd(descriptor));
}

export function fdCport(): bool {
  const descriptor = connection();
  return descriptor !== null && portOf(descriptor, CLIENT);
}

export function fdSport(): bool {
  const descriptor = serving();
  return descriptor !== null && portOf(descriptor, SERVER);
}

export function fdLport(): bool {
  const descriptor = connection();
  return descriptor !== null && portOf(descriptor, localEnd(descriptor));
}

export function fdRport(): bool {
  const descriptor = connection();
  return descriptor !== null && portOf(descriptor, 1 - localEnd(descriptor));
}

/** Address of one end: 0 the client, 1 the server. */
export function fdIp(end: u32): bool {
  const descriptor = either(end);
  return descriptor !== null && addressOf(descriptor, end);
}

export function fdPort(end: u32): bool {
  const descriptor = either(end);
  return descriptor !== null && portOf(descriptor, end);
}

/** Conditions compare it with the port of a service. */
export function fdProto(end: u32): bool {
  return fdPort(end);
}

/** The address to test against networks. */
export function fdNet(end: u32): bool {
  return fdIp(end);
}

export function fdCnet(): bool {
  return fdCip();
}

export function fdSnet(): bool {
  return fdSip();
}

export function fdLnet(): bool {
  return fdLip();
}

export function fdRnet(): bool {
  return fdRip();
}

// Services are not looked up: their names differ from host to host. The port stands for them, and
// an empty text for the end that a socket does not have.

/** Every socket with a role has it, one of unix too. */
export function fdCproto(): bool {
  const descriptor = Frame.descriptor;
  if (descriptor === null || !hasRole(descriptor)) return false;
  return fdCport() ? service() : Value.text(0, 0);
}

export function fdSproto(): bool {
  if (!fdSport()) return false;
  return connection() === null ? Value.text(0, 0) : service();
}

export function fdLproto(): bool {
  return fdLport() && service();
}

export function fdRproto(): bool {
  return fdRport() && service();
}

/** The port in `Value` as text. */
function service(): bool {
  const mark = Scratch.begin();
  Scratch.unsigned(Value.number);
  return Scratch.end(mark);
}

export function fdSockfamily(): bool {
  const descriptor = Frame.descriptor;
  if (descriptor === null) return false;
  if (isSocketOfIp(descriptor)) return constant("ip");
  return descriptor.type == FdType.Unix && constant("unix");
}

/** Whether the server's end is on this host; false for what is no socket. */
export function fdIsServer(): bool {
  const descriptor = Frame.descriptor;
  if (descriptor === null) return false;
  if (isListening(descriptor)) return Value.truth(true);
  return Value.truth(isSocketOfIp(descriptor) && isLocal(descriptor, SERVER));
}

export function fdConnected(): bool {
  const descriptor = Frame.descriptor;
  return descriptor !== null && Value.truth((descriptor.flags & FD_CONNECTED) != 0);
}

/** A socket with two named ends, or null. */
function connection(): Descriptor | null {
  const descriptor = Frame.descriptor;
  if (descriptor === null || !isSocketOfIp(descriptor)) return null;
  if (isListening(descriptor) || !hasRole(descriptor)) return null;
  return descriptor;
}

/** A socket with a server's end, or null. */
function serving(): Descriptor | null {
  const descriptor = Frame.descriptor;
  if (descriptor !== null && isListening(descriptor)) return descriptor;
  return connection();
}

/** A socket that has the end, whether or not roles are known. */
function either(end: u32): Descriptor | null {
  const descriptor = Frame.descriptor;
  if (descriptor === null || !isSocketOfIp(descriptor)) return null;
  return end == CLIENT && isListening(descriptor) ? null : descriptor;
}

/** The client's end when its address is one of the thread's host; else the server's. */
function localEnd(descriptor: Descriptor): u32 {
  return isLocal(descriptor, CLIENT) ? CLIENT : SERVER;
}

/**
 * Whether the end's address belongs to the host that the thread sees. A container has addresses of
 * its own, which nobody tells, so there no address counts; neither does Falco count any.
 */
function isLocal(descriptor: Descriptor, end: u32): bool {
  const address = end == CLIENT ? descriptor.sourceAddress : descriptor.destinationAddress;
  if (Frame.container !== null) return false;
  return isLocalAddress(isWide(descriptor) ? FAMILY_INET6 : FAMILY_INET, address);
}

function addressOf(descriptor: Descriptor, end: u32): bool {
  const address = end == CLIENT ? descriptor.sourceAddress : descriptor.destinationAddress;
  return Value.text(address, isWide(descriptor) ? 16 : 4);
}

function portOf(descriptor: Descriptor, end: u32): bool {
  return Value.unsigned(end == CLIENT ? descriptor.sourcePort : descriptor.destinationPort);
}
