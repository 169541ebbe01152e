import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { block } from "../../host/replay/block.ts";
import { CaptureFileError } from "../../host/replay/capture-file-error.ts";
import { encodeEvent, eventBlock } from "../../host/replay/encode.ts";
import { replayParts } from "../../host/replay/replay-parts.ts";
import { captureHead } from "../../host/replay/writer.ts";
import { LISTS, partsOf, readerOf } from "./capture-fixture.ts";

const CLOSE = encodeEvent({ type: 5, tid: 100n, time: 9n }, [0n, 3n]);
const WHOLE = Buffer.concat([captureHead(LISTS), eventBlock(CLOSE), eventBlock(CLOSE)]);
const HEADER = WHOLE.subarray(0, 28);

function u32At(at: number, value: number): Buffer {
  const copy = Buffer.from(WHOLE);
  copy.writeUInt32LE(value, at);
  return copy;
}

describe("what is no capture", () => {
  test.each([
    ["nothing", Buffer.alloc(0), 0],
    ["text", Buffer.from("this is no capture"), 0],
    ["a foreign block first", WHOLE.subarray(28), 0],
    ["the other byte order", u32At(8, 0x4d3c_2b1a), 8],
    ["an unknown magic", u32At(8, 0x0102_0304), 8],
  ])("%s is refused with its place", async (_, bytes, offset) => {
    await expect(partsOf(bytes)).rejects.toMatchObject({ code: "NOT_A_CAPTURE", offset });
  });
});

describe("damage", () => {
  test.each([
    ["a length of zero", u32At(32, 0), 32],
    ["a length that is no multiple of four", u32At(32, 30), 32],
    ["a length beyond every bound", u32At(32, 0xffff_fff0), 32],
    ["two lengths that differ", u32At(24, 24), 24],
  ])("%s is refused with its place", async (_, bytes, offset) => {
    await expect(partsOf(bytes)).rejects.toMatchObject({ code: "MALFORMED", offset });
  });

  test("a major version of the future is refused", async () => {
    const copy = Buffer.from(WHOLE);
    copy.writeUInt16LE(2, 12);
    await expect(partsOf(copy)).rejects.toMatchObject({ code: "MALFORMED" });
  });

  test("a list entry that reaches over its block is refused", async () => {
    const body = Buffer.alloc(8);
    body.writeUInt32LE(5_000);
    await expect(partsOf(Buffer.concat([HEADER, block(0x215, body)]))).rejects.toMatchObject({
      code: "MALFORMED",
      offset: 40,
    });
  });

  test("unknown blocks are passed over and counted", async () => {
    const strange = block(0x7777, Buffer.from("abc"));
    const bytes = Buffer.concat([HEADER, strange, eventBlock(CLOSE), strange, eventBlock(CLOSE)]);
    const { reader } = await partsOf(bytes);
    expect(reader.statistics).toMatchObject({ skippedBlocks: 2, events: 2, sections: 1 });
  });

  test("a cut file gives what is whole, then an error", async () => {
    const reader = readerOf(WHOLE.subarray(0, WHOLE.length - 3));
    let events = 0;
    const read = async () => {
      for await (const part of reader) if (part.kind === "events") events += part.count;
    };
    await expect(read()).rejects.toMatchObject({ code: "TRUNCATED" });
    expect(events).toBe(1);
  });

  test("a cut gzip stream gives an error of its own", async () => {
    const zipped = gzipSync(WHOLE);
    await expect(partsOf(zipped.subarray(0, zipped.length - 12))).rejects.toMatchObject({
      code: "TRUNCATED",
    });
    zipped.fill(0xaa, 20, 60);
    await expect(partsOf(zipped)).rejects.toMatchObject({ name: "CaptureFileError" });
  });
});

/** Reading either ends well or with our error; anything else fails the property. */
async function readsOrRefuses(bytes: Uint8Array): Promise<void> {
  try {
    for await (const part of replayParts(readerOf(bytes, 509))) {
      expect(part.kind).toBeTypeOf("string");
    }
  } catch (error) {
    expect(error).toBeInstanceOf(CaptureFileError);
  }
}

describe("hostile files neither crash nor hang the reader", () => {
  test("cut anywhere", async () => {
    for (let length = 0; length < WHOLE.length; length++) {
      await readsOrRefuses(WHOLE.subarray(0, length));
    }
  });

  test("with bytes changed", async () => {
    const change = fc.record({ at: fc.nat(WHOLE.length - 1), value: fc.nat(255) });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 8 }), async (changes) => {
        const copy = Buffer.from(WHOLE);
        for (const { at, value } of changes) copy[at] = value;
        await readsOrRefuses(copy);
      }),
      { numRuns: 2_000 },
    );
  });

  test("with random bodies in blocks of every known type", async () => {
    const types = [
      0x201, 0x202, 0x203, 0x204, 0x205, 0x206, 0x207, 0x208, 0x209, 0x210, 0x211, 0x212, 0x213,
      0x214, 0x215, 0x216, 0x217, 0x218, 0x219, 0x220, 0x221, 0x222, 0x8000_abcd, 0x8010_abcd,
    ];
    const body = fc.uint8Array({ maxLength: 300 });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.constantFrom(...types), body)), async (blocks) => {
        const made = blocks.map(([type, bytes]) => block(type, bytes));
        await readsOrRefuses(Buffer.concat([HEADER, ...made]));
      }),
      { numRuns: 1_000 },
    );
  });
});
