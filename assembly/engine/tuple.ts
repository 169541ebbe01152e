/**
 * Socket addresses and tuples as records carry them, brought into one form: addresses of 16 bytes
 * in network order (an IPv4 one in the first four), ports in host order. IPv4 mapped into IPv6 at
 * both ends is IPv4.
 *
 *   address   family u8, IPv4: 4, port u16 · IPv6: 16, port u16 · unix: path
 *   tuple     family u8, IPv4: 4, port, 4, port · IPv6: 16, port, 16, port · unix: u64, u64, path
 */
import { Descriptor, FdType } from "../state/descriptor";
import { FAMILY_INET, FAMILY_INET6 } from "../state/interface";

const SOURCE: usize = memory.data(16, 8);
const DESTINATION: usize = memory.data(16, 8);

export class Tuple {
  /** FdType.Ipv4 or Ipv6 after a read that succeeded. */
  static type: FdType = FdType.Unknown;
  static sourcePort: u16 = 0;
  static destinationPort: u16 = 0;

  @inline static get source(): usize {
    return SOURCE;
  }
  @inline static get destination(): usize {
    return DESTINATION;
  }
  @inline static get isWide(): bool {
    return Tuple.type == FdType.Ipv6;
  }

  /** Reads an IP tuple; false for other families and for one that is too short. */
  static read(data: usize, length: u32): bool {
    if (length == 0) return false;
    const family = load<u8>(data);
    if (family == FAMILY_INET && length >= 13) {
      set4(SOURCE, data + 1);
      set4(DESTINATION, data + 7);
      Tuple.sourcePort = load<u16>(data, 5);
      Tuple.destinationPort = load<u16>(data, 11);
      Tuple.type = FdType.Ipv4;
      return true;
    }
    if (family != FAMILY_INET6 || length < 37) return false;
    Tuple.sourcePort = load<u16>(data, 17);
    Tuple.destinationPort = load<u16>(data, 35);
    const mapped = isMapped(data + 1) && isMapped(data + 19);
    Tuple.type = mapped ? FdType.Ipv4 : FdType.Ipv6;
    if (mapped) set4(SOURCE, data + 13);
    else memory.copy(SOURCE, data + 1, 16);
    if (mapped) set4(DESTINATION, data + 31);
    else memory.copy(DESTINATION, data + 19, 16);
    return true;
  }

  /** Reads an IP address as the destination; the source is empty. */
  static readAddress(data: usize, length: u32): bool {
    if (length == 0) return false;
    const family = load<u8>(data);
    memory.fill(SOURCE, 0, 16);
    Tuple.sourcePort = 0;
    if (family == FAMILY_INET && length >= 7) {
      set4(DESTINATION, data + 1);
      Tuple.destinationPort = load<u16>(data, 5);
      Tuple.type = FdType.Ipv4;
      return true;
    }
    if (family != FAMILY_INET6 || length < 19) return false;
    Tuple.destinationPort = load<u16>(data, 17);
    const mapped = isMapped(data + 1);
    Tuple.type = mapped ? FdType.Ipv4 : FdType.Ipv6;
    if (mapped) set4(DESTINATION, data + 13);
    else memory.copy(DESTINATION, data + 1, 16);
    return true;
  }

  static swap(): void {
    const low = load<u64>(SOURCE);
    const high = load<u64>(SOURCE, 8);
    memory.copy(SOURCE, DESTINATION, 16);
    store<u64>(DESTINATION, low);
    store<u64>(DESTINATION, high, 8);
    const port = Tuple.sourcePort;
    Tuple.sourcePort = Tuple.destinationPort;
    Tuple.destinationPort = port;
  }

  /** Whether the descriptor has this tuple, as it is. */
  static isOf(descriptor: Descriptor): bool {
    return (
      descriptor.type == Tuple.type &&
      descriptor.sourcePort == Tuple.sourcePort &&
      descriptor.destinationPort == Tuple.destinationPort &&
      same(SOURCE, descriptor.sourceAddress) &&
      same(DESTINATION, descriptor.destinationAddress)
    );
  }

  /** Whether the descriptor has this tuple the other way round. */
  static isReverseOf(descriptor: Descriptor): bool {
    return (
      descriptor.type == Tuple.type &&
      descriptor.sourcePort == Tuple.destinationPort &&
      descriptor.destinationPort == Tuple.sourcePort &&
      same(DESTINATION, descriptor.sourceAddress) &&
      same(SOURCE, descriptor.destinationAddress)
    );
  }

  /** As the descriptor, which is of an IP socket, has it. */
  static takeFrom(descriptor: Descriptor): void {
    Tuple.type = <FdType>descriptor.type;
    memory.copy(SOURCE, descriptor.sourceAddress, 16);
    memory.copy(DESTINATION, descriptor.destinationAddress, 16);
    Tuple.sourcePort = descriptor.sourcePort;
    Tuple.destinationPort = descriptor.destinationPort;
  }

  static assignTo(descriptor: Descriptor): void {
    descriptor.type = <u8>Tuple.type;
    memory.copy(descriptor.sourceAddress, SOURCE, 16);
    memory.copy(descriptor.destinationAddress, DESTINATION, 16);
    descriptor.sourcePort = Tuple.sourcePort;
    descriptor.destinationPort = Tuple.destinationPort;
  }
}

function set4(to: usize, from: usize): void {
  store<u64>(to, load<u32>(from));
  store<u64>(to, 0, 8);
}

function same(a: usize, b: usize): bool {
  return load<u64>(a) == load<u64>(b) && load<u64>(a, 8) == load<u64>(b, 8);
}

/** `::ffff:a.b.c.d`; `::` counts too, it is what an unbound socket of either kind has. */
export function isMapped(address: usize): bool {
  if (load<u64>(address) != 0) return false;
  const high = load<u64>(address, 8);
  return high == 0 || (<u32>high) == 0xffff_0000;
}
