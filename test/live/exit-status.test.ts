/** What a pipeline reads: exit codes of `watch`, `record`, and of a `run` that cannot capture. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { DEFAULT_RULES, DEMO_FILE } from "../../host/agent/paths.ts";
import { TestFolder } from "../support/folder.ts";
import { CLI, Lanner, lanner, liveTitle, skipLive } from "./lanner.ts";

const folder = new TestFolder("exit-status");
const marker = folder.file("marker", "");
const RULES = folder.file(
  "rules.yaml",
  "- rule: Reads the marker\n  desc: d\n  priority: WARNING\n  output: read by %proc.name\n" +
    `  condition: evt.type in (open, openat) and fd.name = ${marker}\n`,
);
const FAIL_ON = ["--fail-on", "warning", "-r", RULES];

describe.skipIf(skipLive())(liveTitle("the exit code"), { timeout: 60_000 }, () => {
  const statuses: readonly (readonly [string, string, number])[] = [
    ["of a command that succeeds", "exit 0", 0],
    ["of a command that fails", "exit 7", 7],
    ["of a command that a signal ends", "kill -KILL $$", 137],
    ["of a finding", `cat ${marker}`, 1],
    ["of a finding in a command that fails", `cat ${marker}; exit 7`, 1],
  ];
  test.each(statuses)("%s", async (_, script, status) => {
    const { code } = await lanner(["watch", ...FAIL_ON, "--", "sh", "-c", script]);
    expect(code).toBe(status);
  });

  test("is the command's without --fail-on, too", async () => {
    const { code } = await lanner([
      "watch",
      "-r",
      RULES,
      "--",
      "sh",
      "-c",
      `cat ${marker}; exit 9`,
    ]);
    expect(code).toBe(9);
  });

  test("is the command's when it is recorded", async () => {
    const file = folder.at("failed.scap.gz");
    const { code, err } = await lanner(["record", "-w", file, "--", "sh", "-c", "exit 7"]);
    expect(code).toBe(7);
    expect(err).toContain(`recorded to ${file}`);
    expect(existsSync(file)).toBe(true);
  });

  test("says that the command was stopped", async () => {
    const running = new Lanner([
      "watch",
      ...FAIL_ON,
      "--",
      "sh",
      "-c",
      "echo READY; exec sleep 30",
    ]);
    await running.until(() => running.out.includes("READY"), "command");
    running.process.kill("SIGTERM");
    expect(await running.exit()).toBe(143);
  });
});

const NOBODY = 65_534;
const isRoot = process.geteuid?.() === 0;
describe.skipIf(!isRoot || !existsSync(CLI) || !existsSync(DEMO_FILE))(
  "without privilege (skipped where it cannot be dropped)",
  { timeout: 60_000 },
  () => {
    const cache = mkdtempSync(join(tmpdir(), "lanner-dropped-"));
    chownSync(cache, NOBODY, NOBODY);
    afterAll(() => {
      rmSync(cache, { recursive: true, force: true });
    });
    const environment = { ...process.env, LANNER_CACHE: cache };
    const dropped = { uid: NOBODY, gid: NOBODY, env: environment };
    const isReadable = spawnSync(process.execPath, [CLI, "--version"], dropped).status === 0;

    test.skipIf(!isReadable)("a pipe gets no alert, and the reason as an error", () => {
      const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, "run"], dropped);
      expect(stdout.toString()).toBe("");
      expect(stderr.toString()).toMatch(/^lanner: cannot capture: /m);
      expect(stderr.toString()).not.toContain("demonstration");
      expect(status).toBe(3);
    });

    const shown: readonly (readonly [string, string, boolean])[] = [
      ["a terminal shows the demonstration", "", true],
      ["rules that were named show none", ` -r '${DEFAULT_RULES}'`, false],
      ["an option shows none", " -o priority=debug", false],
      ["a scope shows none", " --scope tree:1", false],
    ];
    test.skipIf(!isReadable).each(shown)("%s", async (_, options, isShown) => {
      const line = `'${process.execPath}' '${CLI}' run${options}`;
      const script = spawn("script", ["-qefc", line, "/dev/null"], {
        ...dropped,
        stdio: ["ignore", "pipe", "ignore"],
      });
      let said = "";
      script.stdout.setEncoding("utf8").on("data", (text: string) => (said += text));
      await once(script, "close");
      expect(said).toContain("cannot capture");
      expect(said.includes("Events detected")).toBe(isShown);
      expect(script.exitCode).toBe(3);
    });
  },
);
