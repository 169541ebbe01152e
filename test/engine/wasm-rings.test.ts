/** Ring buffers: time order, records in the making, discarded ones, nonsense, positions. */
import { closeSync, openSync } from "node:fs";
import { beforeEach, describe, expect, test } from "vitest";
import { tappedBytes } from "../../host/engine/state-file.ts";
import { HEADER_AT, RING_POSITIONS_AT, TAPPED_AT } from "../../host/engine/state-window.ts";
import {
  REPLAY_BASE,
  RING_DATA_OFFSET,
  RING_PRODUCER_OFFSET,
  RINGS_BASE,
  STATE_BASE,
  WAKEUP_BASE,
  WASM_PAGE_BYTES,
} from "../../host/schema/memory.ts";
import { TestFolder } from "../support/folder.ts";
import { event, execve } from "../support/records.ts";
import { packThatReturns, WasmEngine } from "./wasm-engine.ts";

const RING_BYTES = 65_536;
const BUSY = 0x8000_0000;
const DISCARDED = 0x4000_0000;
const POSITIONS = STATE_BASE + 8_192;

/** Writes a ring as the kernel does; the second copy of the data is written along. */
class Ring {
  readonly base: number;
  readonly #view: DataView;
  produced = 0;

  constructor(engine: WasmEngine, index: number) {
    const size = RING_DATA_OFFSET + 2 * RING_BYTES;
    this.base = RINGS_BASE + index * Math.ceil(size / WASM_PAGE_BYTES) * WASM_PAGE_BYTES;
    this.#view = new DataView(engine.memory.buffer);
    engine.exports.setRing(index, RING_BYTES);
  }

  get consumed(): number {
    return Number(this.#view.getBigUint64(this.base, true));
  }

  /** Returns the position of the record. */
  put(record: Uint8Array, flags = 0, cpu = 0): number {
    const body = Buffer.concat([Buffer.alloc(6), Buffer.of(cpu, 0), record]);
    return this.putRaw(body.length, body, flags);
  }

  putRaw(length: number, body: Uint8Array, flags = 0): number {
    const at = this.produced;
    this.#write(at, Buffer.from(Uint32Array.of((length | flags) >>> 0, 0).buffer));
    this.#write(at + 8, body);
    this.produced += Math.ceil((length + 8) / 8) * 8;
    this.publish(this.produced);
    return at;
  }

  publish(position: number): void {
    this.#view.setBigUint64(this.base + RING_PRODUCER_OFFSET, BigInt(position), true);
  }

  commit(position: number, record: Uint8Array): void {
    this.#write(position, Buffer.from(Uint32Array.of(record.length + 8, 0).buffer));
  }

  #write(position: number, bytes: Uint8Array): void {
    bytes.forEach((byte, i) => {
      const at = this.base + RING_DATA_OFFSET + ((position + i) % RING_BYTES);
      this.#view.setUint8(at, byte);
      this.#view.setUint8(at + RING_BYTES, byte);
    });
  }
}

const uid = (tid: number): Buffer => event("SYSCALL_GETUID_X", tid, [0]);

let engine: WasmEngine;
let order: (string | number | boolean | undefined)[];

beforeEach(() => {
  engine = new WasmEngine();
  order = [];
  engine.onMatch = () => order.push(engine.field("thread.tid"));
  engine.addPack(0, packThatReturns(1), ["SYSCALL_GETUID_X"]);
});

describe("drain", () => {
  test("merges rings by time", () => {
    const [first, second] = [new Ring(engine, 0), new Ring(engine, 1)];
    second.put(uid(1));
    first.put(uid(2));
    first.put(uid(3));
    second.put(uid(4));
    first.put(uid(5));
    expect(engine.exports.drain(100)).toBe(5);
    expect(order).toEqual([1, 2, 3, 4, 5]);
    expect(first.consumed).toBe(first.produced);
    expect(second.consumed).toBe(second.produced);
    expect(engine.exports.drain(100)).toBe(0);
  });

  test("stops at its limit and goes on from there", () => {
    const ring = new Ring(engine, 0);
    for (let tid = 1; tid <= 5; tid++) ring.put(uid(tid));
    expect(engine.exports.drain(2)).toBe(2);
    expect(ring.consumed).toBeLessThan(ring.produced);
    expect(engine.exports.drain(100)).toBe(3);
    expect(order).toEqual([1, 2, 3, 4, 5]);
  });

  test("stops behind an event that raises a question, and goes on from there", () => {
    const asked: string[] = [];
    engine.onProcess = (pid, container) => asked.push(`${container} of ${String(pid)}`);
    const ring = new Ring(engine, 0);
    const cgroups = `cpu=/docker/${"ab".repeat(32)}\0`;
    const block = execve({ tid: 7, exe: "/bin/x", comm: "x", cgroups });
    ring.put(uid(1));
    ring.put(block.subarray(10, 10 + block.readUInt32LE(10 + 16)));
    ring.put(uid(2));
    expect(engine.exports.drain(100)).toBe(2);
    expect(asked).toEqual(["abababababab of 7"]);
    expect(engine.exports.drain(100)).toBe(1);
    expect(order).toEqual([1, 2]);
  });

  test("waits for a record that is being written", () => {
    const ring = new Ring(engine, 0);
    const record = uid(1);
    const at = ring.put(record, BUSY);
    ring.put(uid(2));
    expect(engine.exports.drain(100)).toBe(0);
    ring.commit(at, record);
    expect(engine.exports.drain(100)).toBe(2);
    expect(order).toEqual([1, 2]);
  });

  test("passes over discarded records and counts them", () => {
    const ring = new Ring(engine, 0);
    ring.put(uid(1), DISCARDED);
    ring.put(uid(2));
    expect(engine.exports.drain(100)).toBe(1);
    expect(engine.counter("discarded")).toBe(1);
  });

  test("goes around the end of the data many times", () => {
    const ring = new Ring(engine, 0);
    for (let tid = 1; tid <= 3_000; tid++) {
      ring.put(uid(tid % 50));
      if (tid % 100 === 0) expect(engine.exports.drain(1_000)).toBe(100);
    }
    expect(ring.produced).toBeGreaterThan(RING_BYTES);
    expect(order).toHaveLength(3_000);
  });
});

