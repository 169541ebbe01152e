/** What transformers work out about texts; the results are put together by generated code. */
import { sizeOfFirst } from "./text";

const SLASH: u32 = 0x2f;
const DASH: u32 = 0x2d;
const COLON: u32 = 0x3a;
const QUESTION: u32 = 0x3f;

/** Where the last component of a path begins: behind the last slash. */
export function startOfLast(at: usize, length: u32): u32 {
  let start = length;
  while (start > 0 && load<u8>(at + start - 1) != SLASH) start--;
  return start;
}

/** The value of a base64 digit, -1 for any other byte. */
export function base64Digit(byte: u32): i32 {
  if (byte - 0x41 < 26) return <i32>(byte - 0x41);
  if (byte - 0x61 < 26) return <i32>(byte - 0x61 + 26);
  if (byte - 0x30 < 10) return <i32>(byte - 0x30 + 52);
  if (byte == 0x2b) return 62;
  return byte == 0x2f ? 63 : -1;
}

/** The option that `nextOption` found, and how far it has come in the list of arguments. */
export class Option {
  static letter: u32 = 0;
  static hasValue: bool = false;
  static address: usize = 0;
  static length: u32 = 0;
  static at: usize = 0;
  static end: usize = 0;
  /** Inside of `-abc`: the next letter and the end of the word, or 0. */
  static inner: usize = 0;
  static innerEnd: usize = 0;

  static begin(list: usize, length: u32): void {
    Option.at = list;
    Option.end = list + length;
    Option.inner = 0;
    Option.innerEnd = 0;
  }
}

/**
 * As getopt(3) reads arguments: letters after a dash, a value where the options have a colon after
 * the letter; `?` for a letter that is no option. Ends at `--` and at the first other word.
 */
export function nextOption(options: usize, optionsLength: u32): bool {
  if (Option.inner >= Option.innerEnd && !nextWord()) return false;
  const letter = <u32>load<u8>(Option.inner++);
  Option.hasValue = false;
  Option.address = Option.inner;
  Option.length = 0;
  const place = placeOf(options, optionsLength, letter);
  if (place < 0) {
    Option.letter = QUESTION;
    return true;
  }
  Option.letter = letter;
  const isLast = <u32>place + 1 >= optionsLength;
  if (isLast || load<u8>(options + place + 1) != COLON) return true;
  Option.hasValue = true;
  if (Option.inner < Option.innerEnd) {
    Option.length = <u32>(Option.innerEnd - Option.inner);
    Option.inner = Option.innerEnd;
  } else if (Option.at < Option.end) {
    Option.address = Option.at;
    Option.length = sizeOfFirst(Option.at, Option.end);
    Option.at += Option.length + 1;
  }
  return true;
}

/** Goes to the next word of letters; long options are passed over. */
function nextWord(): bool {
  while (Option.at < Option.end) {
    const word = Option.at;
    const size = sizeOfFirst(word, Option.end);
    if (size < 2 || load<u8>(word) != DASH) return false;
    Option.at += size + 1;
    if (load<u8>(word + 1) == DASH) {
      if (size == 2) return false;
      continue;
    }
    Option.inner = word + 1;
    Option.innerEnd = word + size;
    return true;
  }
  return false;
}

function placeOf(options: usize, length: u32, letter: u32): i32 {
  if (letter == COLON) return -1;
  for (let i: u32 = 0; i < length; i++) if (load<u8>(options + i) == letter) return <i32>i;
  return -1;
}
