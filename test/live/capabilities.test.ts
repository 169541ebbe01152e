/** With exactly the capabilities that SECURITY.md names, and without each of them. */
import { spawnSync } from "node:child_process";
import { chownSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { CLI, liveTitle, NO_LANNER_REASON, skipLive } from "./lanner.ts";

const RULES = fileURLToPath(new URL("./rules.yaml", import.meta.url));
const NOBODY = 65_534;
const ROOT = 0;

const folders = new Map<number, string>();
afterAll(() => {
  for (const folder of folders.values()) rmSync(folder, { recursive: true, force: true });
});

/** A cache of the user's own. */
function cacheOf(uid: number): string {
  const known = folders.get(uid);
  if (known !== undefined) return known;
  const folder = mkdtempSync(join(tmpdir(), "lanner-capabilities-"));
  chownSync(folder, uid, uid);
  folders.set(uid, folder);
  return folder;
}

interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs with these capabilities and no other. */
function runWith(names: readonly string[], uid: number, command: readonly string[]): Ended {
  const set = ["-all", ...names.map((name) => `+${name}`)].join(",");
  const user = [`--reuid=${String(uid)}`, `--regid=${String(uid)}`, "--clear-groups"];
  const limits = [`--inh-caps=${set}`, `--ambient-caps=${set}`, `--bounding-set=${set}`];
  const env = { ...process.env, LANNER_CACHE: cacheOf(uid) };
  const args = [...user, ...limits, ...command];
  const { status, stdout, stderr } = spawnSync("setpriv", args, { env, encoding: "utf8" });
  return { status, out: stdout, err: stderr };
}

function lannerWith(names: readonly string[], uid: number, args: readonly string[]): Ended {
  return runWith(names, uid, [process.execPath, CLI, ...args]);
}

interface Report {
  readonly able: boolean;
  readonly findings: readonly {
    readonly what: string;
    readonly good: boolean;
    readonly detail: string;
  }[];
}

function doctorWith(names: readonly string[], uid: number): Report {
  return JSON.parse(lannerWith(names, uid, ["doctor", "--json"]).out) as Report;
}

const WATCH = [
  "watch",
  "-r",
  RULES,
  "--fail-on",
  "warning",
  "--",
  "sh",
  "-c",
  "read x < /etc/shadow",
];
const CAPTURE = ["bpf", "perfmon"];

const reason = NO_LANNER_REASON || noSetpriv();

function noSetpriv(): string {
  if (spawnSync("setpriv", ["--version"]).status !== 0) return "setpriv is not installed";
  return runWith(CAPTURE, NOBODY, ["test", "-r", RULES]).status === 0
    ? ""
    : "other users cannot read this checkout";
}

describe.skipIf(skipLive(reason))(liveTitle("capabilities", reason), { timeout: 180_000 }, () => {
  test.each([
    ["root", ROOT],
    ["another user", NOBODY],
  ])("CAP_BPF and CAP_PERFMON suffice for capture by %s", (_, uid) => {
    const { status, out, err } = lannerWith(CAPTURE, uid, WATCH);
    expect(out, err).toMatch(/shadow/i);
    expect(status).toBe(1);
    expect(doctorWith(CAPTURE, uid).able).toBe(true);
  });

  test.each([
    ["CAP_BPF", ["perfmon"]],
    ["CAP_PERFMON", ["bpf"]],
  ])("without %s capture does not start, and doctor says why", (missing, names) => {
    const { status, err } = lannerWith(names, ROOT, WATCH);
    expect(status).toBe(3);
    expect(err).toContain("CAP_BPF and CAP_PERFMON");
    const { able, findings } = doctorWith(names, ROOT);
    expect(able).toBe(false);
    const found = findings.find(({ what }) => what === "privileges");
    expect(found).toMatchObject({ good: false });
    expect(found?.detail).toContain(missing);
  });

  test("running processes are readable with CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH", () => {
    const scan = (names: readonly string[]) =>
      doctorWith([...CAPTURE, ...names], NOBODY).findings.find(
        ({ what }) => what === "running processes",
      );
    expect(scan(["sys_ptrace", "dac_read_search"])).toMatchObject({ good: true });
    expect(scan(["sys_ptrace"])?.detail).toMatch(
      /environ, fd of \d+ of \d+; run it with CAP_DAC_READ_SEARCH$/,
    );
    expect(scan(["dac_read_search"])?.detail).toMatch(
      /^cannot read exe, environ of \d+ of \d+; run it with CAP_SYS_PTRACE$/,
    );
  });
});
