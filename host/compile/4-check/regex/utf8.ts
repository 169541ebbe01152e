/** Ranges of code points → sequences of byte ranges, as UTF-8 encodes them. */

export type ByteRange = readonly [first: number, last: number];

const LENGTH_LIMITS = [0x7f, 0x7ff, 0xffff, 0x10_ffff];

export function byteSequences(first: number, last: number): ByteRange[][] {
  for (const limit of LENGTH_LIMITS) {
    if (first <= limit && last > limit) {
      return [...byteSequences(first, limit), ...byteSequences(limit + 1, last)];
    }
  }
  if (last <= 0x7f) return [[[first, last]]];
  // Split until the continuation bytes of both ends span all values, or the ends share their lead.
  for (const mask of [0x3f, 0xfff, 0x3_ffff]) {
    if ((first & ~mask) === (last & ~mask)) continue;
    if ((first & mask) !== 0) {
      return [...byteSequences(first, first | mask), ...byteSequences((first | mask) + 1, last)];
    }
    if ((last & mask) !== mask) {
      return [...byteSequences(first, (last & ~mask) - 1), ...byteSequences(last & ~mask, last)];
    }
  }
  const [low, high] = [encode(first), encode(last)];
  return [low.map((byte, i) => [byte, high[i] ?? byte] as const)];
}

/** Surrogates have an encoding here, too: no valid text contains it. */
function encode(code: number): number[] {
  if (code <= 0x7f) return [code];
  if (code <= 0x7ff) return [0xc0 | (code >> 6), 0x80 | (code & 0x3f)];
  if (code <= 0xffff)
    return [0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f)];
  return [
    0xf0 | (code >> 18),
    0x80 | ((code >> 12) & 0x3f),
    0x80 | ((code >> 6) & 0x3f),
    0x80 | (code & 0x3f),
  ];
}
