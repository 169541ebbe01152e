import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { openCapture } from "../../host/replay/reader.ts";
import { lanner, liveTitle, skipLive } from "./lanner.ts";

const RULES = fileURLToPath(new URL("./rules.yaml", import.meta.url));
const OPTIONS = ["-r", RULES, "-o", "json_output=true"];
const folder = mkdtempSync(join(tmpdir(), "lanner-recording-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const SYSDIG = spawnSync("sysdig", ["--version"]).status === 0;
const SCRIPT = "cd /etc; cat shadow > /dev/null; (cat /etc/../etc/shadow | cat) > /dev/null";

describe.skipIf(skipLive())(liveTitle("recording"), { timeout: 180_000 }, () => {
  test.each(["watched.scap", "watched.scap.gz"])(
    "a watch that is written to %s replays to the same alerts",
    async (name) => {
      const file = join(folder, name);
      const watched = await lanner(["watch", ...OPTIONS, "-w", file, "--", "sh", "-c", SCRIPT]);
      expect(watched.alerts, watched.err).toHaveLength(2);
      const first = await lanner(["replay", ...OPTIONS, file]);
      const second = await lanner(["replay", ...OPTIONS, file]);
      expect(first.code, first.err).toBe(0);
      expect(first.alerts).toEqual(watched.alerts);
      expect(second.out).toBe(first.out);
    },
  );

  test("a recorded command replays to alerts", async () => {
    const file = join(folder, "recorded.scap");
    const recorded = await lanner(["record", "-w", file, "--", "sh", "-c", SCRIPT]);
    expect(recorded.code, recorded.err).toBe(0);
    const replayed = await lanner(["replay", ...OPTIONS, file]);
    expect(replayed.alerts.map((alert) => alert.rule)).toEqual(["Shadow read", "Shadow read"]);
    const reader = openCapture(file);
    const kinds = new Set<string>();
    for await (const part of reader) kinds.add(part.kind);
    expect([...kinds].slice(0, 6)).toEqual([
      "section",
      "machine",
      "interfaces",
      "accounts",
      "processes",
      "descriptors",
    ]);
    expect(reader.statistics.events).toBeGreaterThan(20);
  });

  test.skipIf(!SYSDIG)("for old readers is listed by sysdig to its end", async () => {
    const file = join(folder, "old.scap");
    const script = `${SCRIPT}; exec 7< /etc/passwd; cat <&7 > /dev/null; true`;
    const recorded = await lanner([
      "record",
      "--old-readers",
      "-w",
      file,
      "--",
      "sh",
      "-c",
      script,
    ]);
    expect(recorded.err).toMatch(/[1-9]\d* events that old readers do not know left out/);
    const { stdout, status } = spawnSync("sysdig", ["-r", file, "-p", "%proc.pid %evt.type"], {
      encoding: "utf8",
    });
    expect(status).toBe(0);
    const format = "%proc.pid %evt.type";
    const rules = join(folder, "listed.yaml");
    const rule = { rule: "listed", desc: "all", priority: "INFO", output: format };
    writeFileSync(rules, JSON.stringify([{ ...rule, condition: "evt.num > 0" }]));
    const replayed = await lanner(["replay", "-r", rules, "-o", "json_output=true", file]);
    const ours = replayed.alerts.map(({ output_fields: fields }) => String(fields["proc.pid"]));
    const theirs = stdout.trim().split("\n");
    expect(theirs.length).toBeGreaterThan(200);
    expect(theirs.map((line) => line.split(" ")[0])).toEqual(ours);
  });
});
