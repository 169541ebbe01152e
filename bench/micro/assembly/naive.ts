/**
 * The loops that one would write first, byte by byte and member by member: what the operators of
 * assembly/ops are measured against. Constants and lists lie as drawn in assembly/ops/text.ts.
 */

export function naiveIs(at: usize, length: u32, constant: usize): bool {
  return load<u32>(constant) == length && naiveStarts(at, length, constant);
}

export function naiveStarts(at: usize, length: u32, constant: usize): bool {
  const size = load<u32>(constant);
  if (size > length) return false;
  for (let i: u32 = 0; i < size; i++) {
    if (load<u8>(at + i) != load<u8>(constant + 4 + i)) return false;
  }
  return true;
}

export function naiveEnds(at: usize, length: u32, constant: usize): bool {
  const size = load<u32>(constant);
  return size <= length && naiveStarts(at + length - size, size, constant);
}

export function naiveHas(at: usize, length: u32, constant: usize): bool {
  for (let i: u32 = 0; i <= length; i++) {
    if (naiveStarts(at + i, length - i, constant)) return true;
  }
  return false;
}

export function naiveHasFolded(at: usize, length: u32, constant: usize): bool {
  const size = load<u32>(constant);
  for (let i: u32 = 0; i + size <= length; i++) {
    let same: u32 = 0;
    while (same < size && folded(at + i + same) == <u32>load<u8>(constant + 4 + same)) same++;
    if (same == size) return true;
  }
  return false;
}

function folded(at: usize): u32 {
  const byte = <u32>load<u8>(at);
  return byte >= 0x41 && byte <= 0x5a ? byte + 32 : byte;
}

/** Membership in a list. */
export function naiveIsIn(at: usize, length: u32, list: usize): bool {
  for (let i: u32 = 0; i < load<u32>(list); i++) {
    if (naiveIs(at, length, load<u32>(list + 4 + (i << 2)))) return true;
  }
  return false;
}

export function naiveHasAny(at: usize, length: u32, list: usize): bool {
  for (let i: u32 = 0; i < load<u32>(list); i++) {
    if (naiveHas(at, length, load<u32>(list + 4 + (i << 2)))) return true;
  }
  return false;
}

/** Whether one of a list of prefixes is the path or one of its parents. */
export function naiveBelow(at: usize, length: u32, list: usize): bool {
  for (let i: u32 = 0; i < load<u32>(list); i++) {
    const prefix = <usize>load<u32>(list + 4 + (i << 2));
    const size = load<u32>(prefix);
    const ends = size == length || (size < length && load<u8>(at + size) == 0x2f);
    if (ends && naiveStarts(at, length, prefix)) return true;
  }
  return false;
}

/** `*` and `?` by recursion. */
export function naiveGlob(at: usize, length: u32, pattern: usize, size: u32): bool {
  if (size == 0) return length == 0;
  const element = <u32>load<u8>(pattern);
  if (element == 0x2a) {
    for (let skip: u32 = 0; skip <= length; skip++) {
      if (naiveGlob(at + skip, length - skip, pattern + 1, size - 1)) return true;
    }
    return false;
  }
  if (length == 0 || (element != 0x3f && element != <u32>load<u8>(at))) return false;
  return naiveGlob(at + 1, length - 1, pattern + 1, size - 1);
}

/** Bit by bit, as drawn in assembly/ops/net.ts. */
export function naiveNetworks(at: usize, length: u32, table: usize): bool {
  for (let i: u32 = 0; i < load<u32>(table); i++) {
    const network = table + 8 + <usize>i * 24;
    if (load<u32>(network) != length) continue;
    let bit: u32 = 0;
    while (bit < load<u32>(network, 4) && bitAt(at, bit) == bitAt(network + 8, bit)) bit++;
    if (bit == load<u32>(network, 4)) return true;
  }
  return false;
}

function bitAt(at: usize, bit: u32): u32 {
  return (<u32>load<u8>(at + (bit >> 3)) >> (7 - (bit & 7))) & 1;
}

/** Parents by looking at every entry: pairs of id and parent, u32 each, behind their count. */
export function naiveAncestor(id: u32, levels: u32, table: usize): u32 {
  for (let level: u32 = 0; level < levels; level++) {
    let parent: u32 = 0;
    for (let i: u32 = 0; i < load<u32>(table); i++) {
      if (load<u32>(table + 4 + (i << 3)) == id) parent = load<u32>(table + 8 + (i << 3));
    }
    id = parent;
  }
  return id;
}
