/** What transformers make of the value in `Value`. Generated packs import them. */
import { Scratch } from "../fields/scratch";
import { Value } from "../fields/value";
import { lower } from "../ops/bytes";
import { base64Digit, nextOption, Option, startOfLast } from "../ops/transform";

// A function: where an inlined call is known to be true, the compiler drops it in front of an "&&".
export function fixedText(at: usize, length: u32): bool {
  return Value.text(at, length);
}

export function lowerText(): bool {
  const at = Value.address;
  const length = Value.length;
  const mark = Scratch.begin();
  for (let i: u32 = 0; i < length; i++) Scratch.byte(lower(load<u8>(at + i)));
  return Scratch.end(mark);
}

export function upperText(): bool {
  const at = Value.address;
  const length = Value.length;
  const mark = Scratch.begin();
  for (let i: u32 = 0; i < length; i++) {
    const byte = <u32>load<u8>(at + i);
    Scratch.byte(byte - 0x61 < 26 ? byte & 0xdf : byte);
  }
  return Scratch.end(mark);
}

export function lastComponent(): bool {
  const start = startOfLast(Value.address, Value.length);
  return Value.text(Value.address + start, Value.length - start);
}

export function decodeBase64(): bool {
  const at = Value.address;
  let length = Value.length;
  for (let signs = 0; signs < 2 && length > 0; signs++) {
    if (load<u8>(at + length - 1) == 0x3d) length--;
  }
  if ((length & 3) == 1) return false;
  const mark = Scratch.begin();
  let bits: u32 = 0;
  let have: u32 = 0;
  for (let i: u32 = 0; i < length; i++) {
    const digit = base64Digit(load<u8>(at + i));
    if (digit < 0) return false;
    bits = (bits << 6) | <u32>digit;
    have += 6;
    if (have >= 8) {
      have -= 8;
      Scratch.byte((bits >> have) & 0xff);
    }
  }
  // Bits left over in the last digit have to be zero.
  return (bits & ((1 << have) - 1)) == 0 && Scratch.end(mark);
}

export function numberText(signed: u32): bool {
  const mark = Scratch.begin();
  if (signed != 0) Scratch.signed(<i64>Value.number);
  else Scratch.unsigned(Value.number);
  return Scratch.end(mark);
}

export function joinTexts(separator: usize, separatorLength: u32): bool {
  const at = Value.address;
  const length = Value.length;
  const mark = Scratch.begin();
  for (let i: u32 = 0; i < length; i++) {
    const byte = <u32>load<u8>(at + i);
    if (byte == 0) Scratch.bytes(separator, separatorLength);
    else Scratch.byte(byte);
  }
  return Scratch.end(mark);
}

export function optionsOf(list: usize, length: u32, letter: u32): bool {
  const options = Value.address;
  const optionsLength = Value.length;
  Option.begin(list, length);
  let found = false;
  let at: usize = 0;
  let size: u32 = 0;
  const mark = Scratch.begin();
  while (nextOption(options, optionsLength)) {
    if (letter != 0) {
      if (Option.letter != letter) continue;
      found = true;
      at = Option.address;
      size = Option.length;
      continue;
    }
    if (found) Scratch.byte(0);
    found = true;
    Scratch.byte(Option.letter);
    if (Option.hasValue) {
      Scratch.byte(0);
      Scratch.bytes(Option.address, Option.length);
    }
  }
  if (letter != 0) return found && Value.text(at, size);
  return Scratch.end(mark);
}
