/** Ends of a live run: by a signal, by a terminal's keys, and with processes that go on. */
import { type ChildProcessByStdio, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import type { Readable, Writable } from "node:stream";
import { describe, expect, test } from "vitest";
import { openCapture } from "../../host/replay/reader.ts";
import { TestFolder } from "../support/folder.ts";
import { CLI, Lanner, lanner, liveTitle, skipLive, WatchedShell } from "./lanner.ts";

const folder = new TestFolder("signals");
const marker = folder.file("marker", "");
const RULES = folder.file(
  "rules.yaml",
  "- rule: Reads the marker\n  desc: d\n  priority: WARNING\n  output: read by %proc.name\n" +
    `  condition: evt.type in (open, openat) and fd.name = ${marker}\n`,
);
const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;

/** Runs a command line in a terminal of its own. */
function openTerminal(line: string): ChildProcessByStdio<Writable, Readable, null> {
  return spawn("script", ["-qefc", line, "/dev/null"], { stdio: ["pipe", "pipe", "ignore"] });
}

/** Runs a command line in a terminal, and presses Ctrl-C when it says READY. */
async function interrupted(line: string): Promise<{ readonly said: string }> {
  const terminal = openTerminal(line);
  let said = "";
  terminal.stdout.setEncoding("utf8").on("data", (text: string) => {
    if (!said.includes("READY") && (said + text).includes("READY")) terminal.stdin.write("\x03");
    said += text;
  });
  await once(terminal, "close");
  return { said };
}

describe.skipIf(skipLive())(liveTitle("a live run"), { timeout: 60_000 }, () => {
  test("opens no debugger on SIGUSR1 and goes on", async () => {
    const shell = new WatchedShell();
    const scope = `tree:${String(shell.pid)}`;
    const running = new Lanner(["run", "-r", RULES, "-o", "json_output=true", "--scope", scope]);
    try {
      await running.watching();
      for (const pid of [running.process.pid ?? -1, running.enginePid()]) {
        process.kill(pid, "SIGUSR1");
      }
      shell.run(`cat ${marker}`);
      await running.until(() => running.alerts.length > 0, "alert");
      expect(running.err).not.toContain("Debugger");
      expect(await running.stop()).toBe(0);
    } finally {
      running.process.kill("SIGKILL");
      await shell.end();
    }
  });

  test.each(["SIGHUP", "SIGTERM", "SIGQUIT"] as const)(
    "keeps its recording on %s",
    async (signal) => {
      const shell = new WatchedShell();
      const file = folder.at(`${signal}.scap.gz`);
      const scope = `tree:${String(shell.pid)}`;
      const running = new Lanner(["record", "-w", file, "--scope", scope]);
      try {
        await running.until(() => running.err.includes("recording tree:"), "recording");
        const done = folder.at(`${signal}.done`);
        shell.run(`cat ${marker}; : > ${done}`);
        await running.until(() => existsSync(done), "command");
        running.process.kill(signal);
        expect(await running.exit()).toBe(0);
        let names = "";
        for await (const part of openCapture(file)) {
          if (part.kind === "events") names += part.bytes.toString("latin1");
        }
        expect(names).toContain(marker);
      } finally {
        running.process.kill("SIGKILL");
        await shell.end();
      }
    },
  );

  test("refuses SIGHUP, says so and goes on", async () => {
    const shell = new WatchedShell();
    const scope = `tree:${String(shell.pid)}`;
    const running = new Lanner(["run", "-r", RULES, "-o", "json_output=true", "--scope", scope]);
    try {
      await running.watching();
      running.process.kill("SIGHUP");
      running.process.kill("SIGHUP");
      await running.until(() => running.err.includes("SIGHUP"), "message");
      expect(running.err).toContain("reloading is not supported yet; restart");
      shell.run(`cat ${marker}`);
      await running.until(() => running.alerts.length > 0, "alert");
      expect(await running.stop()).toBe(0);
    } finally {
      running.process.kill("SIGKILL");
      await shell.end();
    }
  });

  test("ends a run whose terminal is closed", async () => {
    const shell = new WatchedShell();
    const statistics = folder.at("closed.json");
    const scope = `tree:${String(shell.pid)}`;
    const words = [process.execPath, CLI, "run", "-r", RULES, "--scope", scope];
    const line = [...words, "--stats-json", statistics].map(quoted).join(" ");
    const terminal = openTerminal(`${line}; :`);
    let said = "";
    terminal.stdout.setEncoding("utf8").on("data", (text: string) => (said += text));
    try {
      await expect.poll(() => said, { timeout: 30_000 }).toContain("watching tree:");
      terminal.kill("SIGKILL");
      // Written at an ordered end only.
      await expect.poll(() => existsSync(statistics), { timeout: 10_000 }).toBe(true);
      expect(said).not.toContain("SIGHUP");
    } finally {
      terminal.kill("SIGKILL");
      await shell.end();
    }
  });

  test("keeps its recording when its terminal is closed", async () => {
    const shell = new WatchedShell();
    const file = folder.at("closed.scap.gz");
    const scope = `tree:${String(shell.pid)}`;
    const words = [process.execPath, CLI, "record", "-w", file, "--scope", scope];
    const line = `${words.map(quoted).join(" ")}; :`;
    const terminal = openTerminal(line);
    let said = "";
    terminal.stdout.setEncoding("utf8").on("data", (text: string) => (said += text));
    try {
      await expect.poll(() => said, { timeout: 30_000 }).toContain("recording tree:");
      const done = folder.at("closed.done");
      shell.run(`cat ${marker}; : > ${done}`);
      await expect.poll(() => existsSync(done), { timeout: 30_000 }).toBe(true);
      terminal.kill("SIGKILL");
      const isWhole = (): boolean => spawnSync("gzip", ["-t", file]).status === 0;
      await expect.poll(isWhole, { timeout: 10_000 }).toBe(true);
    } finally {
      terminal.kill("SIGKILL");
      await shell.end();
    }
  });

  test("leaves a terminal's Ctrl-C to the command, which it watches to its end", async () => {
    const handler = `cat ${marker}; exit 5`;
    const script = `trap ${quoted(handler)} INT; echo READY; while :; do sleep 0.1; done`;
    const words = [process.execPath, CLI, "watch", "-r", RULES, "--", "sh", "-c", script];
    const { said } = await interrupted(words.map(quoted).join(" "));
    expect(said).toContain("the command ended with status 5");
    expect(said).toContain("read by cat");
    // The terminal was the command's: no status line in it.
    expect(said).not.toContain("watching:");
  });

  test("ends at a terminal's Ctrl-C while it waits for what the command has left", async () => {
    const words = [process.execPath, CLI, "watch", "-r", RULES, "--wait", "--"];
    const left = "(setsid sleep 8) & (sleep 0.5; echo READY) & exit 0";
    const line = [...words, "sh", "-c", left].map(quoted).join(" ");
    const { said } = await interrupted(line);
    expect(said).toContain("a process that the command started goes on");
    expect(said).toContain("the command ended with status 0");
  });

  test("says which processes of the command go on, or waits for them", async () => {
    const command = ["sh", "-c", `(setsid sh -c "sleep 1; cat ${marker}; exit") & exit 0`];
    const watched = await lanner(["watch", "--fail-on", "warning", "-r", RULES, "--", ...command]);
    expect(watched.code).toBe(0);
    expect(watched.err).toMatch(/that the command started go(es)? on .*\(\d+ \w+.*\); --wait/);
    const options = ["--wait", "--fail-on", "warning", "-r", RULES];
    const waited = await lanner(["watch", ...options, "--", ...command]);
    expect(waited.code).toBe(1);
    expect(waited.out).toContain("read by cat");
    expect(waited.err).not.toContain("no longer watched");
  });

  test("gives the command its arguments and its environment byte for byte", () => {
    const watch = `${quoted(process.execPath)} ${quoted(CLI)} watch -r ${quoted(RULES)} --`;
    const script = `
      greet() { echo greeted; }; export -f greet
      ${watch} bash -c greet
      ${watch} printf '%s|' $'\\xff\\xfe' $'\\xfe' 'two words' ''
      env 'not an:identifier=kept' ${watch} printenv 'not an:identifier'`;
    const { stdout } = spawnSync("bash", ["-c", script], { encoding: "latin1" });
    expect(stdout).toBe("greeted\n\xff\xfe|\xfe|two words||kept\n");
  });

  test("refuses a command that is not there", async () => {
    const watched = await lanner(["watch", "-r", RULES, "--", "no-such-command-here"]);
    expect(watched.code).toBe(2);
    expect(watched.err).toContain("there is no command no-such-command-here");
  });
});

test("what cannot be written is told by the exit code of any command", () => {
  for (const args of [
    ["check", RULES],
    ["list", "fields"],
    ["config", "--json"],
  ]) {
    const command = `exec "$@" > /dev/full`;
    const { status, stderr } = spawnSync("sh", [
      "-c",
      command,
      "sh",
      process.execPath,
      CLI,
      ...args,
    ]);
    expect(stderr.toString()).toContain("cannot write to standard output");
    expect(status).toBe(2);
  }
});
