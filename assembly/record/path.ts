/**
 * Joins a directory and a path and takes out `.`, `..` and doubled slashes by their text alone;
 * links are not followed. A path that is not absolute stays so when its directory is not either, as
 * under `<UNKNOWN>`.
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

  /** The result is valid until the next call, and as long as what was joined. */
  static join(base: usize, baseLength: u32, name: usize, nameLength: u32): void {
    if (!Path.joinPlain(base, baseLength, name, nameLength)) {
      Path.joinParts(base, baseLength, name, nameLength);
    }
  }

  /** Most paths have nothing to take out; false for one that has, or that is long or odd. */
  private static joinPlain(base: usize, baseLength: u32, name: usize, nameLength: u32): bool {
    if (nameLength == 0 || baseLength + nameLength >= PATH_BYTES_MAX) return false;
    if (load<u8>(name) == SLASH || baseLength == 0) {
      if (!isPlain(name, nameLength)) return false;
      Path.address = name;
      Path.length = nameLength;
      return true;
    }
    const kept = load<u8>(base + baseLength - 1) == SLASH ? baseLength - 1 : baseLength;
    if (kept != 0 && !isPlain(base, kept)) return false;
    if (!isPlain(name, nameLength)) return false;
    copyBytes(BUFFER, base, kept);
    store<u8>(BUFFER + kept, SLASH);
    copyBytes(BUFFER + kept + 1, name, nameLength);
    Path.address = BUFFER;
    Path.length = kept + 1 + nameLength;
    return true;
  }

  private static joinParts(base: usize, baseLength: u32, name: usize, nameLength: u32): void {
    const absoluteName = nameLength > 0 && load<u8>(name) == SLASH;
    const first = absoluteName || baseLength == 0 ? name : base;
    absolute = (absoluteName || baseLength + nameLength > 0) && load<u8>(first) == SLASH;
    length = 0;
    depth = 0;
    overflow = false;
    if (!absoluteName) walk(base, baseLength);
    walk(name, nameLength);
    Path.address = BUFFER;
    Path.length = length;
    if (overflow) {
      Path.address = TOO_LONG;
      Path.length = TOO_LONG_BYTES;
    } else if (length == 0 && baseLength + nameLength > 0) {
      store<u8>(BUFFER, absolute ? SLASH : DOT);
      Path.length = 1;
    }
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

let absolute: bool = false;
let overflow: bool = false;
let length: u32 = 0;
/** Components in the buffer that a `..` may take away. */
let depth: u32 = 0;

function walk(text: usize, bytes: u32): void {
  const end = text + bytes;
  let at = text;
  while (at < end) {
    if (load<u8>(at) == SLASH) {
      at++;
      continue;
    }
    const start = at;
    while (at < end && load<u8>(at) != SLASH) at++;
    component(start, <u32>(at - start));
  }
}

function component(start: usize, bytes: u32): void {
  if (load<u8>(start) == DOT) {
    if (bytes == 1) return;
    if (bytes == 2 && load<u8>(start, 1) == DOT) {
      if (depth > 0) return removeLast();
      if (absolute) return;
      return append(start, bytes);
    }
  }
  depth++;
  append(start, bytes);
}

function removeLast(): void {
  depth--;
  while (length > 0) {
    length--;
    if (load<u8>(BUFFER + length) == SLASH) return;
  }
}

function append(start: usize, bytes: u32): void {
  if (length + bytes + 1 > PATH_BYTES_MAX + 1) {
    overflow = true;
    return;
  }
  if (length > 0 || absolute) {
    store<u8>(BUFFER + length, SLASH);
    length++;
  }
  copyBytes(BUFFER + length, start, bytes);
  length += bytes;
}
