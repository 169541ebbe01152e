/**
 * Joins a path with the directory it is relative to, and tidies it: `.`, `..`, doubled and final
 * slashes go, by spelling alone; links are not followed.
 */

/** Falco's bound: a longer joined path is replaced by PATH_TOO_LONG. */
export const PATH_BYTES_MAX: u32 = 1024;

const TOO_LONG: usize = memory.data<u8>([
  0x2f, 0x44, 0x49, 0x52, 0x5f, 0x54, 0x4f, 0x4f, 0x5f, 0x4c, 0x4f, 0x4e, 0x47, 0x2f, 0x46, 0x49, 0x4c,
  0x45, 0x4e, 0x41, 0x4d, 0x45, 0x5f, 0x54, 0x4f, 0x4f, 0x5f, 0x4c, 0x4f, 0x4e, 0x47,
]); // "/DIR_TOO_LONG/FILENAME_TOO_LONG"
const TOO_LONG_BYTES: u32 = 31;

const SLASH: u8 = 0x2f;
const DOT: u8 = 0x2e;

/** Begins a path at `to`, which has room for PATH_BYTES_MAX bytes; returns its length. */
export function startPath(to: usize, from: usize, length: u32): u32 {
  if (length >= PATH_BYTES_MAX) return tooLong(to);
  if (length == 0 || load<u8>(from) != SLASH) return appendComponents(to, 0, from, length);
  store<u8>(to, SLASH);
  return appendComponents(to, 1, from, length);
}

/**
 * Goes on from the path of `length` bytes at `to` as a system call would: a relative path below it,
 * an absolute one in its place. Returns the new length.
 */
export function extendPath(to: usize, length: u32, from: usize, fromLength: u32): u32 {
  if (fromLength != 0 && load<u8>(from) == SLASH) return startPath(to, from, fromLength);
  if (fromLength >= PATH_BYTES_MAX || length + fromLength + 1 >= PATH_BYTES_MAX) return tooLong(to);
  return appendComponents(to, length, from, fromLength);
}

function tooLong(to: usize): u32 {
  for (let i: u32 = 0; i < TOO_LONG_BYTES; i++) store<u8>(to + i, load<u8>(TOO_LONG + i));
  return TOO_LONG_BYTES;
}

/** Goes through the components at `from`; returns the new length of the path at `to`. */
function appendComponents(to: usize, length: u32, from: usize, fromLength: u32): u32 {
  let i: u32 = 0;
  while (i < fromLength) {
    const start = i;
    while (i < fromLength && load<u8>(from + i) != SLASH) i++;
    length = appendComponent(to, length, from + start, i - start);
    i++;
  }
  return length;
}

function appendComponent(to: usize, length: u32, from: usize, size: u32): u32 {
  if (size == 0 || (size == 1 && load<u8>(from) == DOT)) return length;
  if (size == 2 && load<u8>(from) == DOT && load<u8>(from, 1) == DOT) return parentLength(to, length);
  if (length != 0 && load<u8>(to + length - 1) != SLASH) store<u8>(to + length++, SLASH);
  for (let i: u32 = 0; i < size; i++) store<u8>(to + length + i, load<u8>(from + i));
  return length + size;
}

/** Length without the last component; the root stays, and nothing lies above an empty path. */
function parentLength(to: usize, length: u32): u32 {
  const rooted = length != 0 && load<u8>(to) == SLASH;
  while (length != 0 && load<u8>(to + length - 1) != SLASH) length--;
  return length > 1 ? length - 1 : rooted ? 1 : 0;
}
