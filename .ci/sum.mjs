/**
 * Adds up what vitest's JSON reporter wrote: `node sum.mjs FAILED_STEPS FILE...`. A missing file is
 * one failure, a test file that could not be loaded too, and so is a failed step without a failed
 * test. The last line printed is `N passed, N failed[, N skipped]`.
 */
import { existsSync, readFileSync } from "node:fs";

const [failedSteps, ...files] = process.argv.slice(2);
const sum = { passed: 0, failed: 0, skipped: 0 };

for (const file of files) {
  if (!existsSync(file)) {
    console.log(`${file} is missing: that run did not end`);
    sum.failed++;
    continue;
  }
  const report = JSON.parse(readFileSync(file, "utf8"));
  sum.passed += report.numPassedTests;
  sum.failed += report.numFailedTests;
  sum.skipped += report.numPendingTests + report.numTodoTests;
  for (const { name, status, assertionResults } of report.testResults) {
    const failures = assertionResults.filter((test) => test.status === "failed");
    for (const { fullName } of failures) console.log(`failed: ${fullName} (${name})`);
    if (status !== "failed" || failures.length > 0) continue;
    console.log(`failed to load: ${name}`);
    sum.failed++;
  }
}
if (sum.failed === 0) sum.failed += Number(failedSteps);
const skipped = sum.skipped === 0 ? "" : `, ${sum.skipped} skipped`;
console.log(`${sum.passed} passed, ${sum.failed} failed${skipped}`);
process.exitCode = sum.failed === 0 ? 0 : 1;
