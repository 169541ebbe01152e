/** Users of a container have the names that its own files give them, live and in a replay. */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, test } from "vitest";
import { containerCommand, noPodmanReason } from "../support/podman.ts";
import { type Alert, Lanner, lanner, liveTitle, NO_LANNER_REASON, skipLive } from "./lanner.ts";

const folder = mkdtempSync(join(tmpdir(), "lanner-users-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A number that has no name on any host. */
const UID = 54_321;
writeFileSync(join(folder, "passwd"), `alice:x:${UID}:${UID}::/home/alice:/bin/ash\n`);
writeFileSync(join(folder, "group"), `crew:x:${UID}:\n`);
const rules = join(folder, "rules.yaml");
writeFileSync(
  rules,
  [
    "- rule: Alice",
    "  desc: a user that only the container knows starts a program",
    "  condition: evt.type in (execve, execveat) and user.name = alice and group.name = crew",
    "  output: started (arguments=%proc.args user=%user.name home=%user.homedir shell=%user.shell",
    "    group=%group.name container=%container.id)",
    "  priority: NOTICE",
    "",
  ].join("\n"),
);
const OPTIONS = ["-r", rules, "-o", "json_output=true"];
const MOUNTS = ["passwd", "group"].flatMap((name) => [
  "-v",
  `${join(folder, name)}:/etc/${name}:ro`,
]);

function inContainer(name: string, script: string): readonly string[] {
  const run = [...MOUNTS, "--user", `${UID}:${UID}`];
  return containerCommand(script, { cidFile: join(folder, name), run });
}

function idOf(name: string): string {
  return readFileSync(join(folder, name), "utf8").slice(0, 12);
}

/** Id of the container's first process. */
async function processOf(name: string): Promise<number> {
  for (let look = 0; look < 100; look++) {
    await sleep(100);
    if (!existsSync(join(folder, name))) continue;
    const format = ["inspect", "--format", "{{.State.Pid}}", idOf(name)];
    const pid = Number(spawnSync("podman", format, { encoding: "utf8" }).stdout);
    if (pid > 0) return pid;
  }
  throw new Error("the container did not start");
}

const files = (alerts: readonly Alert[]): unknown[] =>
  alerts.map((alert) => alert.output_fields["proc.args"]);

const REASON = NO_LANNER_REASON === "" ? noPodmanReason() : NO_LANNER_REASON;
const title = liveTitle("users of containers", REASON);
describe.skipIf(skipLive(REASON))(title, { timeout: 180_000 }, () => {
  test("have names from the second program on, and the same in a replay", async () => {
    const file = join(folder, "watched.scap");
    // Its files can be read only as long as it runs.
    const script = "cat /etc/group > /dev/null; cat /etc/passwd > /dev/null; sleep 1";
    const command = inContainer("watched", script);
    const watched = await lanner(["watch", ...OPTIONS, "-w", file, "--", ...command]);
    expect(files(watched.alerts), watched.err).toEqual(["/etc/group", "/etc/passwd", "1"]);
    expect(watched.alerts[0]?.output_fields).toMatchObject({
      "user.homedir": "/home/alice",
      "user.shell": "/bin/ash",
      "container.id": idOf("watched"),
    });
    const replayed = await lanner(["replay", ...OPTIONS, file]);
    expect(replayed.alerts).toEqual(watched.alerts);
  });

  test("have names when the container was there before us", async () => {
    const shell = inContainer("before", "read x; cat /etc/group > /dev/null");
    const file = join(folder, "before.scap");
    const [command = "", ...args] = shell.toSpliced(shell.indexOf("run") + 1, 0, "-i");
    const container = spawn(command, args, { stdio: ["pipe", "ignore", "inherit"] });
    try {
      const pid = await processOf("before");
      const watcher = new Lanner(["run", ...OPTIONS, "-w", file, "--scope", `tree:${String(pid)}`]);
      await watcher.watching();
      container.stdin.end("\n");
      await watcher.until(() => watcher.alerts.length > 0, "alert");
      expect(await watcher.stop()).toBe(0);
      expect(files(watcher.alerts)).toEqual(["/etc/group"]);
      const replayed = await lanner(["replay", ...OPTIONS, file]);
      expect(replayed.alerts).toEqual(watcher.alerts);
    } finally {
      spawnSync("podman", ["rm", "-f", idOf("before")]);
    }
  });
});
