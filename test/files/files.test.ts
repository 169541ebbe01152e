/** Files that another user tries to turn into others. */
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { windowMode } from "../../host/engine/self-test.ts";
import { makeFolder } from "../../host/files/make-folder.ts";
import { OutputError, outputFile, writeOutput } from "../../host/files/output-file.ts";
import { PrivateFolder } from "../../host/files/private-folder.ts";
import { createCapture } from "../../host/replay/writer.ts";
import { CLI } from "../live/lanner.ts";
import { TestFolder } from "../support/folder.ts";

const STRANGER = 65_534;
const isRoot = process.geteuid?.() === 0;
const all = new TestFolder("files");
let base = "";
beforeEach(() => {
  base = mkdtempSync(all.at("case-"));
});

describe("a private folder", () => {
  test("is made when it is needed, and gives back what was put", () => {
    const folder = new PrivateFolder(join(base, "a", "b"));
    expect(folder.refusal()).toBeNull();
    expect(folder.read("x")).toBeUndefined();
    expect(folder.write("x", "content")).toBe(true);
    expect(folder.read("x")?.toString()).toBe("content");
    expect(statSync(join(base, "a")).mode & 0o777).toBe(0o700);
    expect(readdirSync(join(base, "a", "b"))).toEqual(["x"]);
  });

  test.each([0o777, 0o770, 0o1777])("is refused when others may write it: %o", (mode) => {
    const path = join(base, "open");
    mkdirSync(path);
    writeFileSync(join(path, "x"), "planted", { mode: 0o600 });
    chmodSync(path, mode);
    const folder = new PrivateFolder(path);
    expect(folder.refusal()).toContain(`other users can write to ${path}; run: chmod go-w`);
    expect(folder.read("x")).toBeUndefined();
    expect(folder.write("y", "")).toBe(false);
    expect(readdirSync(path)).toEqual(["x"]);
  });

  test("is refused below a folder that others may write", () => {
    mkdirSync(join(base, "open", "mine"), { recursive: true });
    chmodSync(join(base, "open"), 0o777);
    const folder = new PrivateFolder(join(base, "open", "mine"));
    expect(folder.refusal()).toContain(`other users can write to ${join(base, "open")}`);
    expect(folder.write("x", "")).toBe(false);
  });

  test("may lie below a sticky one", () => {
    mkdirSync(join(base, "open", "mine"), { recursive: true, mode: 0o700 });
    chmodSync(join(base, "open"), 0o1777);
    expect(new PrivateFolder(join(base, "open", "mine")).write("x", "")).toBe(true);
  });

  test("follows links of our own on the way, but no file that is one", () => {
    mkdirSync(join(base, "real"), { mode: 0o700 });
    symlinkSync("real", join(base, "way"));
    const folder = new PrivateFolder(join(base, "way"));
    expect(folder.write("x", "content")).toBe(true);
    expect(readFileSync(join(base, "real", "x"), "utf8")).toBe("content");
    writeFileSync(join(base, "other"), "other");
    symlinkSync("../other", join(base, "real", "link"));
    expect(folder.read("link")).toBeUndefined();
    expect(folder.write("link", "new")).toBe(true);
    expect(readFileSync(join(base, "other"), "utf8")).toBe("other");
  });

  test("whose links lead in a circle is refused", () => {
    symlinkSync("two", join(base, "one"));
    symlinkSync("one", join(base, "two"));
    expect(new PrivateFolder(join(base, "one", "x")).refusal()).toContain("in a circle");
  });

  test("reads no file that others may write, and none that blocks", () => {
    const folder = new PrivateFolder(base);
    writeFileSync(join(base, "x"), "planted");
    chmodSync(join(base, "x"), 0o666);
    expect(folder.read("x")).toBeUndefined();
    spawnSync("mkfifo", [join(base, "fifo")]);
    expect(folder.read("fifo")).toBeUndefined();
  });

  test.skipIf(!isRoot)("of another user is refused, and so is his link (skipped: not root)", () => {
    const path = join(base, "home", "cache");
    mkdirSync(path, { recursive: true });
    chownSync(path, STRANGER, STRANGER);
    expect(new PrivateFolder(path).refusal()).toContain(
      "belongs to another user; set LANNER_CACHE",
    );
    const below = new PrivateFolder(join(path, "below"));
    expect(below.write("x", "")).toBe(false);
    expect(readdirSync(path)).toEqual([]);
    mkdirSync(join(base, "ours"), { mode: 0o700 });
    symlinkSync(join(base, "ours"), join(base, "link"));
    lchownSync(join(base, "link"), STRANGER, STRANGER);
    expect(new PrivateFolder(join(base, "link")).refusal()).toContain("a link of another user");
  });

  test.skipIf(!isRoot)("keeps the self-test from a link (skipped: not root)", async () => {
    const [victim, cache] = [join(base, "victim"), join(base, "cache")];
    writeFileSync(victim, "root's own");
    mkdirSync(cache);
    symlinkSync(victim, join(cache, "windows.json"));
    chownSync(cache, STRANGER, STRANGER);
    await windowMode(join(cache, "windows.json"));
    expect(readFileSync(victim, "utf8")).toBe("root's own");
  });
});

