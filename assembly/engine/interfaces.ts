/** This host's addresses: an end of a tuple that the kernel left open is completed from them. */
import { Count, Counter } from "../state/counters";
import { FdType } from "../state/descriptor";
import { HeaderAt } from "../state/header";
import { FAMILY_INET, FAMILY_INET6, Interface } from "../state/interface";
import { interfaceAt } from "../state/lookup";
import { Tuple } from "./tuple";

const LOOPBACK4: u32 = 0x0100_007f;
const ADDRESS: usize = memory.data(16, 8);

/** `mask` is 0 when it is not known. */
export function addInterfaceEntry(family: u32, address: usize, mask: usize): void {
  const header = HeaderAt.header;
  if (header.interfaceCount >= header.interfaceCapacity) {
    Count.one(Counter.InterfacesFull);
    return;
  }
  const entry = interfaceAt(header.interfaceCount++);
  const wide = family == FAMILY_INET6;
  entry.family = family;
  entry.address0 = wide ? load<u64>(address) : load<u32>(address);
  entry.address1 = wide ? load<u64>(address, 8) : 0;
  entry.mask0 = mask == 0 ? ~0 : wide ? load<u64>(mask) : load<u32>(mask);
  entry.mask1 = mask == 0 ? ~0 : wide ? load<u64>(mask, 8) : 0;
}

/** Fills in an end of the tuple that is all zero, unless the two ends would then be one. */
export function completeTuple(): void {
  const noSource = isEmpty(Tuple.source);
  const noDestination = isEmpty(Tuple.destination);
  if (!noSource && !noDestination) return;
  const open = noSource ? Tuple.source : Tuple.destination;
  const other = noSource ? Tuple.destination : Tuple.source;
  infer(other);
  if (sameAddress(ADDRESS, other) && Tuple.sourcePort == Tuple.destinationPort) return;
  memory.copy(open, ADDRESS, 16);
}

/**
 * The local address that talks to `peer`: itself, one in its network, the first that is not
 * loopback.
 */
function infer(peer: usize): void {
  const family = Tuple.type == FdType.Ipv6 ? FAMILY_INET6 : FAMILY_INET;
  memory.fill(ADDRESS, 0, 16);
  for (let step = 0; step < 3; step++) {
    for (let i: u32 = 0; i < HeaderAt.header.interfaceCount; i++) {
      const entry = interfaceAt(i);
      if (entry.family != family || !fits(entry, peer, step)) continue;
      store<u64>(ADDRESS, entry.address0);
      store<u64>(ADDRESS, entry.address1, 8);
      return;
    }
  }
}

function fits(entry: Interface, peer: usize, step: i32): bool {
  const low = load<u64>(peer);
  const high = load<u64>(peer, 8);
  if (step == 0) return entry.address0 == low && entry.address1 == high;
  if (step == 2) return !isLoopback(entry);
  // Of an IPv6 address the first half names the network.
  if (entry.family == FAMILY_INET6) return entry.address0 == low;
  return (entry.address0 & entry.mask0) == (low & entry.mask0);
}

function isLoopback(entry: Interface): bool {
  if (entry.family == FAMILY_INET) return <u32>entry.address0 == LOOPBACK4;
  return entry.address0 == 0 && entry.address1 == 0x0100_0000_0000_0000;
}

function isEmpty(address: usize): bool {
  return load<u64>(address) == 0 && load<u64>(address, 8) == 0;
}

function sameAddress(a: usize, b: usize): bool {
  return load<u64>(a) == load<u64>(b) && load<u64>(a, 8) == load<u64>(b, 8);
}
