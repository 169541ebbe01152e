/** `lanner bench`, with its figures compared with those of the baseline. */
import { execFileSync } from "node:child_process";
import path from "node:path";
import { parseArgs } from "node:util";
import type { BenchReport } from "../host/bench/report.ts";
import { reportText } from "../host/bench/report-text.ts";
import type { Figure } from "../host/bench/statistics.ts";
import { LANNER, nameOfRules } from "./report/files.ts";
import { BASELINE_OPTIONS, finish } from "./report/finish.ts";
import type { Measured } from "./report/section.ts";

const REPORT_BYTES_MAX = 64 << 20;

function figuresOf({ state, sets }: BenchReport): readonly Measured[] {
  const less = { unit: "ns", better: "less" } as const;
  return [
    { name: "state alone", ...less, figure: state.nsPerEvent },
    ...sets.flatMap(({ nsPerEvent }) =>
      Object.entries(nsPerEvent).map(([name, figure]: [string, Figure]) => ({
        name,
        ...less,
        figure,
      })),
    ),
  ];
}

function main(): void {
  const none: string[] = [];
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      ...BASELINE_OPTIONS,
      rules: { type: "string", short: "r", multiple: true, default: none },
      rounds: { type: "string", default: "7" },
    },
  });
  const rules = values.rules.map((file) => path.resolve(file));
  const files = rules.flatMap((file) => ["-r", file]);
  const [capture] = positionals;
  const measured = ["--brief", "--json", "--rounds", values.rounds];
  const recording = capture === undefined ? [] : [path.resolve(capture)];
  const text = execFileSync(
    process.execPath,
    [LANNER, "bench", ...measured, ...files, ...recording],
    { encoding: "utf8", maxBuffer: REPORT_BYTES_MAX, stdio: ["ignore", "pipe", "inherit"] },
  );
  const report = JSON.parse(text) as BenchReport;
  process.stdout.write(reportText(report));
  const setting = `${nameOfRules(rules)}, ${path.basename(report.capture.file)}`;
  const { date, machine } = report;
  const title = "rules: ns per event";
  finish("rules", [{ title, setting, date, machine, figures: figuresOf(report) }], values, {
    report,
  });
}

main();
