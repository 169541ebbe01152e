/** Comparing and searching bytes. Nothing is read outside of the ranges given. */

export function sameBytes(a: usize, b: usize, length: u32): bool {
  const end = a + length;
  while (a + 8 <= end) {
    if (load<u64>(a) != load<u64>(b)) return false;
    a += 8;
    b += 8;
  }
  if (a + 4 <= end) {
    if (load<u32>(a) != load<u32>(b)) return false;
    a += 4;
    b += 4;
  }
  while (a < end) {
    if (load<u8>(a) != load<u8>(b)) return false;
    a++;
    b++;
  }
  return true;
}

export function endsWithBytes(a: usize, aLength: u32, b: usize, bLength: u32): bool {
  return bLength <= aLength && sameBytes(a + aLength - bLength, b, bLength);
}

/** Byte order: negative, zero or positive. A prefix comes before what it is a prefix of. */
export function compareBytes(a: usize, aLength: u32, b: usize, bLength: u32): i32 {
  const length = min(aLength, bLength);
  for (let i: u32 = 0; i < length; i++) {
    const difference = <i32>load<u8>(a + i) - <i32>load<u8>(b + i);
    if (difference != 0) return difference;
  }
  return aLength == bLength ? 0 : aLength < bLength ? -1 : 1;
}

/** The byte as ASCII lower case. */
export function lower(byte: u32): u32 {
  return byte - 0x41 < 26 ? byte | 0x20 : byte;
}

/**
 * Whether `needle` occurs in the text. Sixteen places at a time are tested by their first and last
 * byte; only where both fit is the rest compared.
 */
export function containsBytes(text: usize, length: u32, needle: usize, needleLength: u32): bool {
  if (needleLength == 0) return true;
  if (needleLength > length) return false;
  const last = needleLength - 1;
  const stop = text + length - last;
  const firstByte = load<u8>(needle);
  const lastByte = load<u8>(needle + last);
  const firsts = i8x16.splat(firstByte);
  const lasts = i8x16.splat(lastByte);
  let at = text;
  while (at + 16 <= stop) {
    const heads = i8x16.eq(v128.load(at), firsts);
    const tails = i8x16.eq(v128.load(at + last), lasts);
    let places: u32 = i8x16.bitmask(v128.and(heads, tails));
    while (places != 0) {
      if (sameBytes(at + ctz(places), needle, needleLength)) return true;
      places &= places - 1;
    }
    at += 16;
  }
  for (; at < stop; at++) {
    const fits = load<u8>(at) == firstByte && load<u8>(at + last) == lastByte;
    if (fits && sameBytes(at, needle, needleLength)) return true;
  }
  return false;
}

/** The same without regard to ASCII case; `needle` is in lower case. */
export function containsFolded(text: usize, length: u32, needle: usize, needleLength: u32): bool {
  if (needleLength == 0) return true;
  if (needleLength > length) return false;
  const last = needleLength - 1;
  const stop = text + length - last;
  const firstByte = <u32>load<u8>(needle);
  const lastByte = <u32>load<u8>(needle + last);
  const firsts = i8x16.splat(<i8>firstByte);
  const lasts = i8x16.splat(<i8>lastByte);
  const firstBit = i8x16.splat(<i8>caseBit(firstByte));
  const lastBit = i8x16.splat(<i8>caseBit(lastByte));
  let at = text;
  while (at + 16 <= stop) {
    const heads = i8x16.eq(v128.or(v128.load(at), firstBit), firsts);
    const tails = i8x16.eq(v128.or(v128.load(at + last), lastBit), lasts);
    let places: u32 = i8x16.bitmask(v128.and(heads, tails));
    while (places != 0) {
      if (sameFolded(at + ctz(places), needle, needleLength)) return true;
      places &= places - 1;
    }
    at += 16;
  }
  for (; at < stop; at++) {
    const fits = lower(load<u8>(at)) == firstByte && lower(load<u8>(at + last)) == lastByte;
    if (fits && sameFolded(at, needle, needleLength)) return true;
  }
  return false;
}

/**
 * What upper case of this byte lacks: with it set, exactly the two cases of a letter equal the
 * letter. Nothing else has two cases, and `@` must not become a backquote.
 */
function caseBit(byte: u32): u32 {
  return byte - 0x61 < 26 ? 0x20 : 0;
}

/** Whether `text` in lower case is `folded`, which is. */
function sameFolded(text: usize, folded: usize, length: u32): bool {
  const end = text + length;
  while (text + 8 <= end) {
    if (lowerEach(load<u64>(text)) != load<u64>(folded)) return false;
    text += 8;
    folded += 8;
  }
  while (text < end) {
    if (lower(load<u8>(text)) != <u32>load<u8>(folded)) return false;
    text++;
    folded++;
  }
  return true;
}

/** Eight bytes as ASCII lower case. */
function lowerEach(bytes: u64): u64 {
  // Seven bits each, so that no sum reaches the next byte: bit 7 says "at least A", "above Z".
  const low = bytes & 0x7f7f_7f7f_7f7f_7f7f;
  const fromA = low + 0x3f3f_3f3f_3f3f_3f3f;
  const aboveZ = low + 0x2525_2525_2525_2525;
  const letters = fromA & ~aboveZ & ~bytes & 0x8080_8080_8080_8080;
  return bytes | (letters >> 2);
}

/** Mixes bytes into 32 bits; host/compile/6-emit/tables.ts computes the same. */
export function hashBytes(text: usize, length: u32, seed: u32): u32 {
  let hash = seed ^ (length * 0x9e37_79b1);
  if (length < 4) {
    let word: u32 = 0;
    for (let i: u32 = 0; i < length; i++) word = (word << 8) | <u32>load<u8>(text + i);
    return finish(mix(hash, word));
  }
  const end = text + length;
  let at = text;
  for (; at + 4 <= end; at += 4) hash = mix(hash, load<u32>(at));
  // The last four bytes overlap those before unless the length is a multiple of four.
  if (at != end) hash = mix(hash, load<u32>(end - 4));
  return finish(hash);
}

function mix(hash: u32, word: u32): u32 {
  return rotl((hash ^ word) * 0x85eb_ca6b, 15);
}

function finish(hash: u32): u32 {
  const folded = (hash ^ (hash >>> 16)) * 0xc2b2_ae35;
  return folded ^ (folded >>> 13);
}
