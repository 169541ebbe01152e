import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { block } from "../../host/replay/block.ts";
import { encodeEvent, eventBlock } from "../../host/replay/encode.ts";
import { captureHead } from "../../host/replay/writer.ts";
import { LISTS, process } from "../replay/capture-fixture.ts";
import { cli } from "../support/io.ts";
import { shared } from "../support/shared.ts";

const folder = mkdtempSync(join(tmpdir(), "lanner-inspect-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function event(type: number, time: bigint, params: readonly bigint[]): Buffer {
  return encodeEvent({ type, tid: 100n, time }, params);
}

const CLOSE = (time: bigint): Buffer => event(5, time, [0n, 3n]);
const GETPPID = 41n;

const HEAD = captureHead({
  ...LISTS,
  processes: [
    process(1n, { ptid: 0n, comm: Buffer.from("init"), uid: 0 }),
    process(50n, { ptid: 1n, comm: Buffer.from("server") }),
    process(51n, { pid: 50n, ptid: 1n, comm: Buffer.from("server") }),
    process(60n, { ptid: 50n, comm: Buffer.from("evil\u001b[2J\n") }),
    process(70n, { ptid: 71n, comm: Buffer.from("ring") }),
    process(71n, { ptid: 70n, comm: Buffer.from("ring") }),
  ],
});

const FILE = join(folder, "small.scap");
writeFileSync(
  FILE,
  Buffer.concat([
    HEAD,
    eventBlock(CLOSE(1_500_000_000n)),
    eventBlock(CLOSE(1_000_000_000n)),
    eventBlock(event(1, 2_000_000_000n, [GETPPID, 110n])),
    eventBlock(CLOSE(5_000_000_000n), { stateOnly: true }),
    block(0x7777, Buffer.from("abc")),
    eventBlock(CLOSE(3_250_000_000n)).fill(0xff, 4, 8),
  ]),
);

describe("inspect", () => {
  test("shows machine, span, counts, processes and damage", async () => {
    const { code, out, err } = await cli(["inspect", FILE]);
    expect(code, err).toBe(0);
    expect(out).toMatch(/^first event +1970-01-01T00:00:01\.0{9}Z$/m);
    expect(out).toMatch(/^span +1\.000000 s$/m);
    expect(out).toMatch(/^Events: 3\n {2}2 {3}66\.7 % {2}close\n {2}1 {3}33\.3 % {2}getppid\n/m);
    expect(out).toMatch(/^Events that only tell state: 1\n {2}1 {2}100\.0 % {2}close\n/m);
    expect(out).toMatch(/^damaged places +1$/m);
    expect(out).toMatch(/^blocks of unknown type +1$/m);
  });

  test("draws the processes as a tree, whatever their parents say", async () => {
    const { out } = await cli(["inspect", FILE]);
    const tree = out.slice(out.indexOf("Processes at the start: 5\n")).split("\n").slice(1, 6);
    expect(tree.map((line) => /^ *\d+/.exec(line)?.[0])).toEqual([
      "  1",
      "    50",
      "      60",
      "  70",
      "    71",
    ]);
    expect(tree[1]).toContain("(2 threads)");
  });

  test("prints nothing that a terminal would obey", async () => {
    const { out } = await cli(["inspect", FILE]);
    expect(out).toContain("evil·[2J·");
    expect(out).not.toContain("\u001b");
  });

  test("gives the same as JSON", async () => {
    const { out } = await cli(["inspect", FILE, "--json"]);
    const found = JSON.parse(out) as { readonly recordings: readonly Record<string, unknown>[] };
    expect(found).toMatchObject({ file: FILE, damage: { "damaged places": 1 } });
    expect(found.recordings).toHaveLength(1);
    expect(found.recordings[0]).toMatchObject({
      span: { first: "1000000000", last: "2000000000" },
      events: { close: 2 },
      stateEvents: { close: 1 },
    });
    expect(found.recordings[0]?.["processes"]).toHaveLength(5);
  });

  test("refuses what is no recording", async () => {
    const path = join(folder, "text");
    writeFileSync(path, "no recording at all");
    const { code, err } = await cli(["inspect", path]);
    expect(code).toBe(2);
    expect(err).toContain(`cannot inspect ${path}: not a capture file`);
  });

  const oracle = shared("oracle", "process.scap.gz");
  test.skipIf(oracle === undefined)("counts every event of a recording of Falco", async () => {
    const { out } = await cli(["inspect", oracle ?? "", "--json"]);
    const { recordings } = JSON.parse(out) as {
      readonly recordings: readonly { readonly events: Readonly<Record<string, number>> }[];
    };
    const counts = Object.values(recordings[0]?.events ?? {});
    expect(counts.reduce((total, count) => total + count, 0)).toBe(15_542);
    expect(recordings[0]?.events).toMatchObject({ execve: 148, openat: 870 });
  });

  test("counts a call once, whoever wrote it, and begins with the first event that has a time", async () => {
    const file = join(folder, "enters.scap");
    const json = Buffer.from('{"container":{"id":"0123456789ab","name":"box"}}\0');
    const container = encodeEvent({ type: 324, tid: 0n, time: 0n }, [json]);
    const enter = encodeEvent({ type: 2, tid: 100n, time: 1_000_000_000n }, ["/a", 1, 0]);
    const exit = encodeEvent({ type: 3, tid: 100n, time: 1_000_000_001n }, [3n, "/a", 1, 0, 1, 2n]);
    const blocks = [container, enter, exit].map((each) => eventBlock(each));
    writeFileSync(file, Buffer.concat([HEAD, ...blocks]));
    const { out } = await cli(["inspect", file]);
    expect(out).toMatch(/^first event +1970-01-01T00:00:01\.0{8}1Z$/m);
    expect(out).toMatch(/^Events: 2\n( {2}1 +50\.0 % {2}(container|open)\n){2}/m);
    expect(out).toMatch(/^Events that only tell state: 1\n {2}1 {2}100\.0 % {2}open \(enter\)\n/m);
  });
});
