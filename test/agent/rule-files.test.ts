/** Which files a path stands for, and how much of one is read. */
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, symlinkSync } from "node:fs";
import { expect, test } from "vitest";
import { readBounded, readRuleFiles } from "../../host/agent/rule-files.ts";
import { TestFolder } from "../support/folder.ts";
import { cli } from "../support/io.ts";

const folder = new TestFolder("rule-files");

const RULE =
  "- rule: Shell\n  desc: a shell\n  condition: evt.type = execve and proc.name = sh\n" +
  "  output: shell\n  priority: NOTICE\n";

test.each([
  ["rules", ["check", "/dev/zero"], "/dev/zero is larger than 64 MiB; no rule file is"],
  [
    "a profile",
    ["explain", "Shell", "-r", folder.file("one.yaml", RULE), "--profile", "/dev/zero"],
    "/dev/zero is larger than 16 MiB; no profile is",
  ],
  [
    "tests",
    ["test", folder.file("two.yaml", RULE), "--tests", "/dev/zero"],
    "cannot use the tests in /dev/zero: it is larger than 16 MiB",
  ],
])("%s without an end are refused", async (_, args, message) => {
  const { code, err } = await cli(args);
  expect(err).toBe(`lanner: ${message}\n`);
  expect(code).toBe(2);
});

test("a pipe is read to its end, however slowly it comes", () => {
  const pipe = folder.at("pipe");
  execFileSync("mkfifo", [pipe]);
  const script = 'printf "%s" "$1" > "$0.a"; { cat "$0.a"; sleep 0.1; cat "$0.a"; } > "$0"';
  spawn("sh", ["-c", script, pipe, RULE], { stdio: "ignore" });
  expect(readRuleFiles([pipe])).toEqual([{ name: pipe, text: RULE + RULE }]);
});

test("a file of just the size that is allowed is read", () => {
  const text = "é".repeat(100_000);
  const path = folder.file("large", text);
  expect(readBounded(path, 200_000)).toBe(text);
  expect(readBounded(path, 199_999)).toBeNull();
  expect(readBounded(folder.file("empty", ""), 0)).toBe("");
});

test("of a folder only files are taken, and links to files", () => {
  mkdirSync(folder.at("rules.d/sub.yaml"), { recursive: true });
  execFileSync("mkfifo", [folder.at("rules.d/pipe.yaml")]);
  symlinkSync("user@host.1234", folder.at("rules.d/.#b.yaml"));
  symlinkSync("circle.yaml", folder.at("rules.d/circle.yaml"));
  symlinkSync("sub.yaml", folder.at("rules.d/folder.yml"));
  symlinkSync("b.yaml", folder.at("rules.d/a.yaml"));
  folder.file("rules.d/b.yaml", RULE);
  folder.file("rules.d/c.txt", "");
  expect(readRuleFiles([folder.at("rules.d")]).map(({ name }) => name)).toEqual([
    folder.at("rules.d/a.yaml"),
    folder.at("rules.d/b.yaml"),
  ]);
});
