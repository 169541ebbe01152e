/**
 * Full tables, sizes that do not fit, taking over, packs that trap: nothing breaks, all is counted.
 */
import { describe, expect, test } from "vitest";
import {
  FRAME_AT,
  NO_PACK,
  NO_PACK_YET,
  RING_POSITIONS_AT,
} from "../../host/engine/state-window.ts";
import { STATE_BASE } from "../../host/schema/memory.ts";
import { clone, encode, encodeStateOnly, execve, task } from "../support/records.ts";
import { packThatReturns, packThatTraps, WasmEngine } from "./wasm-engine.ts";

const anything = (tid: number): Buffer => encode("SYSCALL_GETUID_X", tid, 0);
const openat = (tid: number, fd: number, name: string): Buffer =>
  encode("SYSCALL_OPENAT_2_X", tid, fd, -100, name, 1, 0, 0, 0);

describe("full tables drop the newcomer", () => {
  test("threads", () => {
    const engine = new WasmEngine({ threads: 8 });
    for (let tid = 1; tid <= 20; tid++) engine.feed(anything(tid));
    expect(engine.counter("threadsFull")).toBe(12);
    expect(engine.field("proc.name")).toBeUndefined();
    engine.feed(anything(3));
    expect(engine.field("proc.name")).toBe("<NA>");
  });

  test("threads, while clones go on", () => {
    const engine = new WasmEngine({ threads: 4 });
    engine.feed(task({ tid: 1 }));
    for (let tid = 2; tid < 40; tid++) engine.feed(clone({ result: tid, tid: 1 }));
    for (let tid = 2; tid < 40; tid++) engine.feed(encode("PROCEXIT_1_E", tid, 0, 0, 0, 0, 1));
    engine.feed(anything(1), clone({ result: 50, tid: 1 }), anything(50));
    expect(engine.field("proc.ppid")).toBe(1);
  });

  test("descriptors", () => {
    const engine = new WasmEngine({ descriptors: 4 });
    engine.feed(task({ tid: 1 }));
    for (let fd = 0; fd < 10; fd++) engine.feed(openat(1, fd, `/f${fd}`));
    expect(engine.counter("descriptorsFull")).toBe(6);
    expect(engine.frame("descriptor")).toBe(0);
  });

  test("descriptors of one process", () => {
    const engine = new WasmEngine({ descriptors: 8_192 });
    engine.feed(task({ tid: 1 }));
    for (let fd = 0; fd < 4_100; fd++) engine.feed(openat(1, fd, "/f"));
    expect(engine.counter("processDescriptorsFull")).toBe(4);
  });

  test("texts", () => {
    const engine = new WasmEngine({ stringBytes: 4_096 });
    engine.feed(task({ tid: 1 }));
    for (let fd = 0; fd < 50; fd++) engine.feed(openat(1, fd, `/${"x".repeat(200)}${fd}`));
    expect(engine.counter("stringsFull")).toBeGreaterThan(0);
    expect(engine.field("proc.name")).toBe("task");
    for (let fd = 0; fd < 50; fd++) engine.feed(encode("SYSCALL_CLOSE_X", 1, 0, fd));
    engine.feed(openat(1, 3, "/again"));
    expect(engine.field("fd.name")).toBe("/again");
  });

  test("containers without threads make room for new ones", () => {
    const engine = new WasmEngine({ containers: 2 });
    for (let i = 0; i < 5; i++) {
      const cgroups = `cpu=/docker/${String(i).padStart(64, "a")}\0`;
      engine.feed(execve({ tid: 9, exe: "/bin/x", comm: "x", cgroups }));
    }
    expect(engine.counter("containersFull")).toBe(0);
    expect(engine.frame("container")).not.toBe(0);
  });
});

describe("sizes", () => {
  test.each([
    [[0, 1, 1, 1, 1, 1], 1],
    [[1 << 21, 1, 1, 1, 1, 1], 1],
    [[1 << 19, 1 << 22, 1, 1, 1, 1], 2],
    [[1, 1, 0x2000_0000, 1, 1, 1], 3],
    [[1, 1, 1, (1 << 22) + 1, 1, 1], 4],
    [[1024, 1024, 4096, 16, 16, 16], 0],
  ] as const)("%j", ([threads, descriptors, strings, containers, users, groups], expected) => {
    const { exports } = new WasmEngine();
    const failed = exports.layOut(threads, descriptors, strings, containers, users, groups);
    expect(failed).toBe(expected);
  });
});

describe("taking over a state window", () => {
  const view = (engine: WasmEngine): DataView => new DataView(engine.memory.buffer);

  test("whole, torn, foreign", () => {
    const engine = new WasmEngine();
    engine.feed(task({ tid: 1, comm: "init" }));
    expect(engine.exports.attach()).toBe(0);
    engine.feed(anything(1));
    expect(engine.field("proc.name")).toBe("init");
    view(engine).setUint32(STATE_BASE + 12, 1, true);
    expect(engine.exports.attach()).toBe(1);
    view(engine).setUint32(STATE_BASE + 12, 0, true);
    view(engine).setUint32(STATE_BASE + 8, 999, true);
    expect(engine.exports.attach()).toBe(2);
  });

  test.each([
    ["a torn update", 1],
    ["a layout that was broken off", 2],
  ])(
    "%s costs the tables, not the counters, the numbering and the places in rings",
    (_, changing) => {
      const engine = new WasmEngine();
      engine.feed(task({ tid: 1, comm: "init" }), anything(1), anything(1));
      const [events, number] = [engine.counter("events"), engine.header("eventNumber")];
      expect(events).toBeGreaterThan(0);
      view(engine).setBigUint64(STATE_BASE + RING_POSITIONS_AT, 4_096n, true);
      view(engine).setUint32(STATE_BASE + 12, changing, true);
      expect(engine.exports.layOut(64, 64, 65_536, 4, 16, 16)).toBe(0);
      expect(view(engine).getBigUint64(STATE_BASE + RING_POSITIONS_AT, true)).toBe(4_096n);
      expect(engine.counter("events")).toBe(events);
      expect(engine.header("eventNumber")).toBe(number);
      engine.feed(anything(1));
      expect(engine.field("proc.name")).toBe("<NA>");
    },
  );
});

