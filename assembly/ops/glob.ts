/**
 * Shell patterns as fnmatch reads them without flags: `*` crosses slashes, leading dots are
 * ordinary, a backslash takes away the meaning of what follows, brackets name sets of bytes.
 * One place to come back to is enough, so the worst case is text × pattern, without recursion.
 */
import { lower } from "./bytes";

const STAR: u32 = 0x2a;
const QUESTION: u32 = 0x3f;
const OPEN: u32 = 0x5b;
const CLOSE: u32 = 0x5d;
const BACKSLASH: u32 = 0x5c;
const DASH: u32 = 0x2d;
const BANG: u32 = 0x21;
const CARET: u32 = 0x5e;
const COLON: u32 = 0x3a;

/** What `step` learned: where the pattern goes on. */
let next: usize = 0;

export function matchesGlob(
  text: usize,
  length: u32,
  pattern: usize,
  size: u32,
  folds: bool,
): bool {
  const end = text + length;
  const stop = pattern + size;
  let backText: usize = 0;
  let backPattern: usize = 0;
  while (text < end) {
    if (pattern < stop && load<u8>(pattern) == STAR) {
      while (pattern < stop && load<u8>(pattern) == STAR) pattern++;
      if (pattern == stop) return true;
      backText = text;
      backPattern = pattern;
    } else if (pattern < stop && step(pattern, stop, load<u8>(text), folds)) {
      pattern = next;
      text++;
    } else if (backPattern != 0) {
      text = ++backText;
      pattern = backPattern;
    } else return false;
  }
  while (pattern < stop && load<u8>(pattern) == STAR) pattern++;
  return pattern == stop;
}

/** Whether one byte fits the element at `pattern`, which is no star. */
function step(pattern: usize, stop: usize, byte: u32, folds: bool): bool {
  const element = <u32>load<u8>(pattern);
  next = pattern + 1;
  if (element == QUESTION) return true;
  if (element == OPEN) {
    const close = findClose(pattern + 1, stop);
    if (close != 0) {
      const found = inBrackets(pattern + 1, close, byte, folds);
      next = close + 1;
      return found;
    }
  }
  if (element == BACKSLASH) {
    // A backslash at the end fits nothing.
    if (pattern + 1 == stop) return false;
    next = pattern + 2;
    return same(load<u8>(pattern + 1), byte, folds);
  }
  return same(element, byte, folds);
}

function same(a: u32, b: u32, folds: bool): bool {
  return a == b || (folds && lower(a) == lower(b));
}

/** The bracket that ends a set beginning at `at`; 0 when there is none: `[` is ordinary then. */
function findClose(at: usize, stop: usize): usize {
  if (at < stop && isNegation(load<u8>(at))) at++;
  // A bracket that comes first belongs to the set.
  if (at < stop && load<u8>(at) == CLOSE) at++;
  while (at < stop) {
    const c = <u32>load<u8>(at);
    if (c == CLOSE) return at;
    if (c == BACKSLASH) at++;
    else if (c == OPEN && at + 1 < stop && load<u8>(at + 1) == COLON) {
      const classEnd = findClassEnd(at + 2, stop);
      if (classEnd != 0) at = classEnd;
    }
    at++;
  }
  return 0;
}

/** Address of the `]` of a closing `:]`, or 0. */
function findClassEnd(at: usize, stop: usize): usize {
  for (; at + 1 < stop; at++) {
    if (load<u8>(at) == COLON && load<u8>(at + 1) == CLOSE) return at + 1;
  }
  return 0;
}

function isNegation(byte: u32): bool {
  return byte == BANG || byte == CARET;
}

function inBrackets(at: usize, close: usize, byte: u32, folds: bool): bool {
  const negated = isNegation(load<u8>(at));
  if (negated) at++;
  let found = false;
  while (at < close) {
    if (load<u8>(at) == OPEN && at + 1 < close && load<u8>(at + 1) == COLON) {
      const end = findClassEnd(at + 2, close);
      if (end != 0) {
        if (inClass(at + 2, <u32>(end - 1 - (at + 2)), byte)) found = true;
        at = end + 1;
        continue;
      }
    }
    const low = element(at, close);
    at = next;
    let high = low;
    if (at + 1 < close && load<u8>(at) == DASH) {
      high = element(at + 1, close);
      at = next;
    }
    if (inRange(low, high, byte, folds)) found = true;
  }
  return found != negated;
}

/** One byte of a set, perhaps after a backslash. */
function element(at: usize, close: usize): u32 {
  if (load<u8>(at) == BACKSLASH && at + 1 < close) at++;
  next = at + 1;
  return load<u8>(at);
}

function inRange(low: u32, high: u32, byte: u32, folds: bool): bool {
  if (byte >= low && byte <= high) return true;
  if (!folds) return false;
  const folded = lower(byte);
  const raised = folded - 0x61 < 26 ? folded & 0xdf : folded;
  return (folded >= low && folded <= high) || (raised >= low && raised <= high);
}

/** `[:name:]` in the C locale; names are told apart by their first letters and length. */
function inClass(name: usize, length: u32, byte: u32): bool {
  if (length != 5 && length != 6) return false;
  const isLower = byte - 0x61 < 26;
  const isUpper = byte - 0x41 < 26;
  const isDigit = byte - 0x30 < 10;
  const isGraph = byte - 0x21 < 94;
  if (length == 6) return isDigit || (lower(byte) - 0x61 < 6);
  switch (load<u32>(name)) {
    case 0x68706c61: // alph(a)
      return isLower || isUpper;
    case 0x756e6c61: // alnu(m)
      return isLower || isUpper || isDigit;
    case 0x6e616c62: // blan(k)
      return byte == 0x20 || byte == 9;
    case 0x72746e63: // cntr(l)
      return byte < 0x20 || byte == 0x7f;
    case 0x69676964: // digi(t)
      return isDigit;
    case 0x70617267: // grap(h)
      return isGraph;
    case 0x65776f6c: // lowe(r)
      return isLower;
    case 0x6e697270: // prin(t)
      return isGraph || byte == 0x20;
    case 0x636e7570: // punc(t)
      return isGraph && !(isLower || isUpper || isDigit);
    case 0x63617073: // spac(e)
      return byte == 0x20 || byte - 9 < 5;
    case 0x65707075: // uppe(r)
      return isUpper;
    default:
      return false;
  }
}

/** Whether one of a list of constants (see text.ts), as patterns, fits the whole text. */
export function matchesAnyGlob(at: usize, length: u32, list: usize, folds: bool): bool {
  const end = list + 4 + (<usize>load<u32>(list) << 2);
  for (let entry = list + 4; entry < end; entry += 4) {
    const pattern = <usize>load<u32>(entry);
    if (matchesGlob(at, length, pattern + 4, load<u32>(pattern), folds)) return true;
  }
  return false;
}
