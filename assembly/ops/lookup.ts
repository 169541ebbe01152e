/**
 * From a value to what a pack's data keeps for it: the address of a list, 0 for none.
 *
 *   map    ├─ mask ─┼─ slots: 12 bytes each, list 0 when free …
 *            u32
 *   slot   ├─ hash u32 ──┼─ constant u32 ─┼─ list u32 ─┤   of a text (constants: see text.ts)
 *          ├─ number u64 ─────────────────┼─ list u32 ─┤   of a number
 *   tree   ├─ list u32 ──┼─ edges u32 ────┼─ edges: 12 bytes each …
 *   edge   ├─ first byte u32 ─┼─ label u32, a constant ─┼─ node u32 ─┤
 *
 * Maps are at most half full. A tree has the texts that a value may begin with, or end with: then
 * it is read from the end, labels too, but each label stands in it the right way round.
 */
import { hashBytes } from "./bytes";
import { isText } from "./text";

const SLOT_BYTES: usize = 12;
const EDGE_BYTES: usize = 12;
/** host/compile/6-emit/lookup-tables.ts has the same. */
const SEED: u32 = 1;

export function listOfText(at: usize, length: u32, map: usize): usize {
  const mask = load<u32>(map);
  const hash = hashBytes(at, length, SEED);
  let slot = hash & mask;
  for (let tries: u32 = 0; tries <= mask; tries++) {
    const entry = map + 4 + <usize>slot * SLOT_BYTES;
    const list = <usize>load<u32>(entry, 8);
    if (list == 0) return 0;
    if (load<u32>(entry) == hash && isText(at, length, load<u32>(entry, 4))) return list;
    slot = (slot + 1) & mask;
  }
  return 0;
}

export function listOfNumber(number: u64, map: usize): usize {
  const mask = load<u32>(map);
  let slot = <u32>((number * 0x9e37_79b9_7f4a_7c15) >> 32) & mask;
  for (let tries: u32 = 0; tries <= mask; tries++) {
    const entry = map + 4 + <usize>slot * SLOT_BYTES;
    const list = <usize>load<u32>(entry, 8);
    if (list == 0 || load<u64>(entry) == number) return list;
    slot = (slot + 1) & mask;
  }
  return 0;
}

/** A walk down a tree: the rest of the value, and the node to look at next; 0 at the end. */
export class TreeWalk {
  static at: usize = 0;
  static end: usize = 0;
  static node: usize = 0;

  static begin(at: usize, length: u32, tree: usize): void {
    TreeWalk.at = at;
    TreeWalk.end = at + length;
    TreeWalk.node = tree;
  }
}

/** The list of the next longer text that the value begins with, 0 when there is none. */
export function nextPrefix(): usize {
  while (TreeWalk.node != 0) {
    const list = <usize>load<u32>(TreeWalk.node);
    stepForward();
    if (list != 0) return list;
  }
  return 0;
}

/** The same for texts that it ends with. */
export function nextSuffix(): usize {
  while (TreeWalk.node != 0) {
    const list = <usize>load<u32>(TreeWalk.node);
    stepBackward();
    if (list != 0) return list;
  }
  return 0;
}

function stepForward(): void {
  const at = TreeWalk.at;
  const edge = at == TreeWalk.end ? 0 : edgeOf(TreeWalk.node, load<u8>(at));
  TreeWalk.node = 0;
  if (edge == 0) return;
  const label = <usize>load<u32>(edge, 4);
  const size = load<u32>(label);
  if (size > <u32>(TreeWalk.end - at) || !isText(at, size, label)) return;
  TreeWalk.at = at + size;
  TreeWalk.node = load<u32>(edge, 8);
}

function stepBackward(): void {
  const end = TreeWalk.end;
  const edge = end == TreeWalk.at ? 0 : edgeOf(TreeWalk.node, load<u8>(end - 1));
  TreeWalk.node = 0;
  if (edge == 0) return;
  const label = <usize>load<u32>(edge, 4);
  const size = load<u32>(label);
  if (size > <u32>(end - TreeWalk.at) || !isText(end - size, size, label)) return;
  TreeWalk.end = end - size;
  TreeWalk.node = load<u32>(edge, 8);
}

/** The edge for this byte, 0 for none. Edges are in the order of their bytes. */
function edgeOf(node: usize, byte: u32): usize {
  let low: u32 = 0;
  let high = load<u32>(node, 4);
  while (low < high) {
    const middle = (low + high) >> 1;
    const edge = node + 8 + <usize>middle * EDGE_BYTES;
    const first = load<u32>(edge);
    if (first == byte) return edge;
    if (first < byte) low = middle + 1;
    else high = middle;
  }
  return 0;
}
