/** What a small file claims, or inflates to, buys neither memory nor time. */
import { describe, expect, test } from "vitest";
import { emptyCensus } from "../../host/agent/inspect-census.ts";
import { treeLines } from "../../host/agent/inspect-tree.ts";
import { BLOCK, block } from "../../host/replay/block.ts";
import { encodeEvent, eventBlock } from "../../host/replay/encode.ts";
import { writeInterfaces } from "../../host/replay/interfaces.ts";
import { LIST_ENTRIES_MAX } from "../../host/replay/lists.ts";
import { writeSectionHeader } from "../../host/replay/sections.ts";
import { LISTS, partsOf, process, readerOf } from "./capture-fixture.ts";

const SECTION = block(BLOCK.section, writeSectionHeader());
const ONE_PROCESS_MAX = 1 << 18;

/** The list of one process, `count` descriptors with empty names, 23 bytes each. */
function descriptorList(count: number): Buffer {
  const entry = Buffer.alloc(23);
  entry.writeUInt32LE(23, 0);
  entry.writeBigInt64LE(3n, 4);
  entry.writeUInt8(1, 20);
  return block(
    BLOCK.descriptors,
    Buffer.concat([Buffer.alloc(8, 1), Buffer.alloc(23 * count, entry)]),
  );
}

describe("a descriptor list", () => {
  test("comes in small parts, and not beyond its bound", async () => {
    const { parts, reader } = await partsOf(
      Buffer.concat([SECTION, descriptorList(ONE_PROCESS_MAX + 5), descriptorList(2)]),
    );
    const lists = parts.flatMap((part) => (part.kind === "descriptors" ? [part.list] : []));
    const counts = lists.map(({ descriptors }) => descriptors.length);
    expect(Math.max(...counts)).toBeLessThanOrEqual(1_024);
    expect(counts.at(-1)).toBe(2);
    expect(counts.reduce((all, count) => all + count, 0)).toBe(ONE_PROCESS_MAX + 2);
    const { unreadListBytes } = reader.statistics;
    expect(unreadListBytes - (unreadListBytes % 23)).toBe(5 * 23);
  });

  test("of any length is told, an empty one too", async () => {
    for (const count of [0, 1, 1_023, 1_024, 1_025, 2_048]) {
      const { parts, reader } = await partsOf(Buffer.concat([SECTION, descriptorList(count)]));
      const lists = parts.flatMap((part) => (part.kind === "descriptors" ? [part.list] : []));
      expect(lists[0]?.tid).toBe(0x0101_0101_0101_0101n);
      expect(lists.flatMap(({ descriptors }) => descriptors)).toHaveLength(count);
      expect(reader.statistics.unreadListBytes).toBe(0);
    }
  });

  test("that comes in many chunks is the same as in one piece", async () => {
    const bytes = Buffer.concat([SECTION, descriptorList(250_000), descriptorList(1)]);
    const whole = await partsOf(bytes);
    const pieces = await partsOf(bytes, 100_003);
    expect(pieces.parts).toEqual(whole.parts);
    expect(pieces.reader.statistics).toEqual(whole.reader.statistics);
  });

  test("that is not there is not waited for in memory", async () => {
    const head = Buffer.alloc(8);
    head.writeUInt32LE(BLOCK.descriptors, 0);
    head.writeUInt32LE(256 << 20, 4);
    const before = globalThis.process.memoryUsage().rss;
    const read = partsOf(Buffer.concat([SECTION, head, Buffer.alloc(5 << 20)]), 1 << 16);
    await expect(read).rejects.toMatchObject({ code: "TRUNCATED" });
    expect(globalThis.process.memoryUsage().rss - before).toBeLessThan(128 << 20);
  });
});

test("interfaces beyond their bound are left out and counted", async () => {
  const [first] = LISTS.interfaces;
  const all = LIST_ENTRIES_MAX.interfaces + 3;
  const body = writeInterfaces(new Array(all).fill(first));
  const { parts, reader } = await partsOf(
    Buffer.concat([SECTION, block(BLOCK.interfaces, body), block(BLOCK.interfaces, body)]),
  );
  const counts = parts.map((part) => (part.kind === "interfaces" ? part.interfaces.length : 0));
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(LIST_ENTRIES_MAX.interfaces);
  expect(reader.statistics.unreadListBytes).toBeGreaterThan(body.length);
});

test("starts of threads beyond those that are listed are left out and counted", async () => {
  const body = Buffer.alloc(16 * (LIST_ENTRIES_MAX.processes + 1));
  for (let i = 0; i * 16 < body.length; i++) body.writeUInt32LE(i, i * 16);
  const { reader } = await partsOf(Buffer.concat([SECTION, block(BLOCK.startTimes, body)]));
  expect(reader.statistics.unreadListBytes).toBe(16);
});

test("a file holds so many captures and no more", async () => {
  const reader = readerOf(Buffer.concat(new Array(4_097).fill(SECTION)));
  const read = async () => {
    for await (const part of reader) expect(part.kind).toBe("section");
  };
  await expect(read()).rejects.toThrow(/at most 4096 captures in a file/);
  expect(reader.statistics.sections).toBe(4_096);
});

test("enter events that wait for their exits have a bound in bytes", async () => {
  const path = Buffer.alloc(60_000, 0x61);
  const old = (tid: bigint): Buffer => {
    const event = encodeEvent({ type: 307, tid, time: 1n }, [3n, -100n, path, 0, 0, 0, 0n]);
    event.writeUInt16LE(102, 20);
    return eventBlock(event);
  };
  const blocks = Array.from({ length: 1_200 }, (_, i) => old(BigInt(i + 1)));
  const { reader } = await partsOf(Buffer.concat([SECTION, ...blocks]));
  const { mergedEnters, unusedEvents } = reader.statistics;
  expect(mergedEnters).toBe(1_200);
  expect(unusedEvents).toBe(1_200 - Math.floor((64 << 20) / (60_001 + 26 + 14 + 36)));
});

test("a tree of very many processes and users is drawn in a moment", () => {
  const census = emptyCensus();
  const count = 40_000;
  for (let i = 1; i <= count; i++) {
    census.processes.set(BigInt(i), process(BigInt(i), { ptid: 1n, uid: i }));
    const text = Buffer.from("x");
    census.users.push({ uid: count - i, gid: 0, name: text, home: text, shell: text });
  }
  const start = performance.now();
  expect(treeLines(census)).toHaveLength(count);
  expect(performance.now() - start).toBeLessThan(5_000);
});
