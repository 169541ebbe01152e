import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { block } from "../../host/replay/block.ts";
import { encodeEvent, eventBlock } from "../../host/replay/encode.ts";
import type { CaptureReader } from "../../host/replay/reader.ts";
import { captureHead } from "../../host/replay/writer.ts";
import { LISTS, lenientReaderOf } from "./capture-fixture.ts";

const CLOSE = eventBlock(encodeEvent({ type: 5, tid: 100n, time: 9n }, [0n, 3n]));
const HEAD = captureHead(LISTS);
const EVENTS = 20;
const WHOLE = Buffer.concat([HEAD, ...Array.from({ length: EVENTS }, () => CLOSE)]);

interface Read {
  readonly events: number;
  readonly kinds: readonly string[];
  readonly statistics: CaptureReader["statistics"];
}

async function read(bytes: Uint8Array, chunkBytes?: number): Promise<Read> {
  const reader = lenientReaderOf(bytes, chunkBytes);
  const kinds: string[] = [];
  let events = 0;
  for await (const part of reader) {
    kinds.push(part.kind);
    if (part.kind === "events") events += part.count;
  }
  return { events, kinds, statistics: reader.statistics };
}

/** Offset of the event block with that index. */
function eventAt(index: number): number {
  return HEAD.length + index * CLOSE.length;
}

function changed(at: number, value: number): Buffer {
  const copy = Buffer.from(WHOLE);
  copy.writeUInt32LE(value, at);
  return copy;
}

describe("a lenient reader", () => {
  test("reads a sound file like any other", async () => {
    const { events, statistics } = await read(WHOLE);
    expect(events).toBe(EVENTS);
    expect(statistics).toMatchObject({ damagedBlocks: 0, damagedBytes: 0, bytes: WHOLE.length });
  });

  test.each([
    ["a length of zero", changed(eventAt(4) + 4, 0)],
    ["a length beyond every bound", changed(eventAt(4) + 4, 0xffff_fff0)],
    ["a length at the end that differs", changed(eventAt(5) - 4, 24)],
  ])("passes over one block with %s", async (_, bytes) => {
    for (const chunk of [bytes.length, 7, 50]) {
      const { events, statistics } = await read(bytes, chunk);
      expect(events).toBe(EVENTS - 1);
      expect(statistics.damagedBytes).toBe(CLOSE.length);
      expect(statistics.bytes).toBe(bytes.length);
    }
  });

  test("goes on behind a length that reaches over the end of the file", async () => {
    const { events, statistics } = await read(changed(eventAt(4) + 4, 1 << 20));
    expect(events).toBe(EVENTS - 1);
    expect(statistics).toMatchObject({ damagedBlocks: 1, damagedBytes: CLOSE.length });
  });

  test("finds the next block when bytes are missing", async () => {
    const bytes = Buffer.concat([
      WHOLE.subarray(0, eventAt(3) + 9),
      WHOLE.subarray(eventAt(5) + 2),
    ]);
    const { events, statistics } = await read(bytes);
    expect(events).toBe(EVENTS - 3);
    expect(statistics.damagedBlocks).toBe(1);
  });

  test("passes over a list that is damaged in itself", async () => {
    const body = Buffer.alloc(8);
    body.writeUInt32LE(5_000);
    const bytes = Buffer.concat([WHOLE.subarray(0, 28), block(0x215, body), CLOSE]);
    const { events, kinds, statistics } = await read(bytes);
    expect(kinds).toEqual(["section", "events"]);
    expect(events).toBe(1);
    expect(statistics).toMatchObject({ damagedBlocks: 1, damagedBytes: 20 });
  });

  test("keeps what a cut file holds, plain and compressed", async () => {
    const cut = await read(WHOLE.subarray(0, WHOLE.length - 3));
    expect(cut.events).toBe(EVENTS - 1);
    expect(cut.statistics.damagedBlocks).toBe(1);
    const zipped = gzipSync(WHOLE);
    const { statistics } = await read(zipped.subarray(0, zipped.length - 12));
    expect(statistics.damagedBlocks).toBeGreaterThan(0);
  });

  test("still refuses what is no capture", async () => {
    await expect(read(Buffer.from("this is no capture"))).rejects.toMatchObject({
      code: "NOT_A_CAPTURE",
    });
  });

  test("accounts for every byte of any damage behind the header", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.integer({ min: 28, max: WHOLE.length - 1 }), fc.integer()), {
          maxLength: 12,
        }),
        fc.integer({ min: 1, max: 400 }),
        async (changes, chunk) => {
          const bytes = Buffer.from(WHOLE);
          for (const [at, value] of changes) bytes[at] = value & 0xff;
          const { statistics } = await read(bytes, chunk);
          expect(statistics.bytes).toBe(bytes.length);
          expect(statistics.damagedBytes).toBeLessThan(bytes.length);
        },
      ),
      { numRuns: 200 },
    );
  });
});
