/** The report of a run for a reader. */
import type { SuiteReport } from "./tally.ts";

const FAILURES_SHOWN = 10;
const DIFFERENCES_SHOWN = 3;

/** One paragraph a suite. */
export function printReport(report: SuiteReport, shown = FAILURES_SHOWN): string {
  const { suite, passed, total, percent, failures, deliberate } = report;
  const seconds = (report.milliseconds / 1_000).toFixed(1);
  const apart = deliberate > 0 ? `, ${String(deliberate)} differ on purpose` : "";
  const share = total === 0 ? "nothing to compare" : percentText(percent);
  const head = `${suite}: ${String(passed)}/${String(total)}${apart} (${share}, ${seconds} s)`;
  const lines = failures
    .slice(0, shown)
    .flatMap(({ id, differences }) => [
      `  ${id}`,
      ...differences.slice(0, DIFFERENCES_SHOWN).map((line) => `    ${line}`),
    ]);
  const rest = failures.length - shown;
  if (rest > 0) lines.push(`  and ${String(rest)} more; --json FILE has them all`);
  return [head, ...lines, ...deliberateLines(report)].join("\n");
}

/** Never 100 when something failed. */
export function percentText(percent: number): string {
  return `${(Math.floor(percent * 1_000) / 1_000).toFixed(3)} %`;
}

function deliberateLines({ deliberateCases }: SuiteReport): string[] {
  const byReason = new Map<string, string[]>();
  for (const { id, reason } of deliberateCases) {
    byReason.set(reason, [...(byReason.get(reason) ?? []), id]);
  }
  return [...byReason].map(([reason, ids]) => `  on purpose: ${reason} (${ids.join(", ")})`);
}
