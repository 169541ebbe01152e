/** Layouts of the tables by which candidates are found; assembly/ops/lookup.ts has the pictures. */
import type { Bytes } from "../4-check/predicate.ts";
import type { DataBlock } from "./data.ts";
import { hashBytes, textTable, wordsTable } from "./tables.ts";

/** A value, and the address of what it leads to. */
type Pair<Value> = readonly [Value, number];

/** At most half full. */
export function textMap(data: DataBlock, pairs: readonly Pair<Bytes>[]): number {
  const size = sizeFor(pairs.length);
  const slots = place(pairs, size, ([text]) => hashBytes(text, SEED));
  const words = slots.flatMap((pair) =>
    pair === undefined ? [0, 0, 0] : [hashBytes(pair[0], SEED), textTable(data, pair[0]), pair[1]],
  );
  return wordsTable(data, [size - 1, ...words]);
}

export function numberMap(data: DataBlock, pairs: readonly Pair<bigint>[]): number {
  const size = sizeFor(pairs.length);
  const slots = place(pairs, size, ([number]) => hashNumber(number));
  const words = slots.flatMap((pair) => {
    if (pair === undefined) return [0, 0, 0];
    const bits = BigInt.asUintN(64, pair[0]);
    return [Number(bits & 0xffff_ffffn), Number(bits >> 32n), pair[1]];
  });
  return wordsTable(data, [size - 1, ...words]);
}

const SEED = 1;

function sizeFor(count: number): number {
  let size = 2;
  while (size < count * 2) size *= 2;
  return size;
}

function place<Item>(
  items: readonly Item[],
  size: number,
  hashOf: (item: Item) => number,
): readonly (Item | undefined)[] {
  const slots = Array.from<Item | undefined>({ length: size });
  for (const item of items) {
    let slot = hashOf(item) & (size - 1);
    while (slots[slot] !== undefined) slot = (slot + 1) & (size - 1);
    slots[slot] = item;
  }
  return slots;
}

/** The same as in assembly/ops/lookup.ts. */
export function hashNumber(number: bigint): number {
  return Number((BigInt.asUintN(64, number * 0x9e37_79b9_7f4a_7c15n) >> 32n) & 0xffff_ffffn);
}

export function prefixTree(data: DataBlock, pairs: readonly Pair<Bytes>[]): number {
  return treeNode(data, sorted(pairs), (text) => text);
}

/** The tree of the texts from their ends; labels stand in it the right way round. */
export function suffixTree(data: DataBlock, pairs: readonly Pair<Bytes>[]): number {
  const turned = pairs.map(([text, list]) => [reversed(text), list] as const);
  return treeNode(data, sorted(turned), reversed);
}

function sorted(pairs: readonly Pair<Bytes>[]): readonly Pair<Bytes>[] {
  return pairs.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

function reversed(text: Bytes): Bytes {
  return Array.from(text).reverse().join("");
}

/** `pairs` are sorted and differ; `label` turns a label into what is stored. */
function treeNode(
  data: DataBlock,
  pairs: readonly Pair<Bytes>[],
  label: (text: Bytes) => Bytes,
): number {
  const own = pairs.find(([text]) => text === "");
  const edges: number[] = [];
  let start = own === undefined ? 0 : 1;
  while (start < pairs.length) {
    const first = pairs[start]?.[0] ?? "";
    let end = start + 1;
    while (end < pairs.length && pairs[end]?.[0].charCodeAt(0) === first.charCodeAt(0)) end++;
    const branch = pairs.slice(start, end);
    // They are sorted: what the first and the last have in common, all have.
    const common = commonLength(first, branch.at(-1)?.[0] ?? "");
    const child = branch.map(([text, list]) => [text.slice(common), list] as const);
    const node = treeNode(data, child, label);
    edges.push(first.charCodeAt(0), textTable(data, label(first.slice(0, common))), node);
    start = end;
  }
  return wordsTable(data, [own?.[1] ?? 0, edges.length / 3, ...edges]);
}

function commonLength(a: Bytes, b: Bytes): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}
