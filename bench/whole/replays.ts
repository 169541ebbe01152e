/** Start with rules to compile and with compiled ones, and memory at its peak: a replay. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { peakOfTree } from "../proc/memory.ts";
import { inProject, LANNER } from "../report/files.ts";
import { cost, type Measured } from "../report/section.ts";

const DEMO = inProject("rules/demo/demo.scap.gz");
const LOOK_MS = 5;
const MB = 1e6;

interface Run {
  readonly ms: number;
  readonly peakBytes: number;
}

export interface ReplayOptions {
  readonly rules: readonly string[];
  /** Runs with nothing compiled, and runs with everything compiled. */
  readonly colds: number;
  readonly warms: number;
}

export async function measureReplays({
  rules,
  colds,
  warms,
}: ReplayOptions): Promise<readonly Measured[]> {
  const cold: Run[] = [];
  const warm: Run[] = [];
  for (let round = 0; round < colds; round++) {
    const cache = mkdtempSync(path.join(tmpdir(), "lanner-bench-cache-"));
    try {
      cold.push(await replay(rules, cache));
      const count = Math.ceil(warms / colds);
      for (let run = 0; run < count; run++) warm.push(await replay(rules, cache));
    } finally {
      rmSync(cache, { recursive: true, force: true });
    }
  }
  const warmMs = warm.map(({ ms }) => ms).sort((a, b) => a - b);
  const usual = warmMs[warmMs.length >> 1] ?? Number.NaN;
  const peaks = (runs: readonly Run[]): readonly number[] => runs.map((run) => run.peakBytes / MB);
  return [
    cost(
      "replay of the demonstration, rules to compile",
      "ms",
      cold.map(({ ms }) => ms),
    ),
    cost("replay of the demonstration, compiled", "ms", warmMs),
    cost(
      "compiling (the difference)",
      "ms",
      cold.map(({ ms }) => ms - usual),
    ),
    cost("peak, agent and engine, while compiling", "MB", peaks(cold)),
    cost("peak, agent and engine, compiled", "MB", peaks(warm)),
  ];
}

async function replay(rules: readonly string[], cache: string): Promise<Run> {
  const start = performance.now();
  const files = rules.flatMap((file) => ["-r", file]);
  const child = spawn(process.execPath, [LANNER, "replay", DEMO, ...files], {
    env: { ...process.env, LANNER_CACHE: cache },
    stdio: "ignore",
  });
  let peakBytes = 0;
  const look = setInterval(() => {
    peakBytes = Math.max(peakBytes, peakOfTree(child.pid ?? 0));
  }, LOOK_MS);
  try {
    const [code] = (await once(child, "exit")) as [number | null];
    if (code !== 0) throw new Error(`lanner replay ended with ${String(code)}`);
  } finally {
    clearInterval(look);
  }
  return { ms: performance.now() - start, peakBytes };
}
