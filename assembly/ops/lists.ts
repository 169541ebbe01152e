/** Two list values, each texts with a NUL between each two (see text.ts). */
import { sameBytes } from "./bytes";
import { sizeOfFirst } from "./text";

/** Every text of the first is one of the second; so nothing at all is, too. */
export function areAllAmong(at: usize, length: u32, other: usize, otherLength: u32): bool {
  if (length == 0) return true;
  const end = at + length;
  do {
    const size = sizeOfFirst(at, end);
    if (!isAmong(at, size, other, otherLength)) return false;
    at += size + 1;
  } while (at <= end);
  return true;
}

export function isAnyAmong(at: usize, length: u32, other: usize, otherLength: u32): bool {
  if (length == 0) return false;
  const end = at + length;
  do {
    const size = sizeOfFirst(at, end);
    if (isAmong(at, size, other, otherLength)) return true;
    at += size + 1;
  } while (at <= end);
  return false;
}

function isAmong(text: usize, size: u32, at: usize, length: u32): bool {
  if (length == 0) return false;
  const end = at + length;
  do {
    const other = sizeOfFirst(at, end);
    if (other == size && sameBytes(text, at, size)) return true;
    at += other + 1;
  } while (at <= end);
  return false;
}
