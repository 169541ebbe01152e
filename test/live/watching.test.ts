import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { cgroup2Mount } from "../../host/capture/scope.ts";
import { containerCommand, noPodmanReason } from "../support/podman.ts";
import {
  CLI,
  Lanner,
  lanner,
  liveTitle,
  NO_LANNER_REASON,
  skipLive,
  WatchedShell,
} from "./lanner.ts";

const RULES = fileURLToPath(new URL("./rules.yaml", import.meta.url));
const OPTIONS = ["-r", RULES, "-o", "json_output=true"];
const CGROUPS = cgroup2Mount();
const folder = mkdtempSync(join(tmpdir(), "lanner-live-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(skipLive())(liveTitle("watching"), { timeout: 180_000 }, () => {
  test("a process tree shows what it reads within a second", async () => {
    const shell = new WatchedShell();
    const watcher = new Lanner(["run", ...OPTIONS, "--scope", `tree:${shell.pid}`]);
    try {
      await watcher.watching();
      const start = performance.now();
      shell.run("cat /etc/shadow");
      await watcher.until(() => watcher.alerts.length > 0, "alert", 5_000);
      expect(performance.now() - start).toBeLessThan(1_000);
      expect(watcher.alerts[0]).toMatchObject({
        rule: "Shadow read",
        priority: "Warning",
        output_fields: {
          "fd.name": "/etc/shadow",
          "proc.cmdline": "cat /etc/shadow",
          "proc.pname": "sh",
          "proc.cwd": `${process.cwd()}/`,
          "user.name": "root",
        },
      });
      expect(await watcher.stop()).toBe(0);
    } finally {
      watcher.process.kill("SIGKILL");
      await shell.end();
    }
  });

  test("one process shows only its own calls", async () => {
    const [inside, outside] = [new WatchedShell(), new WatchedShell()];
    const watcher = new Lanner(["run", ...OPTIONS, "--scope", `tgid:${inside.pid}`]);
    try {
      await watcher.watching();
      outside.run("read x < /etc/shadow");
      inside.run("read x < /etc/shadow");
      await watcher.until(() => watcher.alerts.length > 0, "alert", 5_000);
      await watcher.stop();
      expect(watcher.alerts.map((alert) => alert.output_fields["proc.pid"])).toEqual([inside.pid]);
    } finally {
      watcher.process.kill("SIGKILL");
      await Promise.all([inside.end(), outside.end()]);
    }
  });

  test.skipIf(CGROUPS === undefined)(
    "a control group shows its processes and those below it",
    async () => {
      const top = `${CGROUPS ?? ""}/lanner-test-${String(process.pid)}`;
      const below = `${top}/below`;
      mkdirSync(below, { recursive: true });
      const [inside, outside] = [new WatchedShell(), new WatchedShell()];
      writeFileSync(`${below}/cgroup.procs`, String(inside.pid));
      const watcher = new Lanner(["run", ...OPTIONS, "--scope", `cgroup:${top}`]);
      try {
        await watcher.watching();
        outside.run("read x < /etc/shadow");
        inside.run("read x < /etc/shadow");
        await watcher.until(() => watcher.alerts.length > 0, "alert", 5_000);
        await watcher.stop();
        expect(watcher.alerts.map((alert) => alert.output_fields["proc.pid"])).toEqual([
          inside.pid,
        ]);
      } finally {
        watcher.process.kill("SIGKILL");
        await Promise.all([inside.end(), outside.end()]);
        for (const directory of [below, top]) rmdirSync(directory);
      }
    },
  );

  test("an agent below the root of its own tree does not watch itself", () => {
    const file = join(folder, "self.json");
    const cli = `"${process.execPath}" "${CLI}" run -r "${RULES}" --stats-json "${file}"`;
    const script = `${cli} --scope tree:$$ & agent=$!; sleep 4; kill -INT $agent; wait $agent`;
    execFileSync("sh", ["-c", script], { stdio: "ignore" });
    const { events } = JSON.parse(readFileSync(file, "utf8")) as { readonly events: number };
    // The shell's own few calls; an agent that saw itself counts tens of thousands.
    expect(events).toBeLessThan(1_000);
  });

  test("a command is watched from its start, and its end ends the watch", async () => {
    const command = ["sh", "-c", "cat /etc/shadow > /dev/null"];
    const { code, alerts, err } = await lanner(["watch", ...OPTIONS, "--", ...command]);
    expect(
      alerts.map((alert) => alert.rule),
      err,
    ).toEqual(["Shadow read"]);
    expect(code).toBe(0);
  });
});

const NO_CONTAINER = NO_LANNER_REASON || noPodmanReason();

describe.skipIf(skipLive(NO_CONTAINER))(
  liveTitle("a container", NO_CONTAINER),
  { timeout: 180_000 },
  () => {
    test("is named by its id", async () => {
      const cidFile = join(folder, "container.id");
      const command = containerCommand("id > /dev/null; cat /bin/id > /dev/null", { cidFile });
      const { alerts, err } = await lanner(["watch", ...OPTIONS, "--", ...command]);
      const id = readFileSync(cidFile, "utf8").slice(0, 12);
      const started = alerts.filter((alert) => alert.rule === "Program in container");
      const ids = started.map((alert) => alert.output_fields["container.id"]);
      expect(ids, err).not.toHaveLength(0);
      expect(new Set(ids)).toEqual(new Set([id]));
    });
  },
);
