/**
 * Questions about a text (`at`, `length`) with constants from the pack's data. A constant is
 *
 *   0          4
 *   ├─ length ─┼─ bytes …
 *     u32
 *
 * and a list of constants `u32 count` followed by that many `u32` addresses.
 */
import { compareBytes, containsBytes, containsFolded, hashBytes, sameBytes } from "./bytes";

export function isText(at: usize, length: u32, constant: usize): bool {
  return load<u32>(constant) == length && sameBytes(at, constant + 4, length);
}

/** Negative, zero or positive, by bytes. */
export function orderText(at: usize, length: u32, constant: usize): i32 {
  return compareBytes(at, length, constant + 4, load<u32>(constant));
}

export function startsWithText(at: usize, length: u32, constant: usize): bool {
  const size = load<u32>(constant);
  return size <= length && sameBytes(at, constant + 4, size);
}

export function endsWithText(at: usize, length: u32, constant: usize): bool {
  const size = load<u32>(constant);
  return size <= length && sameBytes(at + length - size, constant + 4, size);
}

export function containsText(at: usize, length: u32, constant: usize): bool {
  return containsBytes(at, length, constant + 4, load<u32>(constant));
}

/** The constant is in lower case. */
export function containsFoldedText(at: usize, length: u32, constant: usize): bool {
  return containsFolded(at, length, constant + 4, load<u32>(constant));
}

export function startsWithAny(at: usize, length: u32, list: usize): bool {
  const end = listEnd(list);
  for (let entry = list + 4; entry < end; entry += 4) {
    if (startsWithText(at, length, load<u32>(entry))) return true;
  }
  return false;
}

export function endsWithAny(at: usize, length: u32, list: usize): bool {
  const end = listEnd(list);
  for (let entry = list + 4; entry < end; entry += 4) {
    if (endsWithText(at, length, load<u32>(entry))) return true;
  }
  return false;
}

export function containsAny(at: usize, length: u32, list: usize): bool {
  const end = listEnd(list);
  for (let entry = list + 4; entry < end; entry += 4) {
    if (containsText(at, length, load<u32>(entry))) return true;
  }
  return false;
}

export function containsFoldedAny(at: usize, length: u32, list: usize): bool {
  const end = listEnd(list);
  for (let entry = list + 4; entry < end; entry += 4) {
    if (containsFoldedText(at, length, load<u32>(entry))) return true;
  }
  return false;
}

function listEnd(list: usize): usize {
  return list + 4 + (<usize>load<u32>(list) << 2);
}

/**
 * Membership in a set of constants: open addressing, at most half full.
 *
 *   0         8        12      16
 *   ├ lengths ┼─ mask ─┼ seed ─┼─ slots: hash u32, constant u32 (0: free) …
 *     u64       u32      u32
 *
 * Bit n of `lengths`: some member has n bytes; bit 63: 63 or more.
 */
export function isInSet(at: usize, length: u32, set: usize): bool {
  if (((load<u64>(set) >> <u64>min<u32>(length, 63)) & 1) == 0) return false;
  const mask = load<u32>(set, 8);
  const hash = hashBytes(at, length, load<u32>(set, 12));
  const slots = set + 16;
  let slot = hash & mask;
  for (let tries: u32 = 0; tries <= mask; tries++) {
    const entry = slots + (<usize>slot << 3);
    const constant = load<u32>(entry, 4);
    if (constant == 0) return false;
    if (load<u32>(entry) == hash && isText(at, length, constant)) return true;
    slot = (slot + 1) & mask;
  }
  return false;
}

/** A list value is texts with a NUL between each two; no bytes are no texts. All in the set? */
export function areAllInSet(at: usize, length: u32, set: usize): bool {
  if (length == 0) return true;
  const end = at + length;
  do {
    const size = sizeOfFirst(at, end);
    if (!isInSet(at, size, set)) return false;
    at += size + 1;
  } while (at <= end);
  return true;
}

/** At least one in the set? */
export function isAnyInSet(at: usize, length: u32, set: usize): bool {
  if (length == 0) return false;
  const end = at + length;
  do {
    const size = sizeOfFirst(at, end);
    if (isInSet(at, size, set)) return true;
    at += size + 1;
  } while (at <= end);
  return false;
}

/** Bytes before the first NUL. */
export function sizeOfFirst(at: usize, end: usize): u32 {
  let stop = at;
  while (stop < end && load<u8>(stop) != 0) stop++;
  return <u32>(stop - at);
}

/** How many texts a list value has. */
export function countTexts(at: usize, length: u32): u32 {
  if (length == 0) return 0;
  let count: u32 = 1;
  for (let i: u32 = 0; i < length; i++) if (load<u8>(at + i) == 0) count++;
  return count;
}
