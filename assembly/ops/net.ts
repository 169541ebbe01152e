/** Addresses are 4 or 16 bytes in network order; one family never equals the other. */
import { sameBytes } from "./bytes";
import { isText } from "./text";

const NETWORK_BYTES: usize = 24;

/** Whether the address is one of a list of constants (see text.ts). */
export function isAddressIn(at: usize, length: u32, list: usize): bool {
  const end = list + 4 + (<usize>load<u32>(list) << 2);
  for (let entry = list + 4; entry < end; entry += 4) {
    if (isText(at, length, load<u32>(entry))) return true;
  }
  return false;
}

/**
 * Whether the address is in one of the networks of a table:
 *
 *   0         8
 *   ├─ count ─┼─ networks: length u32, mask bits u32, bytes 16 …
 *     u32
 */
export function isInNetworks(at: usize, length: u32, table: usize): bool {
  const end = table + 8 + <usize>load<u32>(table) * NETWORK_BYTES;
  for (let network = table + 8; network < end; network += NETWORK_BYTES) {
    const isFamily = load<u32>(network) == length;
    if (isFamily && sharesPrefix(at, network + 8, load<u32>(network, 4))) return true;
  }
  return false;
}

function sharesPrefix(address: usize, network: usize, bits: u32): bool {
  const whole = bits >> 3;
  if (!sameBytes(address, network, whole)) return false;
  const rest = bits & 7;
  if (rest == 0) return true;
  const difference = <u32>load<u8>(address + whole) ^ <u32>load<u8>(network + whole);
  return difference >> (8 - rest) == 0;
}
