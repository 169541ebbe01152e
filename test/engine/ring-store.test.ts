/** Packs see rings read-only: a store traps, and not one byte of the ring changes. */
import { readSync, writeSync } from "node:fs";
import { afterEach, describe, expect, test } from "vitest";
import { closeFd, createMemory } from "../../host/native/native.ts";
import {
  KERNEL_PAGE_BYTES,
  REPLAY_BYTES_MAX,
  RING_DATA_OFFSET,
  RING_PRODUCER_OFFSET,
  RINGS_BASE,
  STATE_BYTES_MAX,
} from "../../host/schema/memory.ts";
import { CLOSE_X, NO_ENGINE_REASON, openSession } from "../support/engine.ts";
import { handWrittenPack } from "../support/pack.ts";

const RING_BYTES = 1 << 16;
const FILE_BYTES = RING_DATA_OFFSET + 2 * RING_BYTES;

const fds: number[] = [];
afterEach(() => {
  for (const fd of fds.splice(0)) closeFd(fd);
});

function memory(name: string, bytes: number): { readonly fd: number; readonly bytes: number } {
  const fd = createMemory(name, bytes);
  fds.push(fd);
  return { fd, bytes };
}

function contents(fd: number): Buffer {
  const bytes = Buffer.alloc(FILE_BYTES);
  readSync(fd, bytes, 0, FILE_BYTES, 0);
  return bytes;
}

/** A file laid out as a ring: empty positions, and data that no event writes. */
function ringFile(): number {
  const { fd } = memory("test-ring", FILE_BYTES);
  writeSync(fd, Buffer.alloc(2 * RING_BYTES, 0x5a), 0, 2 * RING_BYTES, RING_DATA_OFFSET);
  return fd;
}

const PLACES = [
  ["producer page", RING_PRODUCER_OFFSET],
  ["first record", RING_DATA_OFFSET],
  ["last byte of the second copy", FILE_BYTES - 1],
] as const;
const STORES = ["i32.store8", "i64.store8"] as const;

const SUITE = NO_ENGINE_REASON === "" ? "rings" : `rings (skipped: ${NO_ENGINE_REASON})`;

describe.skipIf(NO_ENGINE_REASON !== "")(SUITE, () => {
  for (const [place, offset] of PLACES) {
    test.each(STORES)(`%s to the ${place} traps and changes nothing`, (store) => {
      const ring = ringFile();
      const before = contents(ring);
      const value = store.startsWith("i64") ? "(i64.const 7)" : "(i32.const 7)";
      const address = `(i32.const ${String(RINGS_BASE + offset)})`;
      const evaluate = `(${store} ${address} ${value}) (i32.const 0)`;
      const windows = {
        state: memory("test-state", STATE_BYTES_MAX),
        replay: memory("test-replay", REPLAY_BYTES_MAX),
        rings: [{ fd: ring, bytes: RING_BYTES }],
      };
      const pack = handWrittenPack({ eventTypes: [CLOSE_X], evaluate });
      const { feed, faults, close } = openSession([pack], { windows });
      feed(2);
      close();
      expect(faults).toMatchObject([{ pack: 0, event: 1n }]);
      expect(faults[0]?.reason).toContain("out of bounds");
      expect(contents(ring).equals(before)).toBe(true);
    });
  }

  test("the consumer page is not there: a pack's store stays in its own memory", () => {
    const ring = ringFile();
    const before = contents(ring);
    const address = `(i32.const ${String(RINGS_BASE)})`;
    const evaluate = `(i64.store ${address} (i64.const ${String(KERNEL_PAGE_BYTES)})) (i32.const 0)`;
    const windows = {
      state: memory("test-state", STATE_BYTES_MAX),
      replay: memory("test-replay", REPLAY_BYTES_MAX),
      rings: [{ fd: ring, bytes: RING_BYTES }],
    };
    const pack = handWrittenPack({ eventTypes: [CLOSE_X], evaluate });
    const { feed, close } = openSession([pack], { windows });
    feed(2);
    close();
    expect(contents(ring).equals(before)).toBe(true);
  });
});
