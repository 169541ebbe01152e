import { closeSync, openSync } from "node:fs";
import { afterEach, describe, expect, test } from "vitest";
import {
  closeFd,
  createMemory,
  mapWindow,
  NativeError,
  unmapWindow,
} from "../../host/native/native.ts";
import { STATE_BASE } from "../../host/schema/memory.ts";
import { poker } from "./modules.ts";

const BYTES = 65_536;
const open: number[] = [];

function memory(bytes = BYTES): number {
  const fd = createMemory("test", bytes);
  open.push(fd);
  return fd;
}

function codeOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    if (error instanceof NativeError) return error.code;
    throw error;
  }
  return "nothing was thrown";
}

afterEach(() => {
  for (const fd of open.splice(0)) closeFd(fd);
});

describe("a window", () => {
  test("shows what another module writes, at the same address", () => {
    const fd = memory();
    const writer = poker();
    const reader = poker();
    const window = { fd, fdOffset: 0, bytes: BYTES } as const;
    mapWindow(writer.memory.buffer, STATE_BASE, { ...window, access: "readwrite" });
    mapWindow(reader.memory.buffer, STATE_BASE, { ...window, access: "read" });
    writer.store(STATE_BASE + 400, 7);
    expect(reader.load(STATE_BASE + 400)).toBe(7);
  });

  test("that is read-only traps every kind of store and stays as it was", () => {
    const fd = memory();
    const writer = poker();
    const reader = poker();
    const window = { fd, fdOffset: 0, bytes: BYTES } as const;
    mapWindow(writer.memory.buffer, STATE_BASE, { ...window, access: "readwrite" });
    mapWindow(reader.memory.buffer, STATE_BASE, { ...window, access: "read" });
    writer.store(STATE_BASE, 42);
    const trap = "memory access out of bounds";
    expect(() => {
      reader.store(STATE_BASE, 1);
    }).toThrow(trap);
    expect(() => {
      reader.storeByte(STATE_BASE + BYTES - 1, 1);
    }).toThrow(trap);
    expect(() => {
      reader.storeVector(STATE_BASE);
    }).toThrow(trap);
    // The first byte before the window is private, the store across the edge traps whole.
    expect(() => {
      reader.store(STATE_BASE - 2, -1);
    }).toThrow(trap);
    expect(reader.load(STATE_BASE)).toBe(42);
    expect(writer.load(STATE_BASE)).toBe(42);
  });

  test("that is private keeps its stores to itself", () => {
    const fd = memory();
    const writer = poker();
    const other = poker();
    const window = { fd, fdOffset: 0, bytes: BYTES } as const;
    mapWindow(writer.memory.buffer, STATE_BASE, { ...window, access: "readwrite" });
    mapWindow(other.memory.buffer, STATE_BASE, { ...window, access: "private" });
    writer.store(STATE_BASE, 5);
    expect(other.load(STATE_BASE)).toBe(5);
    other.store(STATE_BASE, 6);
    expect(other.load(STATE_BASE)).toBe(6);
    expect(writer.load(STATE_BASE)).toBe(5);
  });

  test("may start inside the file", () => {
    const fd = memory();
    const { load, store, memory: own } = poker();
    mapWindow(own.buffer, STATE_BASE, { fd, fdOffset: 0, bytes: BYTES, access: "readwrite" });
    const half = { fd, fdOffset: 32_768, bytes: 32_768, access: "read" } as const;
    mapWindow(own.buffer, STATE_BASE + BYTES, half);
    store(STATE_BASE + 32_768, 9);
    expect(load(STATE_BASE + BYTES)).toBe(9);
  });

  test("outlives its descriptor", () => {
    const fd = createMemory("short-lived", BYTES);
    const { load, store, memory: own } = poker();
    mapWindow(own.buffer, STATE_BASE, { fd, fdOffset: 0, bytes: BYTES, access: "readwrite" });
    closeFd(fd);
    store(STATE_BASE, 3);
    expect(load(STATE_BASE)).toBe(3);
  });

  test("that was taken away leaves fresh pages that can be written", () => {
    const fd = memory();
    const { load, store, memory: own } = poker();
    mapWindow(own.buffer, STATE_BASE, { fd, fdOffset: 0, bytes: BYTES, access: "readwrite" });
    store(STATE_BASE, 8);
    unmapWindow(own.buffer, STATE_BASE, BYTES);
    expect(load(STATE_BASE)).toBe(0);
    store(STATE_BASE, 1);
    expect(load(STATE_BASE)).toBe(1);
    unmapWindow(own.buffer, STATE_BASE, BYTES);
    expect(load(STATE_BASE)).toBe(0);
  });
});

describe("the door refuses", () => {
  const { memory: own } = poker();
  const end = own.buffer.byteLength;
  const good = { fdOffset: 0, bytes: BYTES, access: "read" } as const;

  test.each([
    ["an address off a page", 12, good],
    ["a negative address", -65_536, good],
    ["an address with a fraction", 0.5, good],
    ["an address that is no number", Number.NaN, good],
    ["an address at the end", end, good],
    ["a window across the end", end - 4_096, good],
    ["an address beyond 64 bits", 2 ** 70, good],
    ["a length off a page", 0, { ...good, bytes: 100 }],
    ["no length", 0, { ...good, bytes: 0 }],
    ["a length beyond the file", 0, { ...good, bytes: BYTES * 2 }],
    ["an offset off a page", 0, { ...good, fdOffset: 8 }],
    ["an offset beyond the file", 0, { ...good, fdOffset: BYTES }],
    ["an unknown access", 0, { ...good, access: "write" as "read" }],
  ])("%s", (_, address, window) => {
    const fd = memory();
    const code = codeOf(() => {
      mapWindow(own.buffer, address, { fd, ...window });
    });
    expect(code).toBe("BAD_ARGUMENT");
  });

  test("a buffer that is none, an object that is none, a closed descriptor", () => {
    const fd = memory();
    const calls = [
      () => {
        mapWindow(new Uint8Array(8) as unknown as ArrayBuffer, 0, { fd, ...good });
      },
      () => {
        mapWindow(own.buffer, 0, undefined as unknown as { fd: number } & typeof good);
      },
      () => {
        mapWindow(own.buffer, 0, { ...good, fd: 1_000_000 });
      },
      () => {
        closeFd(1_000_000);
      },
    ];
    expect(calls.map(codeOf)).toEqual(calls.map(() => "BAD_ARGUMENT"));
  });

  test("a file that could shrink under the window", () => {
    const fd = openSync(process.execPath, "r");
    const code = codeOf(() => {
      mapWindow(own.buffer, 0, { fd, ...good });
    });
    closeSync(fd);
    expect(code).toBe("BAD_ARGUMENT");
  });

  test("an options object that throws, with its own error", () => {
    const window = {
      ...good,
      get fd(): number {
        throw new RangeError("mine");
      },
    };
    expect(() => {
      mapWindow(own.buffer, 0, window);
    }).toThrow(RangeError);
  });

  test("memory without a name or of a strange size", () => {
    const codes = [
      codeOf(() => createMemory("", 4_096)),
      codeOf(() => createMemory("a\0b", 4_096)),
      codeOf(() => createMemory("x", 0)),
      codeOf(() => createMemory("x", 2 ** 40)),
    ];
    expect(codes).toEqual(Array.from(codes, () => "BAD_ARGUMENT"));
  });
});
