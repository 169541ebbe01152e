/**
 * Remembered answers. A row belongs to one thread or descriptor and is valid while its tag, the
 * greatest change stamp of what the answers depend on, stays the same:
 *
 *   0            8            16       24
 *   ├─ identity ─┼─ identity ─┼─ tag ──┼─ pairs of words: known u64, answer u64 …
 *     u64          u64          u64
 */
export const ROW_HEADER_BYTES: usize = 24;

/** Makes the row this owner's; forgets the answers of another one, or of an older state. */
export function openRow(row: usize, owner: u64, second: u64, tag: u64, pairs: u32): usize {
  const isSame = load<u64>(row) == owner && load<u64>(row, 8) == second;
  if (isSame && load<u64>(row, 16) == tag) return row;
  store<u64>(row, owner);
  store<u64>(row, second, 8);
  store<u64>(row, tag, 16);
  const end = row + ROW_HEADER_BYTES + (<usize>pairs << 4);
  for (let word = row + ROW_HEADER_BYTES; word < end; word += 16) store<u64>(word, 0);
  return row;
}

/** `pair`: address of a pair of words of an open row. */
export function isKnown(pair: usize, bit: u64): bool {
  return (load<u64>(pair) & bit) != 0;
}

export function answerOf(pair: usize, bit: u64): bool {
  return (load<u64>(pair, 8) & bit) != 0;
}

export function remember(pair: usize, bit: u64, answer: bool): bool {
  store<u64>(pair, load<u64>(pair) | bit);
  const answers = load<u64>(pair, 8);
  store<u64>(pair, answer ? answers | bit : answers & ~bit, 8);
  return answer;
}
