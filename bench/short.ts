/** The short set: each benchmark in its quick form, one after another, under three minutes. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";

const MS_PER_SECOND = 1_000;

interface Benchmark {
  readonly what: string;
  readonly name: string;
  readonly options: readonly string[];
  readonly needsRoot: boolean;
  /** Whether its figures are compared with a baseline. */
  readonly hasBaseline: boolean;
}

const SET: readonly Benchmark[] = [
  {
    what: "start, memory and size",
    name: "whole",
    options: ["--short"],
    needsRoot: false,
    hasBaseline: true,
  },
  {
    what: "default rules on the bundled recording",
    name: "rules",
    options: ["--rounds", "3"],
    needsRoot: false,
    hasBaseline: true,
  },
  {
    what: "operators",
    name: "micro",
    options: ["--short"],
    needsRoot: false,
    hasBaseline: false,
  },
  {
    what: "live capture",
    name: "live",
    options: ["--short"],
    needsRoot: true,
    hasBaseline: true,
  },
];

/** Whether it ran to its end. `shared` are arguments for those that have a baseline. */
async function ran(benchmark: Benchmark, shared: readonly string[]): Promise<boolean> {
  const { what, name, options, needsRoot, hasBaseline } = benchmark;
  console.log(`\n── ${what} ──`);
  if (needsRoot && process.geteuid?.() !== 0) {
    console.log("skipped: capturing needs root");
    return true;
  }
  const start = performance.now();
  const file = path.join(import.meta.dirname, `${name}.js`);
  const args = [file, ...options, ...(hasBaseline ? shared : [])];
  const child = spawn(process.execPath, args, { stdio: "inherit" });
  const [code] = (await once(child, "exit")) as [number | null];
  const seconds = (performance.now() - start) / MS_PER_SECOND;
  console.log(`${code === 0 ? "done" : "failed"} in ${seconds.toFixed(0)} s`);
  return code === 0;
}

const failed: string[] = [];
for (const benchmark of SET) {
  if (!(await ran(benchmark, process.argv.slice(2)))) failed.push(benchmark.what);
}
if (failed.length > 0) {
  console.error(`could not be run: ${failed.join(", ")}`);
  process.exitCode = 1;
}
