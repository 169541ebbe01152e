/** The observed program: loop.c, started, held, and let go. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { createInterface, type Interface } from "node:readline";
import { inProject } from "../report/files.ts";

const LOOP = inProject("build/bench/loop");
const CPU = 0;

export interface Pace {
  /** Events per second; 0 is as fast as it can. */
  readonly rate: number;
  /** What a round makes, by the count of who captures it. */
  readonly eventsPerRound: number;
}

export const UNPACED: Pace = { rate: 0, eventsPerRound: 1 };

export interface Markers {
  readonly folder: string;
  readonly everyMs: number;
  /** Called with what the program prints, and when (CLOCK_MONOTONIC, ns); it opens none then. */
  readonly onPrinted?: (text: string, ns: number) => void;
}

export interface Work {
  readonly work: "open" | "close" | "exec" | "connect" | "build" | "idle";
  readonly seconds: number;
  readonly pace: Pace;
  /** Where `make` is run. */
  readonly buildFolder?: string;
  readonly markers?: Markers;
}

export interface Observed {
  readonly rounds: number;
  readonly ns: number;
  /** CPU time of the program and of what it started. */
  readonly cpuNs: number;
  /** When each marker was opened, CLOCK_MONOTONIC. */
  readonly markers: readonly number[];
}

export function buildLoop(): void {
  mkdirSync(path.dirname(LOOP), { recursive: true });
  execFileSync("cc", ["-O2", "-o", LOOP, inProject("bench/loop.c")]);
}

export class ObservedProgram {
  readonly #process: ChildProcess;
  readonly #lines: Interface;

  private constructor(child: ChildProcess, lines: Interface) {
    this.#process = child;
    this.#lines = lines;
  }

  /** Started and waiting. */
  static async start(work: Work): Promise<ObservedProgram> {
    const child = spawn(LOOP, argumentsOf(work), { stdio: ["pipe", "pipe", "inherit"] });
    child.stdout.on("data", (bytes: Buffer) => {
      const ns = Number(process.hrtime.bigint());
      work.markers?.onPrinted?.(bytes.toString(), ns);
    });
    const lines = createInterface({ input: child.stdout });
    const program = new ObservedProgram(child, lines);
    await program.#line((line) => line === "ready");
    return program;
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  async run(): Promise<Observed> {
    const result = this.#line((line) => line.startsWith("{"));
    this.#process.stdin?.write("go\n");
    return JSON.parse(await result) as Observed;
  }

  close(): void {
    this.#lines.close();
    this.#process.kill("SIGKILL");
  }

  /** The first line that `wanted` accepts; rejects when the program ends before. */
  async #line(wanted: (line: string) => boolean): Promise<string> {
    const stop = new AbortController();
    const { signal } = stop;
    const ended = once(this.#process, "exit", { signal }).then(([code]) => {
      throw new Error(`the observed program ended early with code ${String(code)}`);
    });
    const found = new Promise<string>((resolve) => {
      const look = (line: string): void => {
        if (!wanted(line)) return;
        this.#lines.off("line", look);
        resolve(line);
      };
      this.#lines.on("line", look);
    });
    try {
      return await Promise.race([found, ended]);
    } finally {
      ended.catch(() => undefined);
      stop.abort();
    }
  }
}

function argumentsOf({ work, seconds, pace, buildFolder, markers }: Work): readonly string[] {
  const printing = markers?.onPrinted === undefined ? [] : ["-p"];
  const marking =
    markers === undefined ? [] : ["-m", markers.folder, "-e", String(markers.everyMs * 1_000)];
  const building = buildFolder === undefined ? [] : ["-b", buildFolder];
  const paced = ["-r", String(pace.rate), "-v", String(pace.eventsPerRound)];
  const plan = ["-s", String(seconds), "-c", String(CPU), "-w", work];
  return [...plan, ...paced, ...building, ...marking, ...printing];
}
