/** One rule that matches a hundred thousand times a second, and one that matches now and then. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Lanner, lanner, liveTitle, skipLive } from "./lanner.ts";

const folder = mkdtempSync(join(tmpdir(), "lanner-flood-"));
const rules = join(folder, "rules.yaml");
const RARE = 20;
const OPENS = "evt.type in (open, openat, openat2) and fd.name =";
const OPTIONS = ["-r", rules, "-o", "json_output=true"];

/** Opens one file without pause, and the other one 20 times meanwhile. */
const FLOOD = `
const { openSync, closeSync } = require("node:fs");
const begun = Date.now();
let rare = 0, frequent = 0;
while (rare < ${String(RARE)}) {
  closeSync(openSync("${folder}/frequent")); frequent++;
  if (Date.now() - begun < 100 * (rare + 1)) continue;
  closeSync(openSync("${folder}/rare")); rare++;
}
require("node:fs").writeFileSync("${folder}/count", String(frequent));
`;

beforeAll(() => {
  for (const name of ["frequent", "rare"]) writeFileSync(join(folder, name), "");
  const rule = (name: string): string =>
    `- rule: ${name}\n  desc: d\n  condition: ${OPENS} ${folder}/${name}\n` +
    `  output: ${name} %evt.num\n  priority: WARNING\n`;
  writeFileSync(rules, rule("frequent") + rule("rare"));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe.skipIf(skipLive())(liveTitle("a flood of alerts"), { timeout: 120_000 }, () => {
  test("hides no other alert, keeps none back, and is counted to the last match", async () => {
    const statistics = join(folder, "statistics.json");
    const command = [process.execPath, "-e", FLOOD];
    const args = ["watch", ...OPTIONS, "--stats-json", statistics, "--", ...command];
    const watcher = new Lanner(args);
    const late: number[] = [];
    let line = "";
    watcher.process.stdout?.on("data", (text: string) => {
      const lines = (line + text).split("\n");
      line = lines.pop() ?? "";
      for (const each of lines) {
        if (!each.includes('"rule":"rare"')) continue;
        late.push(Date.now() - Date.parse((JSON.parse(each) as { time: string }).time));
      }
    });
    expect(await watcher.exit()).toBe(0);
    expect(late).toHaveLength(RARE);
    expect(Math.max(...late)).toBeLessThan(2_000);
    const report = JSON.parse(readFileSync(statistics, "utf8")) as {
      byRule: Record<string, number>;
      mergedByRule: Record<string, number>;
      drops: Record<string, number>;
    };
    const frequent = Number(readFileSync(join(folder, "count"), "utf8"));
    const lost = report.drops["buffer full"] ?? 0;
    expect((report.byRule["frequent"] ?? 0) + lost).toBeGreaterThanOrEqual(frequent);
    expect(report.byRule["frequent"]).toBeLessThanOrEqual(frequent);
    const printed = watcher.alerts.filter(({ rule }) => rule === "frequent").length;
    expect(printed + (report.mergedByRule["frequent"] ?? 0)).toBe(report.byRule["frequent"]);
    expect(watcher.err).toMatch(/alerts merged: rule 'frequent' ×\d+/);
  });

  test("--fail-on says when events were lost", async () => {
    const few = ["-o", "falco_libs.thread_table_size=1024"];
    const script = "i=0; while [ $i -lt 1200 ]; do sleep 3 & i=$((i+1)); done; wait";
    const failing = ["--fail-on", "emergency"];
    const args = ["watch", ...OPTIONS, ...few, ...failing, "--", "sh", "-c", script];
    const { code, err } = await lanner(args);
    expect(code).toBe(4);
    expect(err).toContain("lost: no room for a thread");
    expect(err).toContain("a finding may be missing");
  });
});
