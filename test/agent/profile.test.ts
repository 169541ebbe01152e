/** Profiles on the command line: written by one command, taken by others. */
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { DEMO_FILE } from "../../host/agent/paths.ts";
import { readProfile } from "../../host/compile/5-plan/profile.ts";
import { NO_ENGINE_REASON } from "../support/engine.ts";
import { TestFolder } from "../support/folder.ts";
import { type CliResult, cli } from "../support/io.ts";

const folder = new TestFolder("profile");

const RULES = folder.file(
  "rules.yaml",
  "- rule: Reads\n  desc: d\n  output: reads %fd.name\n  priority: NOTICE\n" +
    "  condition: >\n    evt.type in (open, openat) and fd.num >= 0 and evt.is_open_read = true\n" +
    "    and fd.name contains shadow and proc.name exists\n",
);
const PROFILE = folder.at("profile.json");
const MEASURE = ["bench", "-r", RULES, "--brief", "--rounds", "1"];

const title = "a profile";
const reason = NO_ENGINE_REASON === "" ? "" : ` (skipped: ${NO_ENGINE_REASON})`;

describe.skipIf(reason !== "")(`${title}${reason}`, () => {
  let written: CliResult;
  beforeAll(async () => {
    const other = folder.file(
      "other.json",
      '{"format": "lanner-profile", "version": 1, "events": {}, "nodes": {},' +
        ' "kept": {"process": {}, "lineage": {}, "descriptor": {}}}',
    );
    written = await cli([...MEASURE, "--compare-profile", other, "--write-profile", PROFILE]);
  }, 180_000);

  test("is compared with none by bench", () => {
    expect(written.out).toContain("rules.yaml with other.json compared with rules.yaml, per event");
  });

  test("is written by bench, with what conditions answered and cost", () => {
    expect(written.code).toBe(0);
    expect(written.err).toContain(`wrote ${PROFILE}`);
    const { source, events, nodes } = readProfile(readFileSync(PROFILE, "utf8"), PROFILE);
    expect(source).toMatch(/^the bundled recording, \d+ events$/);
    const opened = events.get("openat") ?? 0;
    expect(opened).toBeGreaterThan(0);
    expect(nodes.get("proc.name exists")?.true.get("openat")).toBe(opened);
    expect(nodes.get("fd.name contains shadow")?.ns).toBeGreaterThan(0);
    expect(nodes.get("fd.name contains shadow")?.true.get("openat")).toBeLessThan(opened);
  });

  test("changes the order of evaluation and no alert", async () => {
    const plain = await cli(["explain", "Reads", "-r", RULES]);
    const ordered = await cli(["explain", "Reads", "-r", RULES, "--profile", PROFILE]);
    expect(plain.out).toContain("Order of evaluation\n");
    expect(ordered.out).toContain("Order of evaluation, by the profile of the bundled recording");
    expect(ordered.out).toMatch(/profile: holds for \d+ of \d+ events, [\d.]+ ns/);
    const replayed = await cli(["replay", DEMO_FILE, "-r", RULES]);
    const again = await cli(["replay", DEMO_FILE, "-r", RULES, "--profile", PROFILE]);
    expect(replayed.out).toContain("reads /etc/shadow");
    expect(again.out).toBe(replayed.out);
    expect(again.err).toContain("compiling");
    expect(again.err).not.toContain("profile.json");
  }, 120_000);

  test("that was made for other rules, or cannot order these, is told", async () => {
    const replayed = async (condition: string): Promise<string> => {
      const rules = "- rule: Other\n  desc: d\n  output: o\n  priority: NOTICE\n";
      const file = folder.file("others.yaml", `${rules}  condition: ${condition}\n`);
      return (await cli(["replay", DEMO_FILE, "-r", file, "--profile", PROFILE])).err;
    };
    expect(await replayed("evt.type = openat and fd.name = /a and proc.name = b")).toMatch(
      /profile\.json knows 0 of 2 predicates of these rules; write a new one with: lanner bench/,
    );
    expect(await replayed("evt.type = openat and util.cnt > 3")).toMatch(
      /profile\.json has no effect: a rule reads util\.cnt/,
    );
  }, 60_000);

  test("that is none is refused in words", async () => {
    const broken = folder.file("broken.json", '{"format": "lanner-profile", "version": 9}');
    for (const command of [
      ["replay", DEMO_FILE, "-r", RULES],
      ["explain", "Reads", "-r", RULES],
    ]) {
      const { code, err } = await cli([...command, "--profile", broken]);
      expect(code).toBe(2);
      expect(err).toMatch(/broken\.json is no profile: "version" is not 1.*--write-profile FILE/);
      const missing = await cli([...command, "--profile", folder.at("missing.json")]);
      expect(missing.code).toBe(2);
      expect(missing.err).toMatch(/cannot read the profile from .*: there is no such file/);
    }
    const filtered = ["replay", DEMO_FILE, "--filter", "fd.num = 1", "--profile", PROFILE];
    expect((await cli(filtered)).err).toContain("--filter evaluates no rules");
  });
});
