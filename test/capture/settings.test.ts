import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { readContainerAccounts } from "../../host/capture/container-accounts.ts";
import { selectInterest } from "../../host/capture/interest.ts";
import { addressBytes, readHostInterfaces } from "../../host/capture/interfaces.ts";
import { sumLosses } from "../../host/capture/losses.ts";
import { portableOpenFlags } from "../../host/capture/open-flags.ts";
import { ProcessIds } from "../../host/capture/process-ids.ts";
import { cgroup2Mount, descendants, parseScope, scopePids } from "../../host/capture/scope.ts";
import { readAccountFiles } from "../../host/capture/users.ts";
import { endChildren, startChild } from "./child-processes.ts";

const folder = mkdtempSync(join(tmpdir(), "lanner-settings-"));
afterAll(async () => {
  await endChildren();
  rmSync(folder, { recursive: true, force: true });
});

function has(bits: Uint8Array, number: number): boolean {
  return (((bits[number >> 3] ?? 0) >> (number & 7)) & 1) === 1;
}

const X86 = { read: 0, write: 1, open: 2, socket: 41, execve: 59, getppid: 110, openat: 257 };

describe("interest", () => {
  test("is the state set and what rules name", () => {
    const { bits, unknown } = selectInterest({ rules: ["read"], architecture: "x86_64" });
    expect(has(bits, X86.execve)).toBe(true);
    expect(has(bits, X86.openat)).toBe(true);
    expect(has(bits, X86.read)).toBe(true);
    expect(has(bits, X86.write)).toBe(false);
    expect(has(bits, X86.getppid)).toBe(false);
    expect(unknown).toEqual([]);
  });

  test("can be another base set, with names taken out", () => {
    const custom = ["getppid", "!execve"];
    const { bits, names } = selectInterest({ rules: ["execve"], custom, architecture: "x86_64" });
    expect(names).toEqual(["getppid"]);
    expect(has(bits, X86.getppid)).toBe(true);
    expect(has(bits, X86.execve)).toBe(false);
  });

  test("keeps the state set when names are only taken out", () => {
    const { bits } = selectInterest({ rules: [], custom: ["!execve"], architecture: "x86_64" });
    expect(has(bits, X86.socket)).toBe(true);
    expect(has(bits, X86.execve)).toBe(false);
  });

  test("uses the numbers of the architecture and reports what it lacks", () => {
    const { bits, unknown } = selectInterest({
      rules: ["open", "no_such_call"],
      custom: ["execve"],
      architecture: "aarch64",
    });
    expect(unknown).toEqual(["open", "no_such_call"]);
    expect(has(bits, 221)).toBe(true);
  });
});

describe("scope", () => {
  test("of the host and of a process", () => {
    expect(parseScope("host")).toEqual({ kind: "host" });
    expect(parseScope(`tgid:${process.pid}`)).toEqual({ kind: "tgid", tgid: process.pid });
    const ids = new ProcessIds([]);
    expect(scopePids(parseScope(`tgid:${process.pid}`), ids)).toEqual([process.pid]);
    expect(scopePids({ kind: "host" }, ids)).toBeUndefined();
  });

  test("of a tree holds what was started before", async () => {
    const { pid } = await startChild(["sh", "-c", "sleep 60 & echo $!; wait"]);
    const inside = descendants(pid);
    expect(inside[0]).toBe(pid);
    expect(inside).toHaveLength(2);
    expect(inside).not.toContain(process.pid);
    for (const child of inside.slice(1)) process.kill(child, "SIGKILL");
  });

  test.skipIf(cgroup2Mount() === undefined)("of a control group is its inode and depth", () => {
    const mount = cgroup2Mount()!;
    expect(parseScope("cgroup:/")).toMatchObject({ kind: "cgroup", directory: mount, level: 0 });
    expect(parseScope(`cgroup:${mount}`)).toEqual(parseScope("cgroup:/"));
    expect(() => parseScope("cgroup:/no/such/group")).toThrow(/there is no cgroup directory/);
    expect(() => parseScope("cgroup:/../../etc")).toThrow(/leads out of/);
  });

  test.each([
    ["", "BAD_SCOPE"],
    ["hosts", "BAD_SCOPE"],
    ["tgid:", "BAD_SCOPE"],
    ["tgid:0", "BAD_SCOPE"],
    ["tgid:-1", "BAD_SCOPE"],
    ["tgid:9999999", "BAD_SCOPE"],
    ["tree:1x", "BAD_SCOPE"],
    ["cgroup:", "BAD_SCOPE"],
    ["tgid:4194304", "NO_PROCESS"],
  ])("%j is refused as %s", (text, code) => {
    expect(() => parseScope(text)).toThrow(expect.objectContaining({ name: "ScopeError", code }));
  });
});

