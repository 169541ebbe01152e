/** Names of sockets, made of their addresses. */
import { ADDRESS_TEXT_BYTES_MAX, ipv4Text, ipv6Text } from "../record/address-text";
import { Descriptor, FdType } from "../state/descriptor";
import { Writer } from "./writer";

const COLON: u8 = 58;
const ADDRESS: usize = memory.data(64, 8);

/** Writes `source:port->destination:port`, or the server's address for a listening socket. */
export function writeTuple(descriptor: Descriptor): void {
  const type = descriptor.type;
  const wide = type == FdType.Ipv6 || type == FdType.Ipv6Server;
  if (type == FdType.Ipv4 || type == FdType.Ipv6) {
    writeEnd(wide, descriptor.sourceAddress, descriptor.sourcePort);
    writeArrow();
  }
  writeEnd(wide, descriptor.destinationAddress, descriptor.destinationPort);
}

/** The same without ports, which raw sockets and pings have none of. */
export function writeAddresses(descriptor: Descriptor): void {
  writeAddress(false, descriptor.sourceAddress);
  writeArrow();
  writeAddress(false, descriptor.destinationAddress);
}

export function writeArrow(): void {
  Writer.byte(45);
  Writer.byte(62);
}

export function writeEnd(wide: bool, address: usize, port: u16): void {
  writeAddress(wide, address);
  Writer.byte(COLON);
  Writer.decimal(port);
}

function writeAddress(wide: bool, address: usize): void {
  const end = wide ? ipv6Text(ADDRESS, address) : ipv4Text(ADDRESS, address);
  Writer.bytes(ADDRESS, min<u32>(<u32>(end - ADDRESS), ADDRESS_TEXT_BYTES_MAX));
}
