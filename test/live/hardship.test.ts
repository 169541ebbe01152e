import { rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { Lanner, lanner, liveTitle, skipLive, WatchedShell } from "./lanner.ts";

const RULES = fileURLToPath(new URL("./rules.yaml", import.meta.url));
const OPTIONS = ["-r", RULES, "-o", "json_output=true"];

const STOPPED_MS = 5_000;
/** Opens enough files to fill a small ring many times over. */
const FLOOD = "i=0; while [ $i -lt 60000 ]; do read x < /dev/null; i=$((i+1)); done";

describe.skipIf(skipLive())(liveTitle("hardship"), { timeout: 180_000 }, () => {
  test("an engine that stands still loses nothing in silence and goes on", async () => {
    const marker = `/tmp/lanner-marker-${String(process.pid)}`;
    const shell = new WatchedShell();
    const small = ["-o", "engine.modern_ebpf.buf_size_preset=1"];
    const watcher = new Lanner([
      "run",
      ...OPTIONS,
      ...small,
      "--scope",
      `tree:${String(shell.pid)}`,
    ]);
    try {
      await watcher.watching();
      process.kill(watcher.enginePid(), "SIGSTOP");
      shell.run(FLOOD);
      await sleep(STOPPED_MS);
      resume(watcher);
      // After the flood, again and again: one may still meet a full ring.
      shell.run(`while :; do : > ${marker}; rm ${marker}; sleep 0.5; done`);
      const seen = (): boolean => watcher.alerts.some((each) => each.rule === "Marker");
      await watcher.until(seen, "marker", 60_000);
      expect(await watcher.stop()).toBe(0);
      expect(watcher.err).toMatch(/buffer full|a new engine runs/);
    } finally {
      watcher.process.kill("SIGKILL");
      await shell.end();
      rmSync(marker, { force: true });
    }
  });

  test("an engine that is killed is replaced, and knows what the old one knew", async () => {
    const shell = new WatchedShell();
    const watcher = new Lanner(["run", ...OPTIONS, "--scope", `tree:${String(shell.pid)}`]);
    try {
      await watcher.watching();
      // The working directory is known from an event only.
      shell.run("cd /usr/share && cat /etc/shadow");
      await watcher.until(() => watcher.alerts.length === 1, "first alert");
      process.kill(watcher.enginePid(), "SIGKILL");
      shell.run("read x < /etc/shadow");
      await watcher.until(() => watcher.alerts.length === 2, "second alert");
      expect(watcher.alerts[1]?.output_fields).toMatchObject({
        "proc.pid": shell.pid,
        "proc.cwd": "/usr/share/",
      });
      expect(await watcher.stop()).toBe(0);
      expect(watcher.err).toMatch(/a new engine runs on the same state/);
    } finally {
      watcher.process.kill("SIGKILL");
      await shell.end();
    }
  });

  test("threads beyond the table are counted", async () => {
    const few = ["-o", "falco_libs.thread_table_size=1024"];
    const script = "i=0; while [ $i -lt 1200 ]; do sleep 5 & i=$((i+1)); done; wait";
    const { code, err } = await lanner(["watch", ...OPTIONS, ...few, "--", "sh", "-c", script]);
    expect(code).toBe(0);
    expect(err).toMatch(/no room for a thread/);
  });
});

/** The watchdog may have replaced the stopped engine already. */
function resume(watcher: Lanner): void {
  try {
    process.kill(watcher.enginePid(), "SIGCONT");
  } catch {
    // Gone in between: a new one runs.
  }
}
