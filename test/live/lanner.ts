/** Runs the built `lanner` as a user would, for the live suites. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { descendants } from "../../host/capture/scope.ts";
import { NO_LIVE_REASON } from "../support/live.ts";

export const CLI = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const ENGINE = fileURLToPath(new URL("../../build/engine.wasm", import.meta.url));

/** Empty when the built command can watch live, otherwise the reason in words. */
export const NO_LANNER_REASON: string = missing();

/** For `describe.skipIf`. Throws when live suites are required but cannot run. */
export function skipLive(reason: string = NO_LANNER_REASON): boolean {
  if (reason === "") return false;
  if (process.env["LANNER_REQUIRE_LIVE"] === "1") {
    throw new Error(`live suites are required, but ${reason}`);
  }
  return true;
}

/** `name`, and why it is skipped where it is. */
export function liveTitle(name: string, reason: string = NO_LANNER_REASON): string {
  return reason === "" ? name : `${name} (skipped: ${reason})`;
}

function missing(): string {
  if (NO_LIVE_REASON !== "") return NO_LIVE_REASON;
  return existsSync(CLI) && existsSync(ENGINE) ? "" : "lanner was not built";
}

export interface Alert {
  readonly time: string;
  readonly rule: string;
  readonly priority: string;
  readonly output: string;
  readonly output_fields: Readonly<Record<string, unknown>>;
}

/** How an alert begins. */
const ALERT = '{"hostname":';

/** One running `lanner`; alerts are JSON. */
export class Lanner {
  readonly process: ChildProcess;
  out = "";
  err = "";
  readonly #closed: Promise<unknown>;
  #changed: () => void = () => undefined;

  constructor(args: readonly string[]) {
    this.process = spawn(process.execPath, [CLI, ...args], { stdio: ["ignore", "pipe", "pipe"] });
    this.process.stdout?.setEncoding("utf8").on("data", (text: string) => {
      this.out += text;
      this.#changed();
    });
    this.process.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.err += text;
      this.#changed();
    });
    this.process.once("exit", () => this.#changed());
    this.#closed = once(this.process, "close");
  }

  /** What the watched command printed itself is left out, in front of an alert too. */
  get alerts(): Alert[] {
    const lines = this.out.split("\n").filter((line) => line.includes(ALERT));
    return lines.map((line) => JSON.parse(line.slice(line.indexOf(ALERT))) as Alert);
  }

  /** Resolves when `happened` is true; rejects with all output when that takes too long. */
  async until(happened: () => boolean, what: string, timeoutMs = 20_000): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    while (!happened()) {
      const left = deadline - performance.now();
      if (left <= 0 || this.process.exitCode !== null) {
        throw new Error(`no ${what} within ${timeoutMs} ms\n${this.out}\n${this.err}`);
      }
      await this.#nextChange(Math.min(left, 100));
    }
  }

  /** Resolves when the capture is on. */
  watching(): Promise<void> {
    return this.until(() => /watching .* with \d+ rules?/.test(this.err), "start", 120_000);
  }

  /** Ends it as Ctrl-C does; returns the exit code. */
  async stop(): Promise<number | null> {
    this.process.kill("SIGINT");
    return await this.exit();
  }

  /** Resolves when it has ended and all that it printed is here. */
  async exit(): Promise<number | null> {
    await this.#closed;
    return this.process.exitCode;
  }

  /** The process that evaluates rules. */
  enginePid(): number {
    const children = descendants(this.process.pid ?? -1).slice(1);
    const engine = children.find((pid) => commandLine(pid).includes("engine/process"));
    if (engine === undefined)
      throw new Error(`no engine process below ${String(this.process.pid)}`);
    return engine;
  }

  #nextChange(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#changed = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "latin1");
  } catch {
    return "";
  }
}

/** Runs to the end. */
export async function lanner(args: readonly string[]): Promise<Lanner & { code: number | null }> {
  const running = new Lanner(args);
  return Object.assign(running, { code: await running.exit() });
}

/** A shell that does what is written to it, and nothing before; the root of a watched tree. */
export class WatchedShell {
  readonly #process: ChildProcess;

  constructor() {
    this.#process = spawn("/bin/sh", [], { stdio: ["pipe", "ignore", "ignore"] });
  }

  get pid(): number {
    return this.#process.pid ?? -1;
  }

  run(command: string): void {
    this.#process.stdin?.write(`${command}\n`);
  }

  async end(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    this.#process.stdin?.end();
    const timer = setTimeout(() => this.#process.kill("SIGKILL"), 2_000);
    await once(this.#process, "exit");
    clearTimeout(timer);
  }
}