describe("an engine that takes over", () => {
  test("shows packs an event that state had taken in and no pack had seen", () => {
    const engine = new WasmEngine();
    let matches = 0;
    engine.onMatch = () => {
      matches++;
    };
    engine.addPack(0, packThatReturns(1), ["SYSCALL_GETUID_X"]);
    engine.feed(anything(1));
    const head = new DataView(engine.memory.buffer, STATE_BASE);
    head.setUint32(FRAME_AT.pack, NO_PACK_YET, true);
    expect(engine.exports.attach()).toBe(0);
    engine.exports.resume();
    expect(matches).toBe(2);
    expect(head.getUint32(FRAME_AT.pack, true)).toBe(NO_PACK);
    engine.exports.resume();
    expect(matches).toBe(2);
  });

  test("owes nothing for an event that no pack wants", () => {
    const engine = new WasmEngine();
    engine.feed(anything(1));
    const head = new DataView(engine.memory.buffer, STATE_BASE);
    expect(head.getUint32(FRAME_AT.pack, true)).toBe(NO_PACK);
  });
});

describe("packs", () => {
  test("are called for the types they want, in order, and only when switched on", () => {
    const engine = new WasmEngine();
    const calls: [number, number][] = [];
    engine.onMatch = (pack, count) => calls.push([pack, count]);
    engine.addPack(0, packThatReturns(2), ["SYSCALL_GETUID_X"]);
    engine.addPack(70, packThatReturns(1), ["SYSCALL_GETUID_X", "SYSCALL_SETSID_X"]);
    engine.addPack(3, packThatReturns(0), ["SYSCALL_GETUID_X"]);
    engine.feed(anything(1), encode("SYSCALL_SETSID_X", 1, 1));
    expect(calls).toEqual([
      [0, 2],
      [70, 1],
      [70, 1],
    ]);
    expect(engine.counter("matches")).toBe(4);
    engine.exports.setPack(70, 0);
    engine.feed(encode("SYSCALL_SETSID_X", 1, 1));
    expect(calls).toHaveLength(3);
  });

  test("never see what is for state only, nor enter events", () => {
    const engine = new WasmEngine();
    engine.addPack(0, packThatReturns(1), ["SYSCALL_OPENAT_2_E", "ITER_TASK_E", "USER_ADDED_E"]);
    engine.feed(encode("SYSCALL_OPENAT_2_E", 1, -100, "/x", 1, 0), task({ tid: 1 }));
    engine.feed(encodeStateOnly("USER_ADDED_E", -1n, 0, 0, "root", "/", "/bin/sh", ""));
    expect(engine.counter("evaluated")).toBe(0);
    expect(engine.header("eventNumber")).toBe(1);
  });

  test("one that traps does not keep the event from the others", () => {
    const engine = new WasmEngine();
    const calls: number[] = [];
    engine.onMatch = (pack) => calls.push(pack);
    engine.addPack(0, packThatReturns(1), ["SYSCALL_GETUID_X"]);
    engine.addPack(1, packThatTraps(), ["SYSCALL_GETUID_X"]);
    engine.addPack(2, packThatReturns(1), ["SYSCALL_GETUID_X"]);
    expect(() => engine.feed(anything(1))).toThrow(WebAssembly.RuntimeError);
    engine.exports.setPack(1, 0);
    engine.exports.resume();
    expect(calls).toEqual([0, 2]);
    expect(engine.counter("packTraps")).toBe(1);
    expect(engine.header("changing")).toBe(0);
    engine.exports.resume();
    expect(engine.counter("packTraps")).toBe(1);
  });

  test("one that was cut short sees the event again, one that had answered does not", () => {
    const engine = new WasmEngine();
    const calls: number[] = [];
    // The host fails in the middle of telling of pack 2's match.
    engine.onMatch = (pack) => {
      calls.push(pack);
      if (calls.length === 2) throw new Error("ended");
    };
    engine.addPack(0, packThatReturns(1), ["SYSCALL_GETUID_X"]);
    engine.addPack(1, packThatTraps(), ["SYSCALL_GETUID_X"]);
    engine.addPack(2, packThatReturns(1), ["SYSCALL_GETUID_X"]);
    engine.addPack(3, packThatReturns(1), ["SYSCALL_GETUID_X"]);
    expect(() => engine.feed(anything(1))).toThrow(WebAssembly.RuntimeError);
    expect(() => {
      engine.exports.resume();
    }).toThrow(WebAssembly.RuntimeError);
    engine.exports.setPack(1, 0);
    expect(() => {
      engine.exports.resume();
    }).toThrow("ended");
    engine.exports.resume();
    expect(calls).toEqual([0, 2, 3]);
  });
});
