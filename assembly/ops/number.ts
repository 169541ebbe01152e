/** Membership of a number: `u32 count`, four unused bytes, then that many 64-bit numbers. */
export function isNumberIn(number: u64, list: usize): bool {
  const end = list + 8 + (<usize>load<u32>(list) << 3);
  for (let entry = list + 8; entry < end; entry += 8) {
    if (load<u64>(entry) == number) return true;
  }
  return false;
}
