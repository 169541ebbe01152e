/**
 * One mount of the container, chosen by its number or by a pattern: of its source, but for
 * `container.mount.source`, which asks by the destination. Mounts are kept as
 * `source:destination:mode:rw:propagation`.
 */
import { NO_TEXT, Text, TextAt } from "../state/text";
import { findByte } from "../record/bytes";
import { described } from "./container";
import { matchesPattern } from "./pattern";
import { Value } from "./value";

const COLON: u8 = 0x3a;

const enum Part {
  Source,
  Destination,
  Mode,
  ReadWrite,
  Propagation,
  Whole,
}

export function containerMount(key: usize, length: u32): bool {
  return find(key, length, Part.Source, Part.Whole);
}

export function containerMountSource(key: usize, length: u32): bool {
  return find(key, length, Part.Destination, Part.Source);
}

export function containerMountDest(key: usize, length: u32): bool {
  return find(key, length, Part.Source, Part.Destination);
}

export function containerMountMode(key: usize, length: u32): bool {
  return find(key, length, Part.Source, Part.Mode);
}

export function containerMountRdwr(key: usize, length: u32): bool {
  return find(key, length, Part.Source, Part.ReadWrite);
}

export function containerMountPropagation(key: usize, length: u32): bool {
  return find(key, length, Part.Source, Part.Propagation);
}

function find(key: usize, length: u32, by: Part, part: Part): bool {
  const container = described();
  if (container === null || container.mounts == NO_TEXT) return false;
  const number = numberOf(key, length);
  if (number >= 0) return mountAt(container.mounts, <u32>number) && narrow(part);
  for (let i: u32 = 0; mountAt(container.mounts, i); i++) {
    const address = Value.address;
    const size = Value.length;
    if (!narrow(by) || !matchesPattern(Value.address, Value.length, key, length)) continue;
    Value.text(address, size);
    return narrow(part);
  }
  return false;
}

/** A key of digits alone is the number of a mount. */
function numberOf(key: usize, length: u32): i32 {
  if (length == 0 || length > 6) return -1;
  let number: i32 = 0;
  for (let i: u32 = 0; i < length; i++) {
    const digit = <i32>load<u8>(key + i) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    number = number * 10 + digit;
  }
  return number;
}

/** The mount with this number, whole, into `Value`. */
function mountAt(mounts: Text, index: u32): bool {
  const at = TextAt.bytes(mounts);
  const length = TextAt.length(mounts);
  let start: u32 = 0;
  while (start < length) {
    const size = findByte(at + start, length - start, 0);
    if (index-- == 0) return Value.text(at + start, size);
    start += size + 1;
  }
  return false;
}

/** Narrows the mount in `Value` to one of its parts. */
function narrow(part: Part): bool {
  if (part == Part.Whole) return true;
  for (let i = 0; i < part; i++) {
    const skipped = findByte(Value.address, Value.length, COLON) + 1;
    if (skipped > Value.length) return false;
    Value.address += skipped;
    Value.length -= skipped;
  }
  Value.length = findByte(Value.address, Value.length, COLON);
  return true;
}
