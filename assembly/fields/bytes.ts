/**
 * Moves and compares bytes with plain loads and stores: packs are compiled without the bulk memory
 * instructions. Eight bytes at a time, then one by one; never touches a byte outside the lengths.
 */

/** Copies `length` bytes upward, so `to` may lie below an overlapping `from`. */
export function copyBytes(to: usize, from: usize, length: u32): void {
  let left = length;
  while (left >= 8) {
    store<u64>(to, load<u64>(from));
    to += 8;
    from += 8;
    left -= 8;
  }
  while (left != 0) {
    store<u8>(to++, load<u8>(from++));
    left--;
  }
}

export function sameBytes(a: usize, b: usize, length: u32): bool {
  let left = length;
  while (left >= 8) {
    if (load<u64>(a) != load<u64>(b)) return false;
    a += 8;
    b += 8;
    left -= 8;
  }
  while (left != 0) {
    if (load<u8>(a++) != load<u8>(b++)) return false;
    left--;
  }
  return true;
}

/** Offset of the first `byte`, or `length` when there is none. */
export function findByte(at: usize, length: u32, byte: u8): u32 {
  for (let i: u32 = 0; i < length; i++) if (load<u8>(at + i) == byte) return i;
  return length;
}

/** Offset behind the last `byte`, or 0 when there is none. */
export function afterLast(at: usize, length: u32, byte: u8): u32 {
  let i = length;
  while (i != 0 && load<u8>(at + i - 1) != byte) i--;
  return i;
}
