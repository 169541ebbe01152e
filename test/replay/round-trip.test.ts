import { createReadStream, createWriteStream, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { CaptureFileError } from "../../host/replay/capture-file-error.ts";
import { encodeEvent, eventBlock } from "../../host/replay/encode.ts";
import { type CapturePart, CaptureReader, openCapture } from "../../host/replay/reader.ts";
import { CaptureWriter, captureHead, createCapture } from "../../host/replay/writer.ts";
import { LISTS, partsOf, process } from "./capture-fixture.ts";

const folder = mkdtempSync(join(tmpdir(), "lanner-replay-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const CLOSE = encodeEvent({ type: 5, tid: 100n, time: 1_700_000_000_000_000_000n }, [0n, 3n]);
const ASYNC = encodeEvent({ type: 402, tid: -1n, time: 1n }, [0, "container", Buffer.from("{}")]);
const EVENTS = Buffer.concat([
  eventBlock(CLOSE, { cpu: 1 }),
  eventBlock(ASYNC),
  eventBlock(CLOSE, { stateOnly: true }),
]);

async function readAll(path: string): Promise<CapturePart[]> {
  const parts: CapturePart[] = [];
  for await (const part of openCapture(path)) parts.push(part);
  return parts;
}

describe.each([false, true])("a written capture (gzip: %s)", (gzip) => {
  test("is read back as it was given", async () => {
    const path = join(folder, `gzip-${String(gzip)}.scap`);
    const writer = createCapture(path, { gzip });
    await writer.start(LISTS);
    await writer.events(EVENTS);
    await writer.close();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const parts = await readAll(path);
    expect(parts.map((part) => part.kind)).toEqual([
      "section",
      "machine",
      "interfaces",
      "accounts",
      "processes",
      "descriptors",
      "events",
    ]);
    expect(parts).toMatchObject([
      {},
      { machine: LISTS.machine },
      { interfaces: LISTS.interfaces },
      { accounts: LISTS.accounts },
      { processes: LISTS.processes },
      { list: LISTS.descriptors[0] },
      { bytes: EVENTS, count: 3 },
    ]);
  });
});

test("lists of any length are written whole", async () => {
  for (let count = 0; count < 60; count++) {
    const processes = Array.from({ length: count }, (_, i) =>
      process(BigInt(i), { env: Buffer.alloc(i * 7, 0x61), comm: Buffer.alloc(i % 5) }),
    );
    const { parts } = await partsOf(captureHead({ ...LISTS, processes }));
    expect(parts[4]).toEqual({ kind: "processes", processes });
  }
});

test("small and odd chunks give the same parts", async () => {
  const bytes = Buffer.concat([captureHead(LISTS), EVENTS]);
  const whole = await partsOf(bytes);
  for (const size of [1, 3, 7, 64, 1_000]) {
    const { parts, reader } = await partsOf(bytes, size);
    const lists = parts.filter((part) => part.kind !== "events");
    expect(lists).toEqual(whole.parts.filter((part) => part.kind !== "events"));
    const events = parts.flatMap((part) => (part.kind === "events" ? [part.bytes] : []));
    expect(Buffer.concat(events)).toEqual(EVENTS);
    expect(reader.statistics).toEqual({ ...whole.reader.statistics });
  }
});

test("a second capture in the same file begins a new section", async () => {
  const one = Buffer.concat([captureHead(LISTS), EVENTS]);
  const { parts, reader } = await partsOf(Buffer.concat([one, one]));
  expect(parts.filter((part) => part.kind === "section")).toHaveLength(2);
  expect(reader.statistics).toMatchObject({ sections: 2, events: 6 });
});

test("a list after events begins a new section even without a header", async () => {
  const head = captureHead(LISTS);
  const withoutHeader = head.subarray(28);
  const { parts } = await partsOf(Buffer.concat([head, EVENTS, withoutHeader, EVENTS]));
  expect(parts.filter((part) => part.kind === "section")).toHaveLength(2);
});

test("a disk that refuses is a typed error, not a hang", async () => {
  const writer = new CaptureWriter(createWriteStream("/dev/full"), { gzip: false });
  await expect(writer.start(LISTS)).rejects.toMatchObject({ name: "CaptureFileError", code: "IO" });
  await expect(writer.close()).rejects.toBeInstanceOf(CaptureFileError);
});

test("a file that cannot be opened is a typed error", async () => {
  const source = createReadStream(join(folder, "absent.scap"));
  const read = async () => {
    for await (const part of new CaptureReader(source)) throw new Error(part.kind);
  };
  await expect(read()).rejects.toMatchObject({ name: "CaptureFileError", code: "IO", offset: 0 });
});

test("starts of processes are kept in a block that other readers pass over", async () => {
  const processes = [process(5n, { startTime: 7n }), process(6n)];
  const head = captureHead({ ...LISTS, processes });
  const { parts, reader } = await partsOf(Buffer.concat([head, EVENTS, captureHead(LISTS)]));
  const lists = parts.flatMap((part) => (part.kind === "processes" ? [part.processes] : []));
  expect(lists).toEqual([processes, LISTS.processes]);
  expect(reader.statistics).toMatchObject({ skippedBlocks: 0, sections: 2 });
});
