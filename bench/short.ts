/** The short set: each benchmark in its quick form, one after another, under three minutes. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";

const ROOT = path.resolve(import.meta.dirname, "../../..");
const LANNER = path.join(ROOT, "setup/lanner.mjs");
const MS_PER_SECOND = 1_000;

interface Benchmark {
  readonly what: string;
  readonly command: readonly string[];
  readonly needsRoot: boolean;
}

function own(name: string, ...options: readonly string[]): readonly string[] {
  return [path.join(import.meta.dirname, `${name}.js`), ...options];
}

const SET: readonly Benchmark[] = [
  { what: "start, memory and size", command: own("whole"), needsRoot: false },
  {
    what: "default rules on the bundled recording",
    command: [LANNER, "bench", "--brief", "--rounds", "5"],
    needsRoot: false,
  },
  { what: "operators", command: own("micro", "--short"), needsRoot: false },
  {
    what: "live capture of a loop of opens",
    command: own("live", "--seconds", "2", "--rounds", "2"),
    needsRoot: true,
  },
];

/** Whether it ran to its end. */
async function ran({ what, command, needsRoot }: Benchmark): Promise<boolean> {
  console.log(`\n── ${what} ──`);
  if (needsRoot && process.geteuid?.() !== 0) {
    console.log("skipped: capturing needs root");
    return true;
  }
  const start = performance.now();
  const child = spawn(process.execPath, command, { stdio: "inherit" });
  const [code] = (await once(child, "exit")) as [number | null];
  const seconds = (performance.now() - start) / MS_PER_SECOND;
  console.log(`${code === 0 ? "done" : "failed"} in ${seconds.toFixed(0)} s`);
  return code === 0;
}

const failed: string[] = [];
for (const benchmark of SET) {
  if (!(await ran(benchmark))) failed.push(benchmark.what);
}
if (failed.length > 0) {
  console.error(`could not be run: ${failed.join(", ")}`);
  process.exitCode = 1;
}
