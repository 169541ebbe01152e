/**
 * Path prefixes by whole components, as a tree in the pack's data:
 *
 *   0          4         8
 *   ├─ is end ─┼─ count ─┼─ children: constant u32, is pattern u32, node u32 …
 *     u32        u32
 *
 * Slashes at the ends and doubled ones do not count.
 */
import { matchesGlob } from "./glob";
import { isText } from "./text";

const SLASH: u32 = 0x2f;
const CHILD_BYTES: usize = 12;
/** Of components in a value: a path has at most 4096 bytes, half of them slashes. */
const PATH_DEPTH_MAX: u32 = 2048;

/** Whether a prefix of the tree is the path or one of its parents. */
export function isBelow(at: usize, length: u32, node: usize): bool {
  return descend(at, at + length, node, 0);
}

function descend(at: usize, end: usize, node: usize, depth: u32): bool {
  if (load<u32>(node) != 0) return true;
  if (depth > PATH_DEPTH_MAX) return false;
  while (at < end && load<u8>(at) == SLASH) at++;
  if (at == end) return false;
  let stop = at;
  while (stop < end && load<u8>(stop) != SLASH) stop++;
  const size = <u32>(stop - at);
  const last = node + 8 + <usize>load<u32>(node, 4) * CHILD_BYTES;
  for (let child = node + 8; child < last; child += CHILD_BYTES) {
    const constant = <usize>load<u32>(child);
    const fits =
      load<u32>(child, 4) != 0
        ? matchesGlob(at, size, constant + 4, load<u32>(constant), false)
        : isText(at, size, constant);
    if (fits && descend(stop, end, load<u32>(child, 8), depth + 1)) return true;
  }
  return false;
}
