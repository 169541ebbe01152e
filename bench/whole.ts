/**
 * The whole program as a user meets it: start with rules to compile and with rules compiled, memory
 * at its peak over agent and engine, and size on disk. Replays the bundled recording.
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describeMachine } from "../host/bench/machine.ts";
import { figure } from "../host/bench/statistics.ts";

const ROOT = path.resolve(import.meta.dirname, "../../..");
const LANNER = path.join(ROOT, "setup/lanner.mjs");
const DEMO = path.join(ROOT, "rules/demo/demo.scap.gz");
const SHIPPED = ["assembly", "build/engine.wasm", "build/capture.bpf.o", "dist", "rules"];
const CACHED_RUNS = 5;
const LOOK_MS = 5;
const KIB = 1_024;

interface Run {
  readonly ms: number;
  readonly peakBytes: number;
}

/** Peak memory that a process and those it started have had, in bytes. */
function peakOf(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const own = Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? 0) * KIB;
    const children = readdirSync(`/proc/${pid}/task`).flatMap((tid) =>
      readFileSync(`/proc/${pid}/task/${tid}/children`, "utf8").split(" ").filter(Boolean),
    );
    return children.reduce((sum, child) => sum + peakOf(Number(child)), own);
  } catch {
    // It has ended meanwhile.
    return 0;
  }
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once("exit", (code) => {
      if (code === 0) resolve();
      else reject(new Error(`lanner ended with ${String(code)}`));
    });
  });
}

async function replay(cache: string): Promise<Run> {
  const start = performance.now();
  const child = spawn(process.execPath, [LANNER, "replay", DEMO], {
    env: { ...process.env, LANNER_CACHE: cache },
    stdio: "ignore",
  });
  let peakBytes = 0;
  const look = setInterval(() => {
    peakBytes = Math.max(peakBytes, peakOf(child.pid ?? 0));
  }, LOOK_MS);
  try {
    await ended(child);
  } finally {
    clearInterval(look);
  }
  return { ms: performance.now() - start, peakBytes };
}

function bytesOf(file: string): number {
  const line = execFileSync("du", ["-sb", path.join(ROOT, file)], { encoding: "utf8" });
  return Number(line.split("\t")[0]);
}

async function main(): Promise<void> {
  const cache = mkdtempSync(path.join(tmpdir(), "lanner-bench-"));
  try {
    const cold = await replay(cache);
    const cached: Run[] = [];
    for (let run = 0; run < CACHED_RUNS; run++) cached.push(await replay(cache));
    const result = {
      date: new Date().toISOString(),
      machine: describeMachine(),
      coldMs: cold.ms,
      cachedMs: figure(cached.map(({ ms }) => ms)),
      coldPeakBytes: cold.peakBytes,
      cachedPeakBytes: figure(cached.map(({ peakBytes }) => peakBytes)),
      diskBytes: Object.fromEntries(SHIPPED.map((file) => [file, bytesOf(file)])),
    };
    mkdirSync(path.join(ROOT, "bench/results"), { recursive: true });
    const text = `${JSON.stringify(result, null, 2)}\n`;
    writeFileSync(path.join(ROOT, "bench/results/whole.json"), text);
    process.stdout.write(text);
  } finally {
    rmSync(cache, { recursive: true, force: true });
  }
}

await main();
