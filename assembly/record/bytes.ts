/**
 * Moves, compares and searches bytes with plain loads and stores: packs are compiled without the
 * bulk memory instructions, and in the engine a call of them costs more than the few bytes that
 * they usually move. Never touches a byte outside the lengths.
 */

/** Copies `length` bytes upward, so `to` may lie below an overlapping `from`. */
export function copyBytes(to: usize, from: usize, length: u32): void {
  let left = length;
  while (left >= 16) {
    v128.store(to, v128.load(from));
    to += 16;
    from += 16;
    left -= 16;
  }
  if ((left & 8) != 0) {
    store<u64>(to, load<u64>(from));
    to += 8;
    from += 8;
  }
  if ((left & 4) != 0) {
    store<u32>(to, load<u32>(from));
    to += 4;
    from += 4;
  }
  if ((left & 2) != 0) {
    store<u16>(to, load<u16>(from));
    to += 2;
    from += 2;
  }
  if ((left & 1) != 0) store<u8>(to, load<u8>(from));
}

/** `length` is a multiple of 8. */
export function clearBytes(at: usize, length: u32): void {
  const end = at + length;
  for (; at + 16 <= end; at += 16) v128.store(at, i64x2.splat(0));
  if (at < end) store<u64>(at, 0);
}

export function sameBytes(a: usize, b: usize, length: u32): bool {
  let left = length;
  while (left >= 8) {
    if (load<u64>(a) != load<u64>(b)) return false;
    a += 8;
    b += 8;
    left -= 8;
  }
  if ((left & 4) != 0) {
    if (load<u32>(a) != load<u32>(b)) return false;
    a += 4;
    b += 4;
  }
  if ((left & 2) != 0) {
    if (load<u16>(a) != load<u16>(b)) return false;
    a += 2;
    b += 2;
  }
  return (left & 1) == 0 || load<u8>(a) == load<u8>(b);
}

/** Offset of the first `byte`, or `length` when there is none. */
export function findByte(at: usize, length: u32, byte: u8): u32 {
  let i: u32 = 0;
  const wanted = i8x16.splat(byte);
  for (; i + 16 <= length; i += 16) {
    const places: u32 = i8x16.bitmask(i8x16.eq(v128.load(at + i), wanted));
    if (places != 0) return i + <u32>ctz(places);
  }
  for (; i < length; i++) if (load<u8>(at + i) == byte) return i;
  return length;
}

/** Offset behind the last `byte`, or 0 when there is none. */
export function afterLast(at: usize, length: u32, byte: u8): u32 {
  let i = length;
  const wanted = i8x16.splat(byte);
  for (; i >= 16; i -= 16) {
    const places: u32 = i8x16.bitmask(i8x16.eq(v128.load(at + i - 16), wanted));
    if (places != 0) return i + 16 - (<u32>clz(places));
  }
  while (i != 0 && load<u8>(at + i - 1) != byte) i--;
  return i;
}
