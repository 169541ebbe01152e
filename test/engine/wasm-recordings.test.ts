/** Real recordings: replayed whole, and broken in many small ways. */
import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import { describe, expect, test } from "vitest";
import { CaptureReader } from "../../host/replay/reader.ts";
import { replayParts } from "../../host/replay/replay-parts.ts";
import { STATE_BASE } from "../../host/schema/memory.ts";
import { shared } from "../support/shared.ts";
import { COUNTER, WasmEngine } from "./wasm-engine.ts";

const NAMES = ["files", "process", "network", "attacks", "everyday"];
/** Events that rules see, as the recordings' own description says. */
const SEEN: Readonly<Record<string, number>> = {
  files: 8_931,
  process: 15_510,
  network: 5_927,
  attacks: 30_808,
  everyday: 243_516,
};
const NO_RECORDINGS = shared("oracle", "files.scap.gz") === undefined;

async function blocksOf(name: string): Promise<Buffer> {
  const path = shared("oracle", `${name}.scap.gz`);
  if (path === undefined) throw new Error(`no recording ${name}`);
  const reader = new CaptureReader(createReadStream(path).pipe(createGunzip()));
  const rows: Buffer[] = [];
  for await (const part of replayParts(reader)) {
    if (part.kind === "blocks") rows.push(Buffer.from(part.bytes));
  }
  return Buffer.concat(rows);
}

const large = { threads: 16_384, descriptors: 65_536, stringBytes: 64 << 20, containers: 256 };

describe.skipIf(NO_RECORDINGS)("recordings (skipped: the shared data is not here)", () => {
  test.each(NAMES)("%s is taken in whole, and nothing is lost", async (name) => {
    const engine = new WasmEngine(large);
    const blocks = await blocksOf(name);
    expect(engine.feed(blocks)).toBe(blocks.length);
    for (const lost of ["malformed", "unknownTypes", "threadsFull", "descriptorsFull"] as const) {
      expect([lost, engine.counter(lost)]).toEqual([lost, 0]);
    }
    expect(engine.counter("stringsFull")).toBe(0);
    // 32 users and groups come first; they have numbers but are not shown.
    expect(engine.header("eventNumber")).toBe((SEEN[name] ?? 0) + 32);
    expect(engine.header("changing")).toBe(0);
    const alive = engine.counter("threadsAdded") - engine.counter("threadsRemoved");
    expect(alive).toBeLessThan(40);
  });

  test("a state that is laid out again gives the same result", async () => {
    const engine = new WasmEngine(large);
    const blocks = await blocksOf("process");
    const run = (): number[] => {
      engine.feed(blocks);
      const counted = Object.keys(COUNTER) as (keyof typeof COUNTER)[];
      return counted.map((name) => engine.counter(name));
    };
    const first = run();
    engine.exports.layOut(16_384, 65_536, 64 << 20, 256, 64, 64);
    expect(run()).toEqual(first);
  });
});

/** Numbers that look random and are the same every time. */
class Dice {
  #state: number;
  constructor(seed: number) {
    this.#state = seed;
  }
  below(limit: number): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((this.#state / 2 ** 32) * limit);
  }
}

interface Block {
  readonly at: number;
  readonly length: number;
}

function blocksIn(bytes: Buffer): Block[] {
  const blocks: Block[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = bytes.readUInt32LE(at + 4);
    blocks.push({ at, length });
    at += length;
  }
  return blocks;
}

/** Changes one to four bytes of a block's event, often where lengths and ids are. */
function damage(bytes: Uint8Array, { at, length }: Block, dice: Dice): void {
  const head = 10;
  for (let n = 1 + dice.below(4); n > 0; n--) {
    const reach = dice.below(2) === 0 ? Math.min(length - 14, 60) : length - 14;
    const byte = at + head + dice.below(Math.max(reach, 1));
    const value = [0, 255, 127, dice.below(256)][dice.below(4)] ?? 0;
    bytes[byte] = value;
  }
}

describe.skipIf(NO_RECORDINGS)("damaged records (skipped: the shared data is not here)", () => {
  test("200,000 of them neither trap nor hang, and state stays usable", {
    timeout: 120_000,
  }, async () => {
    const sources = await Promise.all(["attacks", "network", "process", "files"].map(blocksOf));
    const dice = new Dice(20_251_122);
    // Small tables, so that every kind of "full" happens too.
    const engine = new WasmEngine({
      threads: 512,
      descriptors: 2_048,
      stringBytes: 1 << 20,
      containers: 8,
    });
    let damaged = 0;
    for (let round = 0; damaged < 200_000; round++) {
      const source = sources[round % sources.length] ?? Buffer.alloc(0);
      const bytes = Buffer.from(source);
      for (const block of blocksIn(source)) {
        if (dice.below(3) === 0) continue;
        damage(bytes, block, dice);
        damaged++;
      }
      expect(engine.feed(bytes)).toBe(bytes.length);
    }
    expect(engine.counter("malformed")).toBeGreaterThan(10_000);
    expect(engine.counter("threadsFull")).toBeGreaterThan(0);
    checkWindow(engine);
    forgetAll(engine);
  });
});

/** Walks the tables as a reader would: counts agree, lists end, texts are within the heap. */
function checkWindow(engine: WasmEngine): void {
  const view = new DataView(engine.memory.buffer);
  const header = (offset: number): number => view.getUint32(STATE_BASE + offset, true);
  expect(header(12)).toBe(0);
  const [base, slots, capacity, index] = [header(72), header(76), header(80), header(84)];
  let threads = 0;
  for (let slot = 0; slot < slots; slot++) {
    let steps = 0;
    for (let at = view.getUint32(index + 4 * slot, true); at !== 0; steps++) {
      expect(at).toBeGreaterThanOrEqual(base);
      expect(steps).toBeLessThanOrEqual(capacity);
      threads++;
      at = view.getUint32(at + THREAD_HASH_NEXT, true);
    }
  }
  const added = engine.counter("threadsAdded") - engine.counter("threadsRemoved");
  expect(threads).toBe(added);
  expect(engine.exports.attach()).toBe(0);
}

/** With all threads gone nothing may be left of them: no descriptor, no text, no child. */
function forgetAll(engine: WasmEngine): void {
  const view = new DataView(engine.memory.buffer);
  const header = (offset: number): number => view.getUint32(STATE_BASE + offset, true);
  const slots = header(76);
  engine.exports.purge(0n);
  expect(header(HEADER.threadCount)).toBe(0);
  expect(header(HEADER.descriptorCount)).toBe(0);
  const children = header(HEADER.childIndexBase);
  for (let slot = 0; slot < slots; slot++)
    expect(view.getUint32(children + 4 * slot, true)).toBe(0);
  // Ids of the containers, which stay: 8 of at most 64 bytes, and what users and groups are called.
  expect(header(HEADER.stringUsed)).toBeLessThan(8 * 128 + 64 * 5 * 64);
}

/** Offsets in assembly/state/header.ts. */
const HEADER = { childIndexBase: 144, threadCount: 160, descriptorCount: 164, stringUsed: 200 };

/** Offset of `hashNext` in assembly/state/thread.ts: 25 u64, 12 u32. */
const THREAD_HASH_NEXT = 25 * 8 + 12 * 4;
