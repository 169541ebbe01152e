/** Watching from pid namespaces of their own, and what an excluded or launching process leaves. */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { containerCommand, noPodmanReason } from "../support/podman.ts";
import { CLI, liveTitle, NO_LANNER_REASON, skipLive } from "./lanner.ts";

const RULES = fileURLToPath(new URL("./rules.yaml", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "lanner-namespaces-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

function run(before: readonly string[], args: readonly string[]): Ended {
  const [file = "", ...rest] = [...before, process.execPath, CLI, ...args];
  const { status, stdout, stderr } = spawnSync(file, rest, { encoding: "utf8", timeout: 90_000 });
  return { status, out: stdout, err: stderr };
}

const WATCH = ["watch", "-r", RULES, "-o", "json_output=true", "--fail-on", "warning"];

describe.skipIf(skipLive())(liveTitle("pid namespaces"), { timeout: 180_000 }, () => {
  test.each([
    ["a /proc of its own", ["unshare", "--pid", "--fork", "--mount-proc"]],
    ["the /proc of the host", ["unshare", "--pid", "--fork"]],
    [
      "a nested namespace",
      [
        ...["unshare", "--pid", "--fork", "--mount-proc"],
        ...["unshare", "--pid", "--fork", "--mount-proc"],
      ],
    ],
  ])("a command is watched with %s", (_, before) => {
    const { status, out, err } = run(before, [...WATCH, "--", "sh", "-c", "cat /etc/shadow"]);
    expect(out, err).toContain('"rule":"Shadow read"');
    expect(out).toContain('"proc.pname":"sh"');
    expect(status).toBe(1);
  });

  test("a tree is named by the numbers that /proc shows, and includes what ran before", () => {
    const script = [
      "sh -c 'sleep 0.1; (read x; cat /etc/shadow > /dev/null) ' < $1 & root=$!",
      "exec 8> $1",
      `"${process.execPath}" "${CLI}" run -r "${RULES}" --scope tree:$root > $0 2> $0.err &`,
      "agent=$!",
      "i=0; until grep -q watching $0.err; do sleep 0.1; i=$((i+1)); [ $i -gt 300 ] && break; done",
      "echo go >&8; wait $root; sleep 1; kill -INT $agent; wait $agent",
    ].join("\n");
    const [out, pipe] = [join(folder, "tree.out"), join(folder, "pipe")];
    spawnSync("mkfifo", [pipe]);
    const before = ["unshare", "--pid", "--fork", "--mount-proc"];
    spawnSync(before[0] ?? "", [...before.slice(1), "sh", "-c", script, out, pipe], {
      timeout: 90_000,
    });
    const result = spawnSync("cat", [out, `${out}.err`], { encoding: "utf8" }).stdout;
    expect(result).toContain("Shadow read");
  });

  test("what the launcher does is no event: not its search, nor its failure", () => {
    const rules = join(folder, "exec.yaml");
    writeFileSync(
      rules,
      [
        "- rule: Failed exec",
        "  desc: d",
        "  condition: evt.type in (execve, execveat) and evt.failed = true",
        "  output: tried %evt.arg.filename by %proc.name",
        "  priority: WARNING",
        "- rule: By the launcher",
        "  desc: d",
        "  condition: proc.name startswith lanner",
        "  output: '%evt.type by %proc.name'",
        "  priority: WARNING",
      ].join("\n"),
    );
    const plain = join(folder, "plain");
    mkdirSync(plain);
    writeFileSync(join(plain, "true"), "no program");
    chmodSync(join(plain, "true"), 0o644);
    const path = `${folder}/nowhere:${plain}:${process.env["PATH"] ?? ""}`;
    const before = ["env", `PATH=${path}`];
    const options = ["watch", "-r", rules, "--fail-on", "warning", "-o", "rule_matching=all"];
    const found = run(before, [...options, "--", "true"]);
    expect(found.out, found.err).toBe("");
    expect(found.status).toBe(0);
    const refused = run(before, [...options, "--", join(plain, "true")]);
    expect(refused.out, refused.err).toBe("");
    expect(refused.err).toContain("0 events seen");
    const searching = run(before, [...options, "--", "sh", "-c", "exec /nowhere"]);
    expect(searching.out).toContain("tried /nowhere by sh");
  });
});

const NO_CONTAINER = NO_LANNER_REASON || noPodmanReason();

describe.skipIf(skipLive(NO_CONTAINER))(
  liveTitle("a privileged container", NO_CONTAINER),
  { timeout: 180_000 },
  () => {
    // The mount is the container's own.
    test.each([
      ["its own", "mount -t proc proc /proc;"],
      ["the host's", ""],
    ])("watches with %s /proc", (name, prepare) => {
      const words = [process.execPath, CLI, ...WATCH, "--", "cat", "/etc/shadow"];
      const watch = words.map((word) => `"${word}"`).join(" ");
      const cache = `LANNER_CACHE=${join(folder, "cache")} PATH=/usr/local/bin:/usr/bin:/bin`;
      const inside = `${prepare} ${cache} exec ${watch}`;
      const cidFile = join(folder, name.replaceAll(/\W/g, ""));
      const [file = "", ...args] = containerCommand(`exec busybox chroot /host sh -c '${inside}'`, {
        cidFile,
        run: ["--privileged", "-v", "/:/host"],
      });
      const { status, stdout, stderr } = spawnSync(file, args, { encoding: "utf8" });
      expect(stdout, stderr).toContain('"rule":"Shadow read"');
      expect(status).toBe(1);
    });
  },
);
