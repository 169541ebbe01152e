/**
 * The live benchmark: what capture costs the observed program, the kernel and user space, and
 * whether anything is lost. Runs of the loop alone and under capture alternate.
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";

const ROOT = path.resolve(import.meta.dirname, "../../..");
const LOOP = path.join(ROOT, "build/bench/loop");
const CLOCK_TICKS_PER_SECOND = 100;
/** Time for the engine to drain what the loop left behind. */
const SETTLE_MS = 500;
const READY_MS_MAX = 30_000;

interface LoopResult {
  readonly rounds: number;
  readonly events: number;
  readonly ns: number;
}

interface Statistics {
  readonly events: number;
  readonly drops: { readonly total: number };
}

interface Captured {
  readonly loop: LoopResult;
  readonly statistics: Statistics;
  /** CPU seconds of agent and engine while the loop ran. */
  readonly cpuSeconds: number;
}

interface Options {
  readonly seconds: number;
  readonly rounds: number;
  readonly rules: readonly string[];
  readonly rate: number;
  readonly workload: string;
}

/** First line of the child that `wanted` accepts; rejects when the child ends before. */
function lineOf(child: ChildProcess, wanted: (line: string) => boolean): Promise<string> {
  const stream = child.stdout;
  if (stream === null) throw new Error("the child has no standard output");
  return new Promise((resolve, reject) => {
    const lines = createInterface({ input: stream });
    lines.on("line", (line) => {
      if (wanted(line)) resolve(line);
    });
    child.once("exit", (code) => {
      reject(new Error(`${child.spawnargs.join(" ")} ended early with code ${code ?? "none"}`));
    });
  });
}

function startLoop(options: Options): ChildProcess {
  const { seconds, rate, workload } = options;
  return spawn(LOOP, [String(seconds), "0", String(rate), workload], {
    stdio: ["pipe", "pipe", "inherit"],
  });
}

async function runLoop(loop: ChildProcess): Promise<LoopResult> {
  const result = lineOf(loop, (line) => line.startsWith("{"));
  loop.stdin?.write("go\n");
  return JSON.parse(await result) as LoopResult;
}

async function alone(options: Options): Promise<LoopResult> {
  const loop = startLoop(options);
  await lineOf(loop, (line) => line === "ready");
  return runLoop(loop);
}

/** User and system CPU seconds of a process and its children that run now. */
function cpuSeconds(pid: number): number {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((tid) =>
    readFileSync(`/proc/${pid}/task/${tid}/children`, "utf8").split(" ").filter(Boolean),
  );
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const afterName = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const own = (Number(afterName[11]) + Number(afterName[12])) / CLOCK_TICKS_PER_SECOND;
  return children.reduce((sum, child) => sum + cpuSeconds(Number(child)), own);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function captured(options: Options): Promise<Captured> {
  const loop = startLoop(options);
  await lineOf(loop, (line) => line === "ready");
  const statisticsFile = path.join(tmpdir(), `lanner-bench-${process.pid}.json`);
  const agent = startAgent(options, loop.pid ?? 0, statisticsFile);
  await agentReady(agent);
  const before = cpuSeconds(agent.pid ?? 0);
  const result = await runLoop(loop);
  await pause(SETTLE_MS);
  const after = cpuSeconds(agent.pid ?? 0);
  const ended = new Promise((resolve) => agent.once("exit", resolve));
  agent.kill("SIGINT");
  await ended;
  const statistics = JSON.parse(readFileSync(statisticsFile, "utf8")) as Statistics;
  rmSync(statisticsFile);
  return { loop: result, statistics, cpuSeconds: after - before };
}

function startAgent(options: Options, tgid: number, statisticsFile: string): ChildProcess {
  const rules = options.rules.flatMap((file) => ["-r", file]);
  const lanner = path.join(ROOT, "setup/lanner.mjs");
  return spawn(
    process.execPath,
    [lanner, "run", "--scope", `tree:${tgid}`, "--stats-json", statisticsFile, ...rules],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
}

/** The agent says on standard error when capture has begun. */
function agentReady(agent: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = "";
    const timer = setTimeout(() => {
      reject(new Error(`the agent did not get ready:\n${said}`));
    }, READY_MS_MAX);
    agent.stderr?.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      if (!said.includes("capturing")) return;
      clearTimeout(timer);
      resolve();
    });
    agent.once("exit", () => {
      clearTimeout(timer);
      reject(new Error(`the agent ended early:\n${said}`));
    });
  });
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

const nsPerRound = (loop: LoopResult): number => loop.ns / loop.rounds;

function report(baselines: readonly LoopResult[], runs: readonly Captured[]): object {
  const baseline = median(baselines.map(nsPerRound));
  const watched = median(runs.map((run) => nsPerRound(run.loop)));
  const events = runs.reduce((sum, run) => sum + run.statistics.events, 0);
  const drops = runs.reduce((sum, run) => sum + run.statistics.drops.total, 0);
  const perRound = runs.map((run) => run.statistics.events / run.loop.rounds);
  return {
    date: new Date().toISOString(),
    machine: { cpu: cpus()[0]?.model, cpus: cpus().length, node: process.version },
    events,
    drops,
    eventsPerSecond: median(runs.map((run) => run.statistics.events / (run.loop.ns / 1e9))),
    loopAloneNsPerRound: baseline,
    loopWatchedNsPerRound: watched,
    slowDown: watched / baseline,
    kernelNsPerEvent: (watched - baseline) / median(perRound),
    userNsPerEvent: median(runs.map((run) => (run.cpuSeconds * 1e9) / run.statistics.events)),
  };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seconds: { type: "string", default: "10" },
      rounds: { type: "string", default: "3" },
      rules: { type: "string", multiple: true, default: [] },
      rate: { type: "string", default: "0" },
      workload: { type: "string", default: "open" },
    },
  });
  const options: Options = {
    seconds: Number(values.seconds),
    rounds: Number(values.rounds),
    rules: values.rules,
    rate: Number(values.rate),
    workload: values.workload,
  };
  mkdirSync(path.dirname(LOOP), { recursive: true });
  execFileSync("cc", ["-O2", "-o", LOOP, path.join(ROOT, "bench/loop.c")]);
  const baselines: LoopResult[] = [];
  const runs: Captured[] = [];
  for (let round = 0; round < options.rounds; round++) {
    baselines.push(await alone(options));
    runs.push(await captured(options));
    process.stderr.write(`round ${round + 1} of ${options.rounds}\n`);
  }
  const result = report(baselines, runs);
  mkdirSync(path.join(ROOT, "bench/results"), { recursive: true });
  writeFileSync(path.join(ROOT, "bench/results/live.json"), JSON.stringify(result, null, 2));
  console.table(result);
}

await main();
