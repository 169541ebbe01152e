/**
 * Adds up what vitest's JSON reporter wrote: `node sum.mjs FAILED_STEPS FILE...`. A missing file is
 * one failure, a test file that could not be loaded too, and so is a failed step without a failed
 * test; why each failed is told. The last line printed is `N passed, N failed[, N skipped]`.
 */
import { existsSync, readFileSync } from "node:fs";

/** Of a failure's message: enough to tell why where only the end of a log is kept. */
const LINES_MAX = 30;

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
    for (const { fullName, failureMessages } of failures) {
      console.log(`failed: ${fullName} (${name})`);
      console.log(shortened(failureMessages.join("\n")));
    }
    if (status !== "failed" || failures.length > 0) continue;
    console.log(`failed to load: ${name}`);
    sum.failed++;
  }
}
if (sum.failed === 0) sum.failed += Number(failedSteps);
const skipped = sum.skipped === 0 ? "" : `, ${sum.skipped} skipped`;
console.log(`${sum.passed} passed, ${sum.failed} failed${skipped}`);
process.exitCode = sum.failed === 0 ? 0 : 1;

function shortened(message) {
  const lines = message.split("\n");
  const more = lines.length > LINES_MAX ? [`(${lines.length - LINES_MAX} more lines)`] : [];
  return [...lines.slice(0, LINES_MAX), ...more].map((line) => `  ${line}`).join("\n");
}