test("accounts are read and lines that are none are counted", () => {
  mkdirSync(join(folder, "etc"));
  const passwd = "root:x:0:0:root:/root:/bin/sh\nnobody\n+::::::\nx:x:99999999999:1:::\nu:x:7:8\n";
  writeFileSync(join(folder, "etc/passwd"), passwd);
  writeFileSync(join(folder, "etc/group"), "root:x:0:\nbad:x:-1:\n# none\n\n");
  const { users, groups, dropped } = readAccountFiles(folder);
  expect(users.map((user) => [user.uid, user.gid, Buffer.from(user.shell).toString()])).toEqual([
    [0, 0, "/bin/sh"],
    [7, 8, ""],
  ]);
  expect(groups).toHaveLength(1);
  expect(dropped).toBe(4);
  expect(readAccountFiles(join(folder, "absent"))).toEqual({ users: [], groups: [], dropped: 0 });
});

describe("accounts of another root", () => {
  const root = join(folder, "inside");
  const users = (): number => readAccountFiles(root).users.length;
  const clear = (): void => {
    rmSync(root, { recursive: true, force: true });
    mkdirSync(root);
  };

  test("are read no further than told", () => {
    clear();
    mkdirSync(join(root, "etc"));
    const rows = Array.from({ length: 30 }, (_, i) => `u${i}:x:${i}:0::/:/bin/sh\n`);
    writeFileSync(join(root, "etc/passwd"), rows.join(""));
    expect(readAccountFiles(root, 10)).toMatchObject({ dropped: 20, groups: [] });
    expect(users()).toBe(30);
  });

  test.each(["etc", "etc/passwd"])("are not looked for behind a link at %s", (link) => {
    clear();
    if (link !== "etc") mkdirSync(join(root, "etc"));
    symlinkSync(`/${link}`, join(root, link));
    expect(users()).toBe(0);
  });

  test("wait for nobody", () => {
    clear();
    mkdirSync(join(root, "etc"));
    execFileSync("mkfifo", [join(root, "etc/passwd")]);
    expect(users()).toBe(0);
  });

  test("are not told of a process that shares our root, or that is in no such container", () => {
    expect(readContainerAccounts(process.pid, "")).toBeUndefined();
    expect(readContainerAccounts(process.pid, "0123456789ab")).toBeUndefined();
    const [, cgroup = ""] = /:(\/\S*)$/m.exec(readFileSync("/proc/self/cgroup", "utf8")) ?? [];
    expect(readContainerAccounts(process.pid, cgroup)).toBeUndefined();
  });
});

test("addresses become network-order bytes", () => {
  const hex = (text: string) => Buffer.from(addressBytes(text) ?? []).toString("hex");
  expect(hex("192.168.1.10")).toBe("c0a8010a");
  expect(hex("::1")).toBe("00000000000000000000000000000001");
  expect(hex("fe80::1:2%eth0")).toBe("fe800000000000000000000000010002");
  expect(hex("2001:db8:0:1:2:3:4:5")).toBe("20010db8000000010002000300040005");
  expect(hex("::ffff:10.0.0.1")).toBe("00000000000000000000ffff0a000001");
  expect(hex("::")).toBe("0".repeat(32));
  expect(addressBytes("nonsense")).toBeUndefined();
  expect(addressBytes("1::2::3")).toBeUndefined();
  const loopback = readHostInterfaces().find((each) => Buffer.from(each.name).toString() === "lo");
  expect([...(loopback?.netmask ?? [])]).toEqual([255, 0, 0, 0]);
});

test("open flags are translated, with the values of the architecture", () => {
  expect(portableOpenFlags(0, "x64")).toBe(1);
  expect(portableOpenFlags(0o2101, "x64")).toBe(2 | 4 | 8);
  expect(portableOpenFlags(0o2000002, "x64")).toBe(3 | (1 << 12));
  expect(portableOpenFlags(0o200000, "x64")).toBe(1 | (1 << 10));
  expect(portableOpenFlags(0o40000, "arm64")).toBe(1 | (1 << 10));
  expect(portableOpenFlags(0o4010000, "x64")).toBe(1 | (1 << 4) | (1 << 7));
});

test("losses are summed by class and by reason", () => {
  const row = { written: 10, ringFull: 1, tooLarge: 2, unreadable: 3, bug: 0, compat: 9 };
  const losses = sumLosses([
    { eventClass: "open", ...row },
    { eventClass: "execve", ...row, ringFull: 5 },
  ]);
  expect(losses).toEqual({
    written: 20,
    lost: 34,
    byReason: { ringFull: 6, tooLarge: 4, unreadable: 6, bug: 0, compat: 18 },
    byClass: { open: 15, execve: 19 },
  });
});
