import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { encodeEvent, eventBlock } from "../../host/replay/encode.ts";
import { OldReaders } from "../../host/replay/old-readers.ts";
import { createCapture } from "../../host/replay/writer.ts";
import { LISTS, process } from "./capture-fixture.ts";

const folder = mkdtempSync(join(tmpdir(), "lanner-sysdig-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const SYSDIG = spawnSync("sysdig", ["--version"]).status === 0;
const FIELDS =
  "%evt.num|%evt.cpu|%evt.type|%proc.pid|%proc.name|%proc.cmdline|%proc.cwd|%user.name";

test("what old readers cannot list is left out and counted", () => {
  const of = (type: number, params: readonly (number | string)[]) =>
    eventBlock(encodeEvent({ type, tid: 1n, time: 1n }, params));
  const kept = [of(203, [0]), of(1, [329, 0]), of(353, [])];
  const newer = [of(1, [334, 0]), of(363, [0, 1, 2]), of(1, [])];
  const old = new OldReaders();
  expect(old.filter(Buffer.concat([...newer, ...kept, ...newer]))).toEqual(Buffer.concat(kept));
  expect(old.leftOut).toBe(6);
});

/** An independent reader of the format; its version knows this event as it is today. */
describe.skipIf(!SYSDIG)(SYSDIG ? "sysdig" : "sysdig (skipped: it is not installed)", () => {
  test.each(["plain.scap", "packed.scap.gz"])("reads %s", async (name) => {
    const path = join(folder, name);
    const writer = createCapture(path, { gzip: name.endsWith(".gz") });
    await writer.start({
      ...LISTS,
      processes: [process(100n, { uid: 0, vtid: 100n, vpid: 100n })],
    });
    const getuid = encodeEvent({ type: 203, tid: 100n, time: 1_700_000_000_000_000_000n }, [0]);
    await writer.events(Buffer.concat([eventBlock(getuid, { cpu: 1 }), eventBlock(getuid)]));
    await writer.close();
    const { stdout, stderr } = spawnSync("sysdig", ["-r", path, "-p", FIELDS], {
      encoding: "utf8",
    });
    const shown = "getuid|100|worker|worker -a b c|/srv/|root";
    expect(stdout.trim().split("\n"), stderr).toEqual([`1|1|${shown}`, `2|0|${shown}`]);
  });
});
