/** Lanner watching one process tree, used as its users use it: through its command line. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type CpuTime, cpuTime, sumOf } from "../proc/cpu-time.ts";
import { treeOf } from "../proc/tree.ts";
import { LANNER } from "../report/files.ts";

/** Rules may have to be compiled first. */
const READY_MS_MAX = 120_000;

export interface Watched {
  readonly events: number;
  readonly drops: { readonly total: number };
}

export interface WatcherOptions {
  readonly rules: readonly string[];
  /** The root of the only process tree that is captured. */
  readonly pid: number;
  /** Alerts as they arrive, and when (CLOCK_MONOTONIC, ns). Otherwise nobody reads them. */
  readonly onAlerts?: (text: string, ns: number) => void;
}

export class Watcher {
  readonly #process: ChildProcess;
  readonly #folder: string;

  private constructor(child: ChildProcess, folder: string) {
    this.#process = child;
    this.#folder = folder;
  }

  /** Resolves when capture has begun. */
  static async start({ rules, pid, onAlerts }: WatcherOptions): Promise<Watcher> {
    const folder = mkdtempSync(path.join(tmpdir(), "lanner-bench-"));
    const files = rules.flatMap((file) => ["-r", file]);
    const scope = ["--scope", `tree:${String(pid)}`];
    const child = spawn(
      process.execPath,
      [LANNER, "run", ...scope, "--stats-json", statisticsIn(folder), ...files],
      { stdio: ["ignore", onAlerts === undefined ? "ignore" : "pipe", "pipe"] },
    );
    child.stdout?.on("data", (bytes: Buffer) => {
      const ns = Number(process.hrtime.bigint());
      onAlerts?.(bytes.toString(), ns);
    });
    const watcher = new Watcher(child, folder);
    try {
      await ready(child);
    } catch (error) {
      watcher.close();
      throw error;
    }
    return watcher;
  }

  /** The agent first, then the engine. */
  get processes(): readonly number[] {
    return treeOf(this.#process.pid ?? 0);
  }

  cpu(): { readonly agent: CpuTime; readonly engine: CpuTime } {
    const [agent = 0, ...others] = this.processes;
    return { agent: cpuTime(agent), engine: sumOf(others.map(cpuTime)) };
  }

  async stop(): Promise<Watched> {
    const ended = once(this.#process, "exit");
    this.#process.kill("SIGINT");
    await ended;
    try {
      return JSON.parse(readFileSync(statisticsIn(this.#folder), "utf8")) as Watched;
    } finally {
      this.close();
    }
  }

  /** At once, whatever it does. */
  close(): void {
    this.#process.kill("SIGKILL");
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function statisticsIn(folder: string): string {
  return path.join(folder, "statistics.json");
}

/** The agent says on standard error when capture has begun. */
function ready(agent: ChildProcess): Promise<void> {
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
