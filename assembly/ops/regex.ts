/**
 * Matching with a deterministic automaton that the compiler built, in the pack's data:
 *
 *   0          4             8                264
 *   ├─ classes ┼─ reserved ──┼─ class by byte ┼─ next state u16, by state × class …
 *     u32        u32           u8 × 256
 *
 * The top bit of a state says that the text may end there. State 0 is dead, state 1 the start.
 */
const NEXT_OFFSET: usize = 264;
const ACCEPTS: u32 = 0x8000;
const START: u32 = 1;

/** Whether the whole text matches. What is no UTF-8 counts as U+FFFD, byte by byte. */
export function matchesRegex(at: usize, length: u32, automaton: usize): bool {
  const end = at + length;
  // The start accepts what a state of no bytes accepts: its flag is in the reserved word.
  let state: u32 = START | load<u32>(automaton, 4);
  while (at < end && (state & ~ACCEPTS) != 0) {
    const byte = <u32>load<u8>(at);
    if (byte < 0x80) {
      state = step(automaton, state, byte);
      at++;
      continue;
    }
    const size = sequenceLength(at, end);
    if (size == 0) {
      state = step(automaton, step(automaton, step(automaton, state, 0xef), 0xbf), 0xbd);
      at++;
      continue;
    }
    for (let i: u32 = 0; i < size; i++) state = step(automaton, state, load<u8>(at + i));
    at += size;
  }
  return (state & ACCEPTS) != 0;
}

function step(automaton: usize, state: u32, byte: u32): u32 {
  const column = <u32>load<u8>(automaton + 8 + byte);
  const cell = (state & ~ACCEPTS) * load<u32>(automaton) + column;
  return load<u16>(automaton + NEXT_OFFSET + (<usize>cell << 1));
}

/** Bytes of the well-formed multi-byte character at `at`; 0 when it is none. */
function sequenceLength(at: usize, end: usize): u32 {
  const lead = <u32>load<u8>(at);
  if (lead < 0xc2 || lead > 0xf4) return 0;
  const size: u32 = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  if (at + size > end) return 0;
  for (let i: u32 = 1; i < size; i++) {
    if ((load<u8>(at + i) & 0xc0) != 0x80) return 0;
  }
  const second = <u32>load<u8>(at + 1);
  if (lead == 0xe0 && second < 0xa0) return 0;
  if (lead == 0xed && second >= 0xa0) return 0;
  if (lead == 0xf0 && second < 0x90) return 0;
  return lead == 0xf4 && second >= 0x90 ? 0 : size;
}