describe("an output file", () => {
  test("may be new, there, a link of our own, or the standard output", () => {
    writeOutput(join(base, "new"), "one");
    writeOutput(join(base, "new"), "two");
    symlinkSync("new", join(base, "link"));
    writeOutput(join(base, "link"), "three");
    expect(readFileSync(join(base, "new"), "utf8")).toBe("three");
    symlinkSync("absent", join(base, "dangling"));
    writeOutput(join(base, "dangling"), "four");
    expect(readFileSync(join(base, "absent"), "utf8")).toBe("four");
    expect(outputFile("/dev/stdout").path).toMatch(/^\/(dev|proc)\//);
  });

  test.skipIf(!isRoot)("is no link of another user (skipped: not root)", () => {
    const victim = join(base, "victim");
    writeFileSync(victim, "root's own");
    symlinkSync(victim, join(base, "link"));
    lchownSync(join(base, "link"), STRANGER, STRANGER);
    const planted = join(base, "link");
    expect(() => {
      writeOutput(planted, "{}");
    }).toThrow(OutputError);
    expect(() => createCapture(planted, { gzip: false })).toThrow(/a link of another user; remove/);
    expect(readFileSync(victim, "utf8")).toBe("root's own");
  });
});

test("folders below /proc are an error, not an endless loop", () => {
  expect(() => {
    makeFolder("/proc/none/below", 0o700);
  }).toThrow(/ENOENT/);
  const environment = { ...process.env, LANNER_CACHE: "/proc/none" };
  const options = { env: environment, timeout: 60_000 };
  const { status, signal } = spawnSync(process.execPath, [CLI, "doctor"], options);
  expect(signal).toBeNull();
  expect([0, 3]).toContain(status);
}, 70_000);

test.skipIf(!isRoot)(
  "a command says that it keeps nothing (skipped: not root)",
  () => {
    const [cache, rules] = [join(base, "cache"), join(base, "rules.yaml")];
    mkdirSync(cache);
    chownSync(cache, STRANGER, STRANGER);
    writeFileSync(
      rules,
      "- {rule: r, desc: d, condition: evt.type = open, output: o, priority: INFO}\n",
    );
    const demo = join(import.meta.dirname, "../../rules/demo/demo.scap.gz");
    const options = { env: { ...process.env, LANNER_CACHE: cache } };
    const { stderr } = spawnSync(process.execPath, [CLI, "replay", demo, "-r", rules], options);
    expect(stderr.toString()).toContain("compiled rules are not kept:");
    expect(stderr.toString()).toContain("belongs to another user; set LANNER_CACHE");
    expect(stderr.toString()).not.toContain("this is done once");
    rmSync(cache, { recursive: true });
  },
  60_000,
);
