/** A local network address; an IPv4 one is the first four bytes, in network byte order. */
@unmanaged
export class Interface {
  /** Linux address family: 2 or 10. */
  family: u32;
  reserved: u32;
  address0: u64;
  address1: u64;
  mask0: u64;
  mask1: u64;
}

export const FAMILY_UNIX: u32 = 1;
export const FAMILY_INET: u32 = 2;
export const FAMILY_INET6: u32 = 10;
export const FAMILY_NETLINK: u32 = 16;
export const FAMILY_PACKET: u32 = 17;