describe("nonsense", () => {
  test("a record too short for an event is counted and passed over", () => {
    const ring = new Ring(engine, 0);
    ring.putRaw(9, Buffer.alloc(9));
    ring.put(uid(2));
    expect(engine.exports.drain(100)).toBe(1);
    expect(engine.counter("malformed")).toBe(1);
  });

  test("a record that reaches beyond the producer ends what the ring holds", () => {
    const ring = new Ring(engine, 0);
    ring.putRaw(60_000, Buffer.alloc(16));
    ring.publish(64);
    expect(engine.exports.drain(100)).toBe(0);
    expect(engine.counter("ringGaps")).toBe(1);
    expect(ring.consumed).toBe(64);
  });

  test("an event whose lengths do not add up is counted", () => {
    const ring = new Ring(engine, 0);
    const bad = uid(1);
    bad.writeUInt32LE(7, 22);
    ring.put(bad);
    ring.put(uid(2));
    engine.exports.drain(100);
    expect(engine.counter("malformed")).toBe(1);
    expect(order).toEqual([2]);
  });
});

test("the position of what was applied is in state, for a successor", () => {
  const ring = new Ring(engine, 0);
  ring.put(uid(1));
  engine.exports.drain(100);
  const view = new DataView(engine.memory.buffer);
  expect(Number(view.getBigUint64(POSITIONS, true))).toBe(ring.produced);
});

test("sleep asks for a wake-up and says when there is something to do", () => {
  const ring = new Ring(engine, 0);
  const view = new DataView(engine.memory.buffer);
  expect(engine.exports.sleep()).toBe(0);
  expect(view.getUint32(WAKEUP_BASE, true)).toBe(1);
  ring.put(uid(1));
  expect(engine.exports.sleep()).toBe(1);
});

test("the tap writes blocks that replay takes", () => {
  const ring = new Ring(engine, 0);
  engine.exports.tap(1);
  ring.put(uid(7), 0, 3);
  ring.put(uid(8), 0, 1);
  engine.exports.drain(100);
  const bytes = engine.exports.tapped() >>> 0;
  expect(engine.exports.tapped()).toBe(bytes);
  engine.exports.tap(0);
  expect(engine.exports.tapped()).toBe(0);
  expect(engine.exports.replay(REPLAY_BASE, bytes)).toBe(bytes);
  expect(order).toEqual([7, 8, 7, 8]);
  expect(engine.field("evt.cpu")).toBe(1);
});

describe("recorded bytes that a dead engine leaves", () => {
  const folder = new TestFolder("tapped");
  const view = (): DataView => new DataView(engine.memory.buffer, STATE_BASE);
  let whole: number;
  let first: number;

  /** What the agent reads of the state as it is now. */
  function left(): number {
    const file = folder.file("state", Buffer.from(engine.memory.buffer, STATE_BASE, 16_384));
    const fd = openSync(file, "r");
    try {
      return tappedBytes(fd);
    } finally {
      closeSync(fd);
    }
  }

  beforeEach(() => {
    const ring = new Ring(engine, 0);
    engine.exports.tap(1);
    ring.put(uid(7));
    engine.exports.drain(100);
    first = engine.exports.tapped();
    ring.put(uid(8));
    engine.exports.drain(100);
    whole = engine.exports.tapped();
  });

  test("are all there when the last event was applied", () => {
    expect(whole).toBeGreaterThan(first);
    expect(left()).toBe(whole);
  });

  test("are all there although what came next left the tables torn", () => {
    view().setUint32(HEADER_AT.changing, 1, true);
    expect(left()).toBe(whole);
  });

  test("lack the last event when it will be drained again", () => {
    const applied = view().getBigUint64(RING_POSITIONS_AT, true);
    view().setBigUint64(RING_POSITIONS_AT, applied - 8n, true);
    expect(left()).toBe(first);
  });

  test("end before an event that was not counted yet", () => {
    const applied = view().getBigUint64(RING_POSITIONS_AT, true);
    view().setBigUint64(RING_POSITIONS_AT, applied - 8n, true);
    view().setUint32(TAPPED_AT, first, true);
    expect(left()).toBe(first);
  });
});
