/**
 * npm run conformance -- DIR [--suite NAME] [--only TEXT] [--require PERCENT] [--json FILE]
 *
 * Compares Lanner's answers with recorded ones. Exit code 1 when a suite is below the percentage,
 * 2 for a wrong call.
 */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Suite } from "./outcome.ts";
import { percentText, printReport } from "./print.ts";
import { runSuite, SUITES } from "./suites.ts";
import type { SuiteReport } from "./tally.ts";

const USAGE =
  "Usage: npm run conformance -- DIR [--suite NAME]… [--only TEXT] [--require PERCENT] [--json FILE]";
const CACHE = join(tmpdir(), "lanner-conformance");

interface Call {
  readonly folder: string;
  readonly suites: readonly Suite[];
  readonly only: string;
  readonly required: number;
  readonly json: string | undefined;
  readonly shown: number | undefined;
}

/** Null when the arguments make no sense. */
function readCall(): Call | null {
  const { values, positionals } = parseArgs({
    args: process.argv.slice(2),
    allowPositionals: true,
    options: {
      suite: { type: "string", multiple: true, default: [] },
      only: { type: "string", default: "" },
      require: { type: "string", default: "0" },
      json: { type: "string" },
      show: { type: "string" },
    },
  });
  const [folder, ...rest] = positionals;
  const names = values.suite.flatMap((name) => name.split(","));
  const required = Number(values.require);
  const isKnown = names.every((name) => SUITES.some((suite) => suite.name === name));
  if (folder === undefined || rest.length > 0 || !isKnown || Number.isNaN(required)) return null;
  const suites = SUITES.filter(({ name }) => names.length === 0 || names.includes(name));
  const shown = values.show === undefined ? undefined : Number(values.show);
  return { folder, suites, only: values.only, required, json: values.json, shown };
}

function progress(suite: Suite): (cases: number) => void {
  let last = 0;
  return (cases) => {
    const now = performance.now();
    if (!process.stderr.isTTY || now - last < 100) return;
    last = now;
    process.stderr.write(`\r${suite.name}: ${String(cases)} cases\u001b[K`);
  };
}

async function run(call: Call): Promise<number> {
  mkdirSync(CACHE, { recursive: true });
  const reports: SuiteReport[] = [];
  for (const suite of call.suites) {
    const options = { folder: call.folder, cache: CACHE, only: call.only };
    const report = await runSuite(suite, options, progress(suite));
    if (process.stderr.isTTY) process.stderr.write("\r\u001b[K");
    process.stdout.write(`${printReport(report, call.shown)}\n`);
    reports.push(report);
  }
  if (call.json !== undefined) {
    writeFileSync(call.json, `${JSON.stringify({ suites: reports }, null, 2)}\n`);
  }
  const below = reports.filter(({ percent }) => percent < call.required);
  for (const { suite, percent } of below) {
    process.stdout.write(
      `${suite} is at ${percentText(percent)}; ${String(call.required)} % are required\n`,
    );
  }
  return below.length > 0 ? 1 : 0;
}

const call = readCall();
if (call === null || !existsSync(call.folder)) {
  process.stderr.write(call === null ? `${USAGE}\n` : `There is no folder ${call.folder}.\n`);
  process.exitCode = 2;
} else {
  process.exitCode = await run(call);
}
