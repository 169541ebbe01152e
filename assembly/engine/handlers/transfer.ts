/**
 * Reads and writes. On datagram sockets, and where the call that made the socket was missed, the
 * record's tuple is news about the descriptor.
 */
import { Params } from "../../record/event";
import { EventType } from "../../schema/generated/events";
import { Clock } from "../../state/clock";
import {
  Descriptor,
  FD_ROLE_CLIENT,
  FD_ROLE_SERVER,
  FdType,
  L4,
} from "../../state/descriptor";
import { FAMILY_INET, FAMILY_INET6, FAMILY_UNIX } from "../../state/interface";
import { TextAt } from "../../state/text";
import { Current } from "../current";
import { completeTuple } from "../interfaces";
import { setSocketName } from "../names";
import {
  followFamily,
  guessRole,
  isIp,
  isSettledTcp,
  markConnected,
  ROLES,
  setUnixTuple,
  updateBound,
} from "../sockets";
import { Tuple } from "../tuple";
import { openSocket } from "./socket";

const SOCK_DGRAM: u32 = 2;
const IPPROTO_UDP: u32 = 17;

/** read, write and their kin, which carry no tuple. */
export function onPlainTransfer(): void {
  if (Current.descriptor == 0 || !Current.succeeded) return;
  const descriptor = Current.descriptorEntry;
  if (isIp(descriptor.type)) markConnected(descriptor);
}

/** send, sendto, sendmsg: res, data, fd, size, tuple. sendmmsg: res, fd, size, data, tuple. */
export function onSend(): void {
  if (Current.thread == 0 || !Current.succeeded) return;
  if (Current.descriptor == 0 && Current.type != EventType.SOCKET_SENDMMSG_X) openMissed();
  transfer(4, false);
}

export function onRecvfrom(): void {
  transfer(2, true);
}

export function onRecvmsg(): void {
  transfer(3, true);
}

/** recv and recvmmsg */
export function onRecv(): void {
  transfer(4, true);
}

/** The socket was made before we looked; a datagram one is the likely kind. */
function openMissed(): void {
  if (!Params.has(4) || !Params.has(2)) return;
  const family = <u32>load<u8>(Params.address(4));
  if (family != FAMILY_INET && family != FAMILY_INET6) return;
  openSocket(Params.i64(2), family, SOCK_DGRAM, IPPROTO_UDP);
}

function transfer(tuple: u32, incoming: bool): void {
  if (Current.descriptor == 0 || !Current.succeeded) return;
  const descriptor = Current.descriptorEntry;
  if (isIp(descriptor.type)) markConnected(descriptor);
  if (!Params.has(tuple)) return;
  const unnamed = descriptor.name == 0 || TextAt.length(descriptor.name) == 0;
  if (unnamed || !isSettledTcp(descriptor)) update(descriptor, tuple, incoming);
}

function update(descriptor: Descriptor, tuple: u32, incoming: bool): void {
  const data = Params.address(tuple);
  const length = Params.length(tuple);
  if (!Tuple.read(data, length)) {
    if (load<u8>(data) == FAMILY_UNIX) setUnixTuple(descriptor, data, length);
    return;
  }
  if (Tuple.isWide && descriptor.type == FdType.Ipv6Server) return updateBound(descriptor);
  completeTuple();
  if ((descriptor.flags & ROLES) == 0) {
    if (Tuple.isOf(descriptor) || Tuple.isReverseOf(descriptor)) return;
    guessRole(descriptor, incoming);
  }
  const backwards = incoming ? FD_ROLE_CLIENT : FD_ROLE_SERVER;
  if ((descriptor.flags & backwards) != 0) Tuple.swap();
  if (Tuple.isOf(descriptor)) return;
  followFamily(descriptor);
  Tuple.assignTo(descriptor);
  if (descriptor.l4 == L4.Unknown) descriptor.l4 = <u8>L4.Udp;
  Clock.descriptor(descriptor);
  setSocketName(descriptor);
}
