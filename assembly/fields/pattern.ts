/**
 * Shell patterns over whole texts: `*`, `?` and sets in brackets; `*` crosses slashes. Without
 * recursion: the last star is tried again one byte further. Worst case: text × pattern.
 */
const STAR: u8 = 0x2a;
const QUESTION: u8 = 0x3f;
const OPEN: u8 = 0x5b;
const CLOSE: u8 = 0x5d;
const BANG: u8 = 0x21;
const DASH: u8 = 0x2d;

const NO_STAR: u32 = 0xffff_ffff;

/** Bytes of the pattern that the last `matchesOne` took. */
let taken: u32 = 0;

export function matchesPattern(text: usize, length: u32, pattern: usize, size: u32): bool {
  let t: u32 = 0;
  let p: u32 = 0;
  let star: u32 = NO_STAR;
  let retry: u32 = 0;
  while (t < length) {
    if (p < size && load<u8>(pattern + p) == STAR) {
      star = p++;
      retry = t;
    } else if (p < size && matchesOne(load<u8>(text + t), pattern + p, size - p)) {
      t++;
      p += taken;
    } else if (star != NO_STAR) {
      p = star + 1;
      t = ++retry;
    } else {
      return false;
    }
  }
  while (p < size && load<u8>(pattern + p) == STAR) p++;
  return p == size;
}

/** Whether the element at the front of a pattern takes the byte. */
function matchesOne(byte: u8, pattern: usize, size: u32): bool {
  taken = 1;
  const first = load<u8>(pattern);
  if (first == QUESTION) return true;
  if (first != OPEN) return first == byte;
  const close = endOfSet(pattern, size);
  // A bracket that is never closed stands for itself.
  if (close == 0) return first == byte;
  taken = close + 1;
  const negated = load<u8>(pattern, 1) == BANG;
  let found = false;
  for (let i: u32 = negated ? 2 : 1; i < close; i++) {
    const low = load<u8>(pattern + i);
    const isRange = i + 2 < close && load<u8>(pattern + i + 1) == DASH;
    const high = isRange ? load<u8>(pattern + i + 2) : low;
    if (byte >= low && byte <= high) found = true;
    if (isRange) i += 2;
  }
  return found != negated;
}

/** Offset of the bracket that closes a set, 0 for none; the first member may be one. */
function endOfSet(pattern: usize, size: u32): u32 {
  let i: u32 = 1;
  if (i < size && load<u8>(pattern + i) == BANG) i++;
  for (i++; i < size; i++) if (load<u8>(pattern + i) == CLOSE) return i;
  return 0;
}
