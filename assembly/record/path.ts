/**
 * Joins a directory and a path and takes `.`, `..` and doubled slashes out of the path by its text
 * alone; links are not followed. The directory is taken as it is, but `..` may leave it. Where
 * there is nothing left to leave, `..` is dropped: a path without a directory that begins with it
 * loses it, and one that begins with `./` and a further slash becomes absolute, as with Falco.
 */

import { copyBytes } from "./bytes";

/** Falco's limit: a longer result is replaced by TOO_LONG. */
const PATH_BYTES_MAX: u32 = 1_023;
const BUFFER: usize = memory.data(1_088, 8);
const TOO_LONG: usize = memory.data<u8>([
  47, 68, 73, 82, 95, 84, 79, 79, 95, 76, 79, 78, 71, 47, 70, 73, 76, 69, 78, 65, 77, 69, 95, 84,
  79, 79, 95, 76, 79, 78, 71,
]);
const TOO_LONG_BYTES: u32 = 31;
const SLASH: u8 = 47;
const DOT: u8 = 46;

export class Path {
  static address: usize = 0;
  static length: u32 = 0;

  /**
   * A slash comes between the two unless there is one. The result is valid until the next call, and
   * as long as what was joined.
   */
  static join(base: usize, baseLength: u32, name: usize, nameLength: u32): void {
    const open = baseLength != 0 && load<u8>(base + baseLength - 1) != SLASH;
    joinWith(base, baseLength, open, name, nameLength);
  }

  /** The path right behind the text of `base`. */
  static append(base: usize, baseLength: u32, name: usize, nameLength: u32): void {
    joinWith(base, baseLength, false, name, nameLength);
  }
}

function joinWith(base: usize, baseLength: u32, slash: bool, name: usize, nameLength: u32): void {
  const absolute = nameLength == 0 || load<u8>(name) == SLASH;
  const kept: u32 = absolute ? 0 : baseLength + <u32>slash;
  if (kept + nameLength > PATH_BYTES_MAX) {
    Path.address = TOO_LONG;
    Path.length = TOO_LONG_BYTES;
    return;
  }
  if (kept == 0 && nameLength != 0 && isPlain(name, nameLength)) {
    Path.address = name;
    Path.length = nameLength;
    return;
  }
  Path.address = BUFFER;
  if (kept != 0) {
    copyBytes(BUFFER, base, baseLength);
    if (slash) store<u8>(BUFFER + baseLength, SLASH);
  }
  if (nameLength != 0 && isPlain(name, nameLength)) {
    copyBytes(BUFFER + kept, name, nameLength);
    Path.length = kept + nameLength;
  } else {
    Path.length = copyTidy(kept, name, nameLength);
  }
}

/**
 * Whether no component is empty or begins with a dot, so that nothing can be taken out. `length` is
 * not 0. A slash may only stand in front.
 */
function isPlain(text: usize, length: u32): bool {
  if (load<u8>(text) == DOT || load<u8>(text + length - 1) == SLASH) return false;
  const last = length - 1;
  let i: u32 = 0;
  const slashes = i8x16.splat(SLASH);
  const dots = i8x16.splat(DOT);
  for (; i + 16 <= last; i += 16) {
    const next = v128.load(text + i + 1);
    const odd = v128.or(i8x16.eq(next, slashes), i8x16.eq(next, dots));
    if (v128.any_true(v128.and(i8x16.eq(v128.load(text + i), slashes), odd))) return false;
  }
  for (; i < last; i++) {
    if (load<u8>(text + i) != SLASH) continue;
    const next = load<u8>(text + i + 1);
    if (next == SLASH || next == DOT) return false;
  }
  return true;
}

/** Copies the path behind `kept` bytes of the buffer; returns the length of both. */
function copyTidy(kept: u32, name: usize, nameLength: u32): u32 {
  let length = kept;
  let i: u32 = 0;
  // Right behind a text without a slash the path's first component is the end of another.
  if (kept != 0 && load<u8>(BUFFER + kept - 1) != SLASH) {
    i = throughSlash(name, nameLength);
    copyBytes(BUFFER + kept, name, i);
    length += i;
  }
  while (i < nameLength) {
    // Here a component begins, or a slash that is one too many.
    if (load<u8>(name + i) == SLASH && (length != 0 || kept != 0)) {
      i++;
      continue;
    }
    const left = nameLength - i;
    const skipped = dots(name + i, left);
    if (skipped != 0) {
      if (skipped > 1 && load<u8>(name + i + 1) == DOT) length = parentOf(length);
      i += skipped;
      continue;
    }
    const taken = throughSlash(name + i, left);
    copyBytes(BUFFER + length, name + i, taken);
    length += taken;
    i += taken;
  }
  return length > 1 && load<u8>(BUFFER + length - 1) == SLASH ? length - 1 : length;
}

/** Bytes up to and with the first slash, or all. */
function throughSlash(at: usize, left: u32): u32 {
  for (let i: u32 = 0; i < left; i++) {
    if (load<u8>(at + i) == SLASH) return i + 1;
  }
  return left;
}

/** Bytes of a component that is `.` or `..`, with the slash behind it; 0 for any other. */
function dots(at: usize, left: u32): u32 {
  if (load<u8>(at) != DOT) return 0;
  if (left == 1) return 1;
  const second = load<u8>(at, 1);
  if (second == SLASH) return 2;
  if (second != DOT) return 0;
  if (left == 2) return 2;
  return load<u8>(at, 2) == SLASH ? 3 : 0;
}

/** Length of the buffer without its last component; what is one byte long has no parent. */
function parentOf(length: u32): u32 {
  if (length <= 1) return length;
  length--;
  while (length > 0 && load<u8>(BUFFER + length - 1) != SLASH) length--;
  return length;
}
