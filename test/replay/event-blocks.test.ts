/** Every kind of event block, old and new, with and without flags, with short and long lengths. */
import { describe, expect, test } from "vitest";
import { BLOCK, block } from "../../host/replay/block.ts";
import { encodeEvent, eventBlock } from "../../host/replay/encode.ts";
import { captureHead } from "../../host/replay/writer.ts";
import { LISTS, partsOf } from "./capture-fixture.ts";

const OPENAT = encodeEvent({ type: 307, tid: 100n, time: 9n }, [3n, -100n, "/etc/x", 1, 0, 0, 0n]);
const LONG = Buffer.alloc(70_000, 0x61);
const ASYNC = encodeEvent({ type: 402, tid: -1n, time: 1n }, [0, "container", LONG]);
const CPU = Buffer.from([3, 0]);

function flags(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

/** The event as the first version of the format had it: no number of parameters. */
function v1(event: Buffer): Buffer {
  const old = Buffer.concat([event.subarray(0, 22), event.subarray(26)]);
  old.writeUInt32LE(old.length, 16);
  return old;
}

async function eventsOf(...blocks: readonly Buffer[]): Promise<Buffer> {
  const { parts, reader } = await partsOf(Buffer.concat([captureHead(LISTS), ...blocks]), 333);
  expect(reader.statistics).toMatchObject({ events: blocks.length, malformedEvents: 0 });
  return Buffer.concat(parts.flatMap((part) => (part.kind === "events" ? [part.bytes] : [])));
}

describe("blocks of the first version become today's", () => {
  const today = eventBlock(OPENAT, { cpu: 3 });
  test.each([
    ["plain", BLOCK.eventV1, Buffer.alloc(0), today],
    ["by the number before that", BLOCK.eventV1Legacy, Buffer.alloc(0), today],
    ["with flags that say nothing", BLOCK.eventWithFlagsV1, flags(0), today],
    [
      "with flags: for state only",
      BLOCK.eventWithFlagsV1,
      flags(1),
      eventBlock(OPENAT, { cpu: 3, stateOnly: true }),
    ],
  ])("%s", async (_, type, flag, expected) => {
    const old = block(type, Buffer.concat([CPU, flag, v1(OPENAT)]));
    expect(await eventsOf(old, old)).toEqual(Buffer.concat([expected, expected]));
  });
});

test.each([
  ["short lengths", eventBlock(OPENAT, { cpu: 1 }), BLOCK.event],
  ["short lengths and flags", eventBlock(OPENAT, { stateOnly: true }), BLOCK.eventWithFlags],
  ["long lengths", eventBlock(ASYNC), BLOCK.largeEvent],
  ["long lengths and flags", eventBlock(ASYNC, { stateOnly: true }), BLOCK.largeEventWithFlags],
])("today's blocks with %s are handed on as they are", async (_, bytes, type) => {
  expect(bytes.readUInt32LE(0)).toBe(type);
  expect(await eventsOf(bytes, bytes)).toEqual(Buffer.concat([bytes, bytes]));
});
