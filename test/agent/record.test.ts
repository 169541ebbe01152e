import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { numbered, RecordFiles, type Rotation } from "../../host/agent/record-files.ts";
import { readRotation, readSnaplen } from "../../host/agent/record-options.ts";
import { encodeEvent, eventBlock } from "../../host/replay/encode.ts";
import { openCapture } from "../../host/replay/reader.ts";
import { LISTS, process } from "../replay/capture-fixture.ts";
import { cli } from "../support/io.ts";

const folder = mkdtempSync(join(tmpdir(), "lanner-record-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const CLOSE = eventBlock(encodeEvent({ type: 5, tid: 100n, time: 9n }, [0n, 3n]));

function closes(count: number): Buffer {
  return Buffer.concat(Array.from({ length: count }, () => CLOSE));
}

interface Recorder {
  readonly files: RecordFiles;
  now: number;
  scans: number;
}

function recorder(name: string, rotation?: Rotation): Recorder {
  const made: { now: number; scans: number } = { now: 0, scans: 0 };
  const files = new RecordFiles({
    path: join(folder, name),
    ...(rotation === undefined ? {} : { rotation }),
    lists: () => ({ ...LISTS, processes: [process(BigInt(1_000 + ++made.scans))] }),
    now: () => made.now,
  });
  return Object.assign(made, { files });
}

interface Content {
  readonly processes: readonly bigint[];
  readonly events: number;
}

async function contentOf(path: string): Promise<Content> {
  const processes: bigint[] = [];
  let events = 0;
  for await (const part of openCapture(path)) {
    if (part.kind === "processes") processes.push(...part.processes.map(({ tid }) => tid));
    if (part.kind === "events") events += part.count;
  }
  return { processes, events };
}

describe("a recording", () => {
  test("without rotation is one file under its own name", async () => {
    const { files } = recorder("one.scap");
    await files.start(LISTS);
    await files.events(closes(3));
    await files.close();
    expect(files.files).toEqual([join(folder, "one.scap")]);
    expect((await contentOf(join(folder, "one.scap"))).events).toBe(3);
  });

  test("by size makes files that are complete and hold every event once", async () => {
    const bytes = 100_000;
    const { files } = recorder("size.scap", { bytes });
    await files.start(LISTS);
    for (let batch = 0; batch < 50; batch++) await files.events(closes(200));
    await files.close();
    expect(files.files.length).toBeGreaterThan(3);
    const contents = await Promise.all(files.files.map(contentOf));
    expect(contents.reduce((sum, { events }) => sum + events, 0)).toBe(10_000);
    expect(contents.slice(1).map(({ processes }) => processes)).toEqual(
      contents.slice(1).map((_, index) => [BigInt(1_001 + index)]),
    );
    for (const file of files.files) expect(statSync(file).size).toBeLessThan(2 * bytes);
  });

  test("by time begins a file when an event comes after it, not before", async () => {
    const made = recorder("time.scap.gz", { seconds: 10 });
    const { files } = made;
    await files.start(LISTS);
    await files.events(closes(1));
    made.now = 9_999;
    await files.events(closes(1));
    made.now = 60_000;
    expect(files.files).toHaveLength(1);
    await files.events(closes(1));
    await files.close();
    expect(files.files).toHaveLength(2);
    expect((await Promise.all(files.files.map(contentOf))).map(({ events }) => events)).toEqual([
      2, 1,
    ]);
  });

  test("repeats the users of containers in each file", async () => {
    const made = recorder("users.scap", { seconds: 1 });
    const { files } = made;
    await files.start(LISTS);
    files.accounts("0123456789ab", closes(5));
    made.now = 2_000;
    await files.events(closes(1));
    await files.close();
    const contents = await Promise.all(files.files.map(contentOf));
    expect(contents.map(({ events }) => events)).toEqual([5, 6]);
  });

  test("repeats those of the newest containers where there are many", async () => {
    const made = recorder("many.scap", { seconds: 1 });
    const { files } = made;
    await files.start(LISTS);
    files.accounts("first", closes(5));
    for (let i = 0; i < 4_096; i++) files.accounts(`later ${String(i)}`, closes(1));
    made.now = 2_000;
    await files.events(closes(1));
    await files.close();
    const contents = await Promise.all(files.files.map(contentOf));
    expect(contents.map(({ events }) => events)).toEqual([4_101, 4_097]);
  });

  test("that cannot go on counts what it lacks", async () => {
    const told: string[] = [];
    const files = new RecordFiles({
      path: "/dev/full",
      lists: () => LISTS,
      now: () => 0,
      onFailure: ({ file, cause }) => told.push(`${file} ${cause.code}`),
    });
    await Promise.all([files.events(closes(3)), files.events(closes(4))]);
    await files.close();
    expect(files.lostEvents).toBe(7);
    expect(told).toEqual(["/dev/full IO"]);
  });

  test("holds what its filter leaves", async () => {
    const files = new RecordFiles({
      path: join(folder, "filtered.scap"),
      filter: (blocks) => blocks.subarray(0, CLOSE.length),
      lists: () => LISTS,
      now: () => 0,
    });
    await files.start(LISTS);
    await files.events(closes(3));
    await files.close();
    expect((await contentOf(join(folder, "filtered.scap"))).events).toBe(1);
  });

  test("that cannot be written says so", async () => {
    const { files } = recorder("none/x.scap");
    await expect(files.start(LISTS)).rejects.toMatchObject({ code: "IO" });
  });

  test.each([
    ["day.scap.gz", "day.0003.scap.gz"],
    ["a.b/day.scap", "a.b/day.0003.scap"],
    ["day.gz", "day.0003.gz"],
    ["day", "day.0003"],
  ])("%s has %s as its third file", (path, name) => {
    expect(numbered(path, 3)).toBe(name);
  });
});

describe("options", () => {
  test("sizes, times and lengths are read with their units", () => {
    expect(readRotation("100M", "10m")).toEqual({ bytes: 100 << 20, seconds: 600 });
    expect(readRotation("65536", undefined)).toEqual({ bytes: 65_536 });
    expect(readRotation(undefined, "1h")).toEqual({ seconds: 3_600 });
    expect(readRotation(undefined, undefined)).toBeUndefined();
    expect(readSnaplen("0")).toBe(0);
    expect(readSnaplen("65535")).toBe(65_535);
  });

  const mistakes: readonly (readonly [readonly string[], RegExp])[] = [
    [["--", "true"], /required option '-w, --write <file>' not specified/],
    [["-w", "x.scap"], /either a command \(after --\) or a --scope/],
    [["-w", "x.scap", "--scope", "host", "--", "true"], /either a command/],
    [["-w", "x.scap", "--rotate-size", "10", "--", "true"], /"10" is no size/],
    [["-w", "x.scap", "--rotate-time", "soon", "--", "true"], /"soon" is no time/],
    [["-w", "x.scap", "--snaplen", "70000", "--", "true"], /"70000" is no length/],
    [["-w", "x.scap", "--scope", "moon"], /scope "moon" is none of/],
  ];
  test.each(mistakes)("record %j is answered in words", async (args, message) => {
    const { code, err } = await cli(["record", ...args]);
    expect(err).toMatch(message);
    expect(code).toBe(2);
    expect(readdirSync(folder)).not.toContain("x.scap");
  });
});

test("a file that is replaced keeps nothing of the old one", async () => {
  const path = join(folder, "old.scap");
  writeFileSync(path, Buffer.alloc(1 << 20, 0x41));
  const { files } = recorder("old.scap");
  await files.start(LISTS);
  await files.close();
  expect(await contentOf(path)).toMatchObject({ events: 0 });
});
