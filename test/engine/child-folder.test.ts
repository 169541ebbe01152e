/** A child process in a /proc that was mounted for another pid namespace. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { childFolder } from "../../host/engine/child-folder.ts";

const root = mkdtempSync(join(tmpdir(), "lanner-child-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Each process: its parent by the numbers of that /proc, and its line NSpid. */
function procRoot(processes: Readonly<Record<string, readonly [number, string]>>): string {
  const folder = mkdtempSync(join(root, "proc-"));
  for (const [name, [parent, numbers]] of Object.entries(processes)) {
    mkdirSync(join(folder, name));
    const status = `Name:\tnode\nPPid:\t${String(parent)}\nNSpid:\t${numbers}\n`;
    writeFileSync(join(folder, name, "status"), status);
  }
  return folder;
}

test("in a /proc of our own namespace it has its own number", () => {
  const proc = procRoot({ self: [1, "9"], "11": [9, "11"] });
  expect(childFolder(11, proc)).toBe(join(proc, "11"));
});

test("in the host's /proc another process has that number", () => {
  const proc = procRoot({
    self: [6_999, "7000\t9"],
    "11": [1, "11"],
    "7002": [7_000, "7002\t11"],
    // Below a sibling, in a namespace as deep as ours.
    "8002": [8_000, "8002\t11"],
  });
  expect(childFolder(11, proc)).toBe(join(proc, "7002"));
  expect(childFolder(12, proc)).toBeUndefined();
});

test("a /proc in which we are not shows no child", () => {
  const proc = procRoot({ "11": [1, "11"] });
  expect(childFolder(11, proc)).toBeUndefined();
});
