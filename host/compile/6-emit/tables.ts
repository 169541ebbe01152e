/** Layouts of the tables that assembly/ops reads; the pictures are there. */
import type { Bytes } from "../4-check/predicate.ts";
import { compileRegex } from "../4-check/regex/automaton.ts";
import type { Network } from "../5-plan/graph.ts";
import type { DataBlock } from "./data.ts";

export function textTable(data: DataBlock, text: Bytes): number {
  const table = Buffer.alloc(4 + text.length);
  table.writeUInt32LE(text.length);
  table.write(text, 4, "latin1");
  return data.add(table);
}

export function listTable(data: DataBlock, texts: readonly Bytes[]): number {
  return wordsTable(data, [texts.length, ...texts.map((text) => textTable(data, text))]);
}

/** `values` as u32 each. */
export function wordsTable(data: DataBlock, values: readonly number[]): number {
  const table = Buffer.alloc(values.length * 4);
  values.forEach((value, i) => table.writeUInt32LE(value >>> 0, i * 4));
  return data.add(table);
}

/** `values` as u64 each. */
export function longsTable(data: DataBlock, values: readonly bigint[]): number {
  const table = Buffer.alloc(values.length * 8);
  values.forEach((value, i) => table.writeBigUInt64LE(value, i * 8));
  return data.add(table);
}

const SEEDS_MAX = 64;
const SEEDED_TEXTS_MAX = 32;

interface Layout {
  readonly seed: number;
  readonly slots: readonly (Bytes | undefined)[];
  /** Steps that members lie away from their own slot. */
  readonly moved: number;
}

/** At most half full, with the seed that lets the fewest members lie apart from their slot. */
export function setTable(data: DataBlock, texts: readonly Bytes[]): number {
  return data.once(`set ${JSON.stringify(texts)}`, () => makeSet(data, texts));
}

function makeSet(data: DataBlock, texts: readonly Bytes[]): number {
  let size = 2;
  while (size < texts.length * 2) size *= 2;
  let best = place(texts, size, 1);
  // A large set has members apart with any seed.
  const seeds = texts.length > SEEDED_TEXTS_MAX ? 1 : SEEDS_MAX;
  for (let seed = 2; seed <= seeds && best.moved > 0; seed++) {
    const candidate = place(texts, size, seed);
    if (candidate.moved < best.moved) best = candidate;
  }
  const table = Buffer.alloc(16 + size * 8);
  table.writeBigUInt64LE(lengthMask(texts));
  table.writeUInt32LE(size - 1, 8);
  table.writeUInt32LE(best.seed, 12);
  best.slots.forEach((text, slot) => {
    if (text === undefined) return;
    table.writeUInt32LE(hashBytes(text, best.seed), 16 + slot * 8);
    table.writeUInt32LE(textTable(data, text), 20 + slot * 8);
  });
  return data.add(table);
}

function place(texts: readonly Bytes[], size: number, seed: number): Layout {
  const slots = Array.from<Bytes | undefined>({ length: size });
  let moved = 0;
  for (const text of texts) {
    let slot = hashBytes(text, seed) & (size - 1);
    while (slots[slot] !== undefined) {
      slot = (slot + 1) & (size - 1);
      moved++;
    }
    slots[slot] = text;
  }
  return { seed, slots, moved };
}

function lengthMask(texts: readonly Bytes[]): bigint {
  return texts.reduce((mask, text) => mask | (1n << BigInt(Math.min(text.length, 63))), 0n);
}

/** The same as assembly/ops/bytes.ts. */
export function hashBytes(text: Bytes, seed: number): number {
  const bytes = Buffer.from(text, "latin1");
  const length = bytes.length;
  let hash = (seed ^ Math.imul(length, 0x9e37_79b1)) >>> 0;
  if (length < 4)
    return finish(
      mix(
        hash,
        bytes.reduce((word, byte) => (word << 8) | byte, 0),
      ),
    );
  let at = 0;
  for (; at + 4 <= length; at += 4) hash = mix(hash, bytes.readUInt32LE(at));
  if (at !== length) hash = mix(hash, bytes.readUInt32LE(length - 4));
  return finish(hash);
}

function mix(hash: number, word: number): number {
  const product = Math.imul(hash ^ word, 0x85eb_ca6b);
  return ((product << 15) | (product >>> 17)) >>> 0;
}

function finish(hash: number): number {
  const folded = Math.imul(hash ^ (hash >>> 16), 0xc2b2_ae35);
  return (folded ^ (folded >>> 13)) >>> 0;
}

/** The top bit of a state says that it accepts; the start's is in the second word. */
export function regexTable(data: DataBlock, pattern: Bytes): number {
  const { classes, classCount, next, accepts } = compileRegex(pattern);
  const table = Buffer.alloc(264 + next.length * 2);
  table.writeUInt32LE(classCount);
  table.writeUInt32LE(accepts[1] === 1 ? ACCEPTS : 0, 4);
  table.set(classes, 8);
  next.forEach((state, i) => {
    table.writeUInt16LE(state | (accepts[state] === 1 ? ACCEPTS : 0), 264 + i * 2);
  });
  return data.add(table);
}

const ACCEPTS = 0x8000;

export function numberTable(data: DataBlock, numbers: readonly bigint[]): number {
  const table = Buffer.alloc(8 + numbers.length * 8);
  table.writeUInt32LE(numbers.length);
  numbers.forEach((number, i) => table.writeBigUInt64LE(BigInt.asUintN(64, number), 8 + i * 8));
  return data.add(table);
}

export function networkTable(data: DataBlock, networks: readonly Network[]): number {
  const table = Buffer.alloc(8 + networks.length * 24);
  table.writeUInt32LE(networks.length);
  networks.forEach(({ bytes, bits }, i) => {
    table.writeUInt32LE(bytes.length, 8 + i * 24);
    table.writeUInt32LE(bits, 12 + i * 24);
    table.write(bytes, 16 + i * 24, "latin1");
  });
  return data.add(table);
}

interface PathNode {
  ends: boolean;
  readonly children: Map<Bytes, PathNode>;
}

/** A tree of components. What lies below a prefix that is there is left out. */
export function pathTable(data: DataBlock, prefixes: readonly Bytes[]): number {
  const root: PathNode = { ends: false, children: new Map() };
  for (const prefix of prefixes) {
    let node = root;
    for (const part of prefix.split("/").filter((component) => component !== "")) {
      const next = node.children.get(part) ?? { ends: false, children: new Map<Bytes, PathNode>() };
      node.children.set(part, next);
      node = next;
    }
    node.ends = true;
  }
  return pathNode(data, root);
}

function pathNode(data: DataBlock, node: PathNode): number {
  if (node.ends) return wordsTable(data, [1, 0]);
  const children = [...node.children].flatMap(([part, child]) => [
    textTable(data, part),
    /[?*[]/.test(part) ? 1 : 0,
    pathNode(data, child),
  ]);
  return wordsTable(data, [0, node.children.size, ...children]);
}
