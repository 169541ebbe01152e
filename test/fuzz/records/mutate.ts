/** Damage: what a bad disk, a broken transfer, or somebody with intent does to blocks. */
import { block } from "../../../host/replay/block.ts";
import type { Random } from "../random.ts";
import { bytes } from "./events.ts";

const TYPES = [
  0x201, 0x202, 0x203, 0x204, 0x205, 0x206, 0x207, 0x208, 0x209, 0x210, 0x211, 0x212, 0x213, 0x214,
  0x215, 0x216, 0x217, 0x218, 0x219, 0x220, 0x221, 0x222, 0x0a0d_0d0a, 0x8000_abcd, 0x8001_abcd,
  0x8002_abcd, 0x8010_abcd, 0x8011_abcd, 0x8012_abcd, 0x8013_abcd, 0x8014_abcd, 0x4c4e_5201, 0x7777,
];
/** Numbers at which counters wrap, signs turn and bounds are met. */
const EDGES = [
  0, 1, 3, 4, 11, 12, 25, 26, 27, 63, 64, 65, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x1_0000,
  0x7fff_ffff, 0x8000_0000, 0xffff_fff0, 0xffff_ffff,
];

/** Blocks with one to four damages. What comes first is usually spared: it is the header. */
export function mutateBlocks(blocks: readonly Buffer[], random: Random): Buffer[] {
  const rows = blocks.map((each) => Buffer.from(each));
  const damages = 1 + random.below(4);
  for (let i = 0; i < damages; i++) {
    const at = random.chance(0.05) ? 0 : random.below(rows.length);
    random.pick(DAMAGES)(rows, at, random);
  }
  return rows;
}

type Damage = (rows: Buffer[], at: number, random: Random) => void;

const DAMAGES: readonly Damage[] = [
  flipBits,
  flipBits,
  writeEdge,
  writeEdge,
  (rows, at, random) => {
    const lie = random.chance(0.5) ? random.pick(EDGES) : random.below(4_096);
    rows[at] = put(rows[at], 4, lie, 4);
  },
  (rows, at, random) => {
    const lie = random.pick(EDGES);
    rows[at] = put(put(rows[at], 4, lie, 4), (rows[at]?.length ?? 4) - 4, lie, 4);
  },
  (rows, at, random) => {
    rows[at] = put(rows[at], 0, random.pick(TYPES), 4);
  },
  (rows, at) => {
    rows.splice(at, 1, Buffer.alloc(0));
  },
  (rows, at, random) => {
    rows.splice(at, 0, Buffer.from(random.pick(rows)));
  },
  (rows, at, random) => {
    const row = rows[at] ?? Buffer.alloc(0);
    rows[at] = row.subarray(0, random.below(row.length + 1));
  },
  splice,
  (rows, at, random) => {
    rows.splice(at, 0, block(random.pick(TYPES), bytes(random, random.below(120))));
  },
  (rows, at, random) => {
    rows.splice(at, 0, bytes(random, random.below(24)));
  },
  cutBody,
];

function flipBits(rows: Buffer[], at: number, random: Random): void {
  const row = rows[at];
  if (row === undefined || row.length === 0) return;
  for (let i = random.below(4); i >= 0; i--) {
    const place = random.below(row.length);
    row[place] = (row[place] ?? 0) ^ (1 << random.below(8));
  }
}

function writeEdge(rows: Buffer[], at: number, random: Random): void {
  const row = rows[at];
  if (row === undefined) return;
  const width = random.pick([1, 2, 4] as const);
  if (row.length >= width)
    put(row, random.below(row.length - width + 1), random.pick(EDGES), width);
}

/** The front of one block and the back of another, with lengths that fit. */
function splice(rows: Buffer[], at: number, random: Random): void {
  const [one, other] = [rows[at], random.pick(rows)];
  if (one === undefined || one.length < 16 || other.length < 16) return;
  const front = one.subarray(8, 8 + random.below(one.length - 12));
  const back = other.subarray(8 + random.below(other.length - 12), other.length - 4);
  rows[at] = block(one.readUInt32LE(0), Buffer.concat([front, back]));
}

/** A body that ends early, in a block whose lengths agree. */
function cutBody(rows: Buffer[], at: number, random: Random): void {
  const row = rows[at];
  if (row === undefined || row.length < 16) return;
  const body = row.subarray(8, 8 + random.below(row.length - 12));
  rows[at] = block(row.readUInt32LE(0), body);
}

/** Writes in place where there is room. */
function put(row: Buffer | undefined, at: number, value: number, width: 1 | 2 | 4): Buffer {
  const bytes = row ?? Buffer.alloc(0);
  if (at < 0 || at + width > bytes.length) return bytes;
  bytes.writeUIntLE(value % 2 ** (8 * width), at, width);
  return bytes;
}

/** Damage inside the event of a block that stays whole: its lengths, types and values. */
export function mutateEvent(sound: Buffer, random: Random): Buffer {
  const rows = [Buffer.from(sound)];
  const inside = (): void => {
    const row = rows[0] ?? sound;
    const body = row.subarray(8, row.length - 4);
    random.pick([flipBits, writeEdge, writeEdge])([body], 0, random);
  };
  for (let i = random.below(3); i >= 0; i--) {
    if (random.chance(0.85)) inside();
    else cutBody(rows, 0, random);
  }
  return rows[0] ?? sound;
}
