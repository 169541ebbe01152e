/**
 * One life of the engine process: born with the descriptors it needs, spoken to over IPC, known to
 * be dead only when everything that it said has been heard.
 */
import { type ChildProcess, fork } from "node:child_process";
import { writeFileSync } from "node:fs";
import { setPriority } from "node:os";
import { fileURLToPath } from "node:url";
import {
  CHILD_FDS_FROM,
  checkReport,
  type Order,
  type Report,
  type ReportLimits,
} from "./protocol.ts";
import type { WindowFiles } from "./windows.ts";

export interface ChildListener {
  onReport(report: Report): void;
  /** The process said something that no engine says. */
  onNonsense(): void;
  onDeath(how: string): void;
}

const STDERR_CHARS_MAX = 2_000;

/**
 * A busy host is when rings fill, so the thread that drains them goes first. A ring of 8 MiB holds
 * some 60 ms of an unpaced loop of opens.
 */
const LIVE_PRIORITY = -10;

/** Sources are compiled next to each other; from a test the built file is used. */
const ENTRY = import.meta.url.endsWith(".ts")
  ? new URL("../../dist/engine/process.js", import.meta.url)
  : new URL("./process.js", import.meta.url);

export class EngineChild {
  readonly #process: ChildProcess;
  #stderr = "";

  constructor(windows: WindowFiles, limits: ReportLimits, listener: ChildListener) {
    const fds = fdsOf(windows);
    const isLive = windows.rings.length > 0;
    this.#process = fork(fileURLToPath(ENTRY), [], {
      // In a session of its own: the kernel weighs whole sessions against each other.
      detached: isLive,
      serialization: "advanced",
      stdio: ["ignore", "ignore", "pipe", "ipc", ...fds],
      // Nothing of the agent's environment is the engine's business.
      env: {},
    });
    if (isLive) goFirst(this.#process.pid);
    this.#process.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-STDERR_CHARS_MAX);
    });
    this.#process.on("message", (message) => {
      const report = checkReport(message, limits);
      if (report === undefined) listener.onNonsense();
      else listener.onReport(report);
    });
    this.#process.on("error", () => undefined);
    this.#awaitDeath(listener);
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  send(order: Order): void {
    // A child that just died cannot be told; its death is reported in a moment.
    if (this.#process.connected) this.#process.send(order, () => undefined);
  }

  kill(): void {
    this.#process.kill("SIGKILL");
  }

  #awaitDeath(listener: ChildListener): void {
    const exited = new Promise<string>((resolve) => {
      this.#process.once("exit", (code, signal) => {
        resolve(signal ?? `exit code ${String(code)}`);
      });
      this.#process.once("error", (error) => {
        resolve(error.message);
      });
    });
    const heard = new Promise<void>((resolve) => {
      this.#process.once("disconnect", resolve);
      this.#process.once("error", () => {
        resolve();
      });
    });
    void Promise.all([exited, heard]).then(([how]) => {
      const line = this.#stderr.split("\n").find((text) => text.trim() !== "");
      listener.onDeath(line === undefined ? how : `${how}: ${line.trim()}`);
    });
  }
}

/**
 * Where we may not, the engine runs like any process. With autogroups (sched(7)) a nice value only
 * counts inside of the session, and the session has one of its own.
 */
function goFirst(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, LIVE_PRIORITY);
    writeFileSync(`/proc/${String(pid)}/autogroup`, String(LIVE_PRIORITY));
  } catch {
    // EPERM or EACCES without CAP_SYS_NICE; ENOENT on a kernel without autogroups.
  }
}

function fdsOf(windows: WindowFiles): readonly number[] {
  const rings = windows.rings.map((ring) => ring.fd);
  const wakeup = windows.wakeup === undefined ? [] : [windows.wakeup.fd];
  return [windows.state.fd, windows.replay.fd, ...wakeup, ...rings];
}

/** The same windows with the numbers that their descriptors have in the child. */
export function windowsInChild(windows: WindowFiles): WindowFiles {
  let fd = CHILD_FDS_FROM;
  return {
    state: { ...windows.state, fd: fd++ },
    replay: { ...windows.replay, fd: fd++ },
    ...(windows.wakeup === undefined ? {} : { wakeup: { ...windows.wakeup, fd: fd++ } }),
    rings: windows.rings.map((ring) => ({ ...ring, fd: fd++ })),
  };
}
