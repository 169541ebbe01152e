/** Texts that hold several: NUL-separated arguments, environments and cgroups. */
import { NO_TEXT, Text, TextAt } from "../state/text";
import { findByte, sameBytes } from "../record/bytes";
import { Scratch } from "./scratch";
import { Value } from "./value";

const BLANK: u32 = 0x20;
const EQUALS: u8 = 0x3d;

/** Appends the words with a blank between each two. */
export function appendWords(text: Text): void {
  if (text == NO_TEXT) return;
  const at = TextAt.bytes(text);
  let length = TextAt.length(text);
  // The kernel ends every word, the last one too, with a NUL.
  if (length != 0 && load<u8>(at + length - 1) == 0) length--;
  for (let i: u32 = 0; i < length; i++) {
    const byte = load<u8>(at + i);
    Scratch.byte(byte == 0 ? BLANK : byte);
  }
}

/** The word with this index, or false. */
export function wordAt(text: Text, index: u32): bool {
  if (text == NO_TEXT) return false;
  const at = TextAt.bytes(text);
  const length = TextAt.length(text);
  let start: u32 = 0;
  while (start < length) {
    const size = findByte(at + start, length - start, 0);
    if (index-- == 0) return Value.text(at + start, size);
    start += size + 1;
  }
  return false;
}

/** Number of words. */
export function countWords(text: Text): u32 {
  if (text == NO_TEXT) return 0;
  const at = TextAt.bytes(text);
  const length = TextAt.length(text);
  let count: u32 = 0;
  for (let i: u32 = 0; i < length; i++) if (load<u8>(at + i) == 0) count++;
  return length != 0 && load<u8>(at + length - 1) != 0 ? count + 1 : count;
}

/** Bytes of all words, their ends not counted. */
export function sizeOfWords(text: Text): u32 {
  if (text == NO_TEXT) return 0;
  const at = TextAt.bytes(text);
  const length = TextAt.length(text);
  let ends: u32 = 0;
  for (let i: u32 = 0; i < length; i++) if (load<u8>(at + i) == 0) ends++;
  return length - ends;
}

/** The value of the first word `key=value`, or false. */
export function valueOf(text: Text, key: usize, keyLength: u32): bool {
  if (text == NO_TEXT) return false;
  const at = TextAt.bytes(text);
  const length = TextAt.length(text);
  let start: u32 = 0;
  while (start < length) {
    const word = at + start;
    const size = findByte(word, length - start, 0);
    const isLong = size > keyLength && load<u8>(word + keyLength) == EQUALS;
    if (isLong && sameBytes(word, key, keyLength)) {
      return Value.text(word + keyLength + 1, size - keyLength - 1);
    }
    start += size + 1;
  }
  return false;
}

/** Takes the blanks off both ends of the text in `Value`. */
export function trimValue(): void {
  while (Value.length != 0 && load<u8>(Value.address) == BLANK) {
    Value.address++;
    Value.length--;
  }
  while (Value.length != 0 && load<u8>(Value.address + Value.length - 1) == BLANK) Value.length--;
}

/**
 * Appends words `key=value` as `key:value`, a comma and a blank between each two. Labels that the
 * container's runtime adds for itself are left out.
 */
export function appendPairs(text: Text): void {
  if (text == NO_TEXT) return;
  const at = TextAt.bytes(text);
  const length = TextAt.length(text);
  let start: u32 = 0;
  let first = true;
  while (start < length) {
    const word = at + start;
    const size = findByte(word, length - start, 0);
    start += size + 1;
    if (startsWith(word, size, "annotation.") || startsWith(word, size, "io.kubernetes.")) continue;
    if (!first) Scratch.ascii(", ");
    first = false;
    const key = findByte(word, size, EQUALS);
    Scratch.bytes(word, key);
    if (key == size) continue;
    Scratch.byte(0x3a);
    Scratch.bytes(word + key + 1, size - key - 1);
  }
}

function startsWith(at: usize, length: u32, literal: string): bool {
  if (length < <u32>literal.length) return false;
  for (let i = 0; i < literal.length; i++) {
    if (load<u8>(at + i) != load<u16>(changetype<usize>(literal) + ((<usize>i) << 1))) return false;
  }
  return true;
}
