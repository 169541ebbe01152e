/**
 * Matching with a deterministic automaton that the compiler built, in the pack's data:
 *
 *   0          4             8                264
 *   ├─ classes ┼─ reserved ──┼─ class by byte ┼─ next state u16, by state × class …
 *     u32        u32           u8 × 256
 *
 * The top bit of a state says that the text may end there. State 0 is dead, state 1 the start.
 */
const COLUMNS_OFFSET: usize = 8;
const NEXT_OFFSET: usize = 264;
const ACCEPTS: u32 = 0x8000;
const START: u32 = 1;

/**
 * Whether the whole text matches. What is no UTF-8 counts as U+FFFD: one for a character that
 * breaks off, and one for each byte that begins none.
 */
export function matchesRegex(at: usize, length: u32, automaton: usize): bool {
  const end = at + length;
  const columns = automaton + COLUMNS_OFFSET;
  const next = automaton + NEXT_OFFSET;
  const classes = load<u32>(automaton);
  // The start accepts what a state of no bytes accepts: its flag is in the reserved word.
  let state: u32 = START | load<u32>(automaton, 4);
  while (at < end && (state & ~ACCEPTS) != 0) {
    const byte = <u32>load<u8>(at);
    if (byte < 0x80) {
      // A step, with what it needs of the automaton at hand.
      const cell = (state & ~ACCEPTS) * classes + load<u8>(columns + byte);
      state = load<u16>(next + (<usize>cell << 1));
      at++;
      continue;
    }
    const count = wellFormed(at, end);
    if (count == sizeOf(byte)) {
      for (let i: u32 = 0; i < count; i++) state = step(automaton, state, load<u8>(at + i));
    } else {
      state = step(automaton, step(automaton, step(automaton, state, 0xef), 0xbf), 0xbd);
    }
    at += count;
  }
  return (state & ACCEPTS) != 0;
}

function step(automaton: usize, state: u32, byte: u32): u32 {
  const column = <u32>load<u8>(automaton + COLUMNS_OFFSET + byte);
  const cell = (state & ~ACCEPTS) * load<u32>(automaton) + column;
  return load<u16>(automaton + NEXT_OFFSET + (<usize>cell << 1));
}

/** How many bytes at `at` belong together: a character, as much of one as there is, or one byte. */
function wellFormed(at: usize, end: usize): u32 {
  const lead = <u32>load<u8>(at);
  const size = sizeOf(lead);
  let count: u32 = 1;
  while (count < size && at + count < end && follows(lead, load<u8>(at + count), count)) count++;
  return count;
}

/** Bytes of the multi-byte character with this first one; 0 when it begins none. */
function sizeOf(lead: u32): u32 {
  if (lead < 0xc2 || lead > 0xf4) return 0;
  return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

/** Second bytes that would make an overlong form, a surrogate or too much do not follow. */
function follows(lead: u32, byte: u32, index: u32): bool {
  if ((byte & 0xc0) != 0x80) return false;
  if (index != 1) return true;
  if (lead == 0xe0) return byte >= 0xa0;
  if (lead == 0xed) return byte < 0xa0;
  if (lead == 0xf0) return byte >= 0x90;
  return lead != 0xf4 || byte < 0x90;
}
