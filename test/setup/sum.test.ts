/** The last line of a CI run: it must never be kinder than what happened. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";

const SUM = new URL("../../.ci/sum.mjs", import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), "lanner-sum-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** A report as vitest's JSON reporter writes it, cut to what is read. */
function report(name: string, counts: Counts, broken = false): string {
  const file = join(folder, name);
  const assertionResults = Array.from({ length: counts.failed }, (_, i) => ({
    status: "failed",
    fullName: `failing ${String(i)}`,
    failureMessages: [`why ${String(i)}\n${"at a line\n".repeat(100)}`],
  }));
  const status = broken || counts.failed > 0 ? "failed" : "passed";
  const text = JSON.stringify({
    numPassedTests: counts.passed,
    numFailedTests: counts.failed,
    numPendingTests: counts.skipped,
    numTodoTests: 0,
    testResults: [{ name: "a.test.ts", status, assertionResults }],
  });
  writeFileSync(file, text);
  return file;
}

function printed(failedSteps: number, ...files: readonly string[]): [string[], number | null] {
  const { stdout, status } = spawnSync(process.execPath, [SUM, String(failedSteps), ...files], {
    encoding: "utf8",
  });
  return [stdout.trimEnd().split("\n"), status];
}

function sum(
  failedSteps: number,
  ...files: readonly string[]
): [string | undefined, number | null] {
  const [lines, status] = printed(failedSteps, ...files);
  return [lines.at(-1), status];
}

test("runs are added up", () => {
  const one = report("one", { passed: 3, failed: 0, skipped: 0 });
  const two = report("two", { passed: 4, failed: 0, skipped: 2 });
  expect(sum(0, one)).toEqual(["3 passed, 0 failed", 0]);
  expect(sum(0, one, two)).toEqual(["7 passed, 0 failed, 2 skipped", 0]);
});

test("a failure, a file that could not be loaded and a run without a report all count", () => {
  const bad = report("bad", { passed: 1, failed: 2, skipped: 0 });
  const broken = report("broken", { passed: 5, failed: 0, skipped: 0 }, true);
  expect(sum(0, bad)).toEqual(["1 passed, 2 failed", 1]);
  expect(sum(0, broken)).toEqual(["5 passed, 1 failed", 1]);
  expect(sum(0, join(folder, "missing"))).toEqual(["0 passed, 1 failed", 1]);
});

test("a failed step counts when no test says why", () => {
  const good = report("good", { passed: 9, failed: 0, skipped: 0 });
  expect(sum(1, good)).toEqual(["9 passed, 1 failed", 1]);
});

test("why a test failed is told, in some lines", () => {
  const [lines] = printed(0, report("why", { passed: 1, failed: 2, skipped: 0 }));
  expect(lines).toContain("failed: failing 1 (a.test.ts)");
  expect(lines).toContain("  why 1");
  expect(lines.length).toBeLessThan(70);
});
