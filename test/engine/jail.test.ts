/** The engine process without privilege: what /proc says of it, and what happens when it tries. */
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { constants } from "node:os";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type JailTrial, jailFinding, notRefused, tryJail } from "../../host/engine/jail-check.ts";
import { Supervisor } from "../../host/engine/supervisor.ts";
import { closeFd, createMemory } from "../../host/native/native.ts";
import { REPLAY_BYTES_MAX, STATE_BYTES_MAX } from "../../host/schema/memory.ts";
import { NO_ENGINE_REASON, sessionOptions } from "../support/engine.ts";

const BUILT = fileURLToPath(new URL("../../dist/engine/process.js", import.meta.url));
const NOT_BUILT = existsSync(BUILT) ? NO_ENGINE_REASON : "dist was not built";
const IS_ROOT = process.geteuid?.() === 0;
/** A shell opens it for what it starts, as CI runners and make do. */
const STRAY_FD = 97;

/** Each line of /proc/<pid>/task/<tid>/status, of all threads. */
function statusOf(pid: number): readonly ReadonlyMap<string, string>[] {
  const folder = `/proc/${String(pid)}/task`;
  return readdirSync(folder).map((thread) => {
    const lines = readFileSync(`${folder}/${thread}/status`, "latin1").trim().split("\n");
    return new Map(lines.map((line) => line.split(":\t") as [string, string]));
  });
}

const title = NOT_BUILT === "" ? "a running engine" : `a running engine (skipped: ${NOT_BUILT})`;

describe.skipIf(NOT_BUILT !== "")(title, { timeout: 30_000 }, () => {
  const memory = (bytes: number) => ({ fd: createMemory("test-jail", bytes), bytes });
  const ignore = () => undefined;
  const windows = { state: memory(STATE_BYTES_MAX), replay: memory(REPLAY_BYTES_MAX), rings: [] };
  const supervisor = new Supervisor(
    {
      session: sessionOptions([]),
      windows,
      limits: { packs: [] },
      record: false,
      watchdogMs: 2_000,
      offered: () => 0,
    },
    { onMatch: ignore, onFault: ignore, onRecorded: ignore, onRestart: ignore, onGivenUp: ignore },
  );
  let pid = 0;
  beforeAll(async () => {
    await supervisor.start();
    pid = supervisor.pid ?? 0;
  });
  afterAll(async () => {
    await supervisor.stop();
    closeFd(windows.state.fd);
    closeFd(windows.replay.fd);
  });

  test("has no capabilities, no way to new ones and a filter, on every thread", () => {
    const threads = statusOf(pid);
    expect(threads.length).toBeGreaterThan(2);
    for (const status of threads) {
      const held = ["CapInh", "CapPrm", "CapEff", "CapAmb"].map((set) => status.get(set));
      expect(held).toEqual(Array(4).fill("0".repeat(16)));
      expect(status.get("NoNewPrivs")).toBe("1");
      expect(status.get("Seccomp")).toBe("2");
    }
  });

  test.skipIf(!IS_ROOT)("is of another user, in no group, on every thread", () => {
    for (const status of statusOf(pid)) {
      for (const name of ["Uid", "Gid"]) {
        const ids = status.get(name)?.split("\t") ?? [];
        expect(new Set(ids).size).toBe(1);
        expect(Number(ids[0])).toBeGreaterThan(65_533);
      }
      expect(status.get("Groups")?.trim()).toBe("");
      expect(status.get("CapBnd")).toBe("0".repeat(16));
    }
  });

  test.skipIf(!IS_ROOT)("holds its windows, its channel and what Node made itself", () => {
    const links = readdirSync(`/proc/${String(pid)}/fd`).map((fd) =>
      readlinkSync(`/proc/${String(pid)}/fd/${fd}`).replace(/\[\d+\]/, ""),
    );
    const known = /^(\/dev\/null|socket:|pipe:|anon_inode:\[event(fd|poll)\]|\/memfd:test-jail.*)$/;
    expect(links.filter((link) => !known.test(link))).toEqual([]);
    expect(links.filter((link) => link === "socket:")).toHaveLength(2);
    expect(links.filter((link) => link.startsWith("/memfd:"))).toHaveLength(2);
  });
});

const trialTitle = NOT_BUILT === "" ? "the jail" : `the jail (skipped: ${NOT_BUILT})`;

describe.skipIf(NOT_BUILT !== "")(trialTitle, { timeout: 30_000 }, () => {
  let trial: JailTrial;
  beforeAll(async () => {
    trial = await tryJail();
  });

  test("refuses files, sockets, programs, other processes and the kernel's own calls", () => {
    expect(trial.jail.seccomp).toBe("");
    expect(trial.inside.length).toBeGreaterThan(30);
    expect(notRefused(trial.inside)).toEqual([]);
  });

  test("refuses what works or fails differently outside, so it is the jail that refuses", () => {
    const freely = notRefused(trial.outside);
    const common = ["open for writing", "socket", "execve", "ptrace", "clone", "kill", "unshare"];
    expect(freely).toEqual(expect.arrayContaining(common));
    if (IS_ROOT) expect(freely).toEqual(expect.arrayContaining(["bpf", "mount", "umount2"]));
  });

  test("leaves no ring that would get around the filter", () => {
    const { ENOSYS } = constants.errno;
    expect(trial.outside.find(({ name }) => name === "io_uring_setup")?.errno).toBe(ENOSYS);
  });

  test("is described by doctor", async () => {
    expect((await jailFinding()).whole).toBe(IS_ROOT);
  });

  test.skipIf(!IS_ROOT)("closes descriptors that nobody meant to pass on", () => {
    const confine = fileURLToPath(new URL("../../build/lanner-confine", import.meta.url));
    const list = `exec ${String(STRAY_FD)}</dev/null; "$@"`;
    const open = (...command: readonly string[]): readonly string[] =>
      execFileSync("bash", ["-c", list, "bash", ...command], { encoding: "utf8" }).split("\n");
    expect(open("/bin/ls", "/proc/self/fd")).toContain(String(STRAY_FD));
    expect(open(confine, "3", "/bin/ls", "/proc/self/fd")).not.toContain(String(STRAY_FD));
  });
});
