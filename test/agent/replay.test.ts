import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { ReplayProgress } from "../../host/agent/replay-progress.ts";
import { parseMoment, parseSpan, ReplaySpan } from "../../host/agent/replay-span.ts";
import { encodeEvent, eventBlock } from "../../host/replay/encode.ts";
import { firstEventTime } from "../../host/replay/event-times.ts";
import { captureHead } from "../../host/replay/writer.ts";
import { LISTS } from "../replay/capture-fixture.ts";
import { cli } from "../support/io.ts";

const folder = mkdtempSync(join(tmpdir(), "lanner-replay-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const SECOND = 1_000_000_000n;
const START = 1_763_784_000n * SECOND;

/** `close` of descriptor `fd` so many seconds after the start. */
function close(fd: bigint, seconds: number): Buffer {
  const time = START + BigInt(Math.round(seconds * 1_000)) * 1_000_000n;
  return eventBlock(encodeEvent({ type: 5, tid: 100n, time }, [0n, fd]), { cpu: 3 });
}

const EVENTS = [close(3n, 0), close(4n, 1), close(5n, 2), close(6n, 3), close(7n, 9)];

function recording(name: string, events: readonly Buffer[] = EVENTS): string {
  const path = join(folder, name);
  const bytes = Buffer.concat([captureHead(LISTS), ...events]);
  writeFileSync(path, name.endsWith(".gz") ? gzipSync(bytes) : bytes);
  return path;
}

const FILE = recording("five.scap");
const RULES = join(folder, "rules.yaml");
writeFileSync(
  RULES,
  "- rule: Closed\n  desc: a descriptor\n  condition: evt.type = close\n" +
    "  output: closed (fd=%fd.num)\n  priority: NOTICE\n",
);

/** Event numbers of printed lines. */
function numbers(out: string): readonly number[] {
  const lines = out.split("\n").filter((line) => line !== "");
  return lines.map((line) => Number(line.split(" ")[0]));
}

describe("a filter", () => {
  test("prints the events that it selects, one per line", async () => {
    const { code, out, err } = await cli(["replay", FILE, "--filter", "fd.num in (4, 6)"]);
    expect(code, err).toBe(0);
    expect(out).toMatch(
      /^2 \d\d:\d\d:\d\d\.\d{9} 3 \S+ \(100\) < close res=0 fd=4.*\n4 .* fd=6.*\n$/,
    );
    expect(err).toContain("2 events printed\n5 events in ");
  });

  test.each<readonly [string, string, readonly string[]]>([
    [
      "is shown as it was written",
      "evt.num > 0 and fd.nun = 3",
      [
        "--filter:1:17: error: unknown field 'fd.nun'; did you mean 'fd.num'?",
        "    1 | evt.num > 0 and fd.nun = 3",
        `      | ${" ".repeat(16)}^`,
        "  [unknown-field]",
      ],
    ],
    [
      "is shown in its line, blanks in front of it included",
      "  evt.num > 0\r\n   and fd.nun = 3\n",
      [
        "--filter:2:8: error: unknown field 'fd.nun'; did you mean 'fd.num'?",
        "    2 |    and fd.nun = 3",
        `      | ${" ".repeat(7)}^`,
        "  [unknown-field]",
      ],
    ],
    [
      "is shown behind the end",
      "evt.num =",
      ["    1 | evt.num =", `      | ${" ".repeat(9)}^`, "  [syntax]"],
    ],
  ])("whose mistake %s", async (_, filter, shown) => {
    const { code, err, out } = await cli(["replay", FILE, "--filter", filter]);
    expect(code).toBe(2);
    expect(out).toBe("");
    expect(err).toContain("the filter is in error\n");
    expect(err).toContain(shown.join("\n"));
  });

  test("does not go together with rules", async () => {
    const { code, err } = await cli(["replay", FILE, "--filter", "evt.num = 1", "-r", RULES]);
    expect(code).toBe(2);
    expect(err).toContain("use one");
  });
});

describe("several files", () => {
  test("are replayed in their order, each with state and numbers of its own", async () => {
    const second = recording("two.scap.gz", [close(8n, 5), close(9n, 6)]);
    const args = ["replay", FILE, second, FILE, "--filter", "evt.num > 0"];
    const { code, out, err } = await cli(args);
    expect(code, err).toBe(0);
    expect(numbers(out)).toEqual([1, 2, 3, 4, 5, 1, 2, 1, 2, 3, 4, 5]);
    expect(err).toMatch(/^12 events from 3 recordings in 3 files in /m);
  });

  test("count together in alerts and statistics", async () => {
    const file = join(folder, "stats.json");
    const { code, err } = await cli(["replay", FILE, FILE, "-r", RULES, "--stats-json", file]);
    expect(code, err).toBe(0);
    expect(err).toContain("Events detected: 10\n");
    expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({ events: 10, alerts: 10 });
  });

  test("standard input is read once only", async () => {
    const { code, err } = await cli(["replay", "-", "-", "-r", RULES]);
    expect(code).toBe(2);
    expect(err).toContain("can be read once only");
  });
});

describe("a span", () => {
  const spans: readonly (readonly [readonly string[], readonly number[]])[] = [
    [
      ["--from", "1"],
      [2, 3, 4, 5],
    ],
    [
      ["--to", "2"],
      [1, 2, 3],
    ],
    [
      ["--from", "0.5", "--to", "2.5"],
      [2, 3],
    ],
    [
      ["--from", "2025-11-22T04:00:02Z"],
      [3, 4, 5],
    ],
    [["--from", "100"], []],
  ];
  test.each(spans)("%j shows events %j under their own numbers", async (span, expected) => {
    const { code, out, err } = await cli(["replay", FILE, "--filter", "evt.num > 0", ...span]);
    expect(code, err).toBe(0);
    expect(numbers(out)).toEqual(expected);
  });

  test("begins with the first event that has a time", async () => {
    const json = Buffer.from('{"container":{"id":"0123456789ab","name":"box"}}\0');
    const timeless = eventBlock(encodeEvent({ type: 324, tid: 0n, time: 0n }, [json]));
    const file = join(folder, "timeless.scap");
    writeFileSync(file, Buffer.concat([captureHead(LISTS), timeless, ...EVENTS]));
    const wanted = ["replay", file, "--filter", "evt.num > 0", "--from", "0.5", "--to", "2.5"];
    const { code, out, err } = await cli(wanted);
    expect(code, err).toBe(0);
    expect(numbers(out)).toEqual([3, 4]);
    expect(firstEventTime(timeless)).toBeUndefined();
  });

  test("holds for rules too", async () => {
    const { out, err } = await cli(["replay", FILE, "-r", RULES, "--to", "1"]);
    expect(out.trim().split("\n")).toHaveLength(2);
    expect(err).toContain("Events detected: 2\n");
  });

  test("a clock time is on the day of the first event", () => {
    const first = START + 123n;
    const date = new Date(Number(START / 1_000_000n));
    const span = new ReplaySpan({ from: parseMoment("--from", clock(date, 10)) });
    span.observe(first);
    expect(span.includes(START + 9n * SECOND)).toBe(false);
    expect(span.includes(START + 10n * SECOND)).toBe(true);
  });

  test("whose end lies before its beginning is refused", async () => {
    const { code, out, err } = await cli(["replay", FILE, "-r", RULES, "--from", "2", "--to", "1"]);
    expect(err).toBe("lanner: --to 1 lies before --from 2; no event is between them\n");
    expect(out).toBe("");
    expect(code).toBe(2);
  });

  test.each([
    ["2", "1.999999999"],
    ["14:00", "13:59:59"],
    ["2025-11-22T04:00:02Z", "2025-11-22T04:00:01Z"],
  ])("from %s to %s is none, the other way round it is one", (from, to) => {
    expect(() => parseSpan({ from, to })).toThrow(/lies before/);
    expect(parseSpan({ from: to, to: from })).toHaveProperty("to");
    expect(parseSpan({ from, to: from })).toHaveProperty("to");
  });

  test("moments of different kinds are known apart only when a recording is read", () => {
    expect(parseSpan({ from: "90000", to: "00:01" })).toHaveProperty("to");
  });

  test.each(["noon", "25:00", "1.2.3", "-5", "2026-13-40T00:00:00Z", ""])(
    "'%s' is refused",
    (text) => {
      expect(() => parseMoment("--from", text)).toThrow(/invalid --from '.*'; expected seconds/);
    },
  );
});

function clock(date: Date, plusSeconds: number): string {
  const later = new Date(date.getTime() + plusSeconds * 1_000);
  const parts = [later.getHours(), later.getMinutes(), later.getSeconds()];
  return parts.map((part) => String(part).padStart(2, "0")).join(":");
}

describe("damage", () => {
  const broken = Buffer.from(Buffer.concat(EVENTS));
  broken.writeUInt32LE(0, (EVENTS[0]?.length ?? 0) + 4);
  const file = recording("broken.scap", [broken]);

  test("ends a replay, with advice, after what came before", async () => {
    const { code, out, err } = await cli(["replay", file, "--filter", "evt.num > 0"]);
    expect(code).toBe(2);
    expect(numbers(out)).toEqual([1]);
    expect(err).toMatch(/cannot replay .*broken\.scap: .* is damaged .*; --lenient goes on/);
  });

  test("is passed over and counted by a lenient one", async () => {
    const { code, out, err } = await cli(["replay", "--lenient", file, "--filter", "evt.num > 0"]);
    expect(code, err).toBe(0);
    expect(numbers(out)).toEqual([1, 2, 3, 4]);
    expect(err).toContain("Lost at the recording: damaged places 1\n");
  });
});

test("progress says how far, how fast and how long", () => {
  let now = 0;
  const progress = new ReplayProgress({ files: [FILE, FILE], now: () => now });
  const bytes = captureHead(LISTS).length + EVENTS.length * (EVENTS[0]?.length ?? 0);
  const statistics = { ...EMPTY, sourceBytes: bytes, events: 2_000_000, sections: 1 };
  progress.begin(statistics);
  now = 2_000;
  expect(progress.status("1 alert")).toBe(
    `[${"=".repeat(12).padEnd(24)}] 50 %, 1.0 M events/s, 1 alert, 2 s left`,
  );
  const piped = new ReplayProgress({ files: ["-"], now: () => 0 });
  expect(piped.status("0 alerts")).toMatch(/^replaying: 0B read, 0 events\/s, 0 alerts$/);
});

const EMPTY = {
  bytes: 0,
  sourceBytes: 0,
  events: 0,
  sections: 0,
  skippedBlocks: 0,
  unreadListBytes: 0,
  malformedEvents: 0,
  mergedEnters: 0,
  unusedEvents: 0,
  damagedBlocks: 0,
  damagedBytes: 0,
};

test("the first time is that of an event which rules may see", () => {
  const hidden = encodeEvent({ type: 5, tid: 1n, time: 7n }, [0n, 3n]);
  const seen = encodeEvent({ type: 5, tid: 1n, time: 8n }, [0n, 3n]);
  const blocks = [eventBlock(hidden, { stateOnly: true }), eventBlock(seen)];
  expect(firstEventTime(Buffer.concat(blocks))).toBe(8n);
  expect(firstEventTime(Buffer.concat(blocks.slice(0, 1)))).toBeUndefined();
  expect(firstEventTime(Buffer.alloc(0))).toBeUndefined();
});
