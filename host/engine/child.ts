/**
 * One life of the engine process: born with the descriptors it needs, spoken to over a channel,
 * known to be dead only when everything that it said has been heard.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import type { Socket } from "node:net";
import { setPriority } from "node:os";
import { fileURLToPath } from "node:url";
import { confined } from "../native/native.ts";
import { Channel } from "./channel.ts";
import { childFolder } from "./child-folder.ts";
import { orderCodec, reportCodec } from "./messages.ts";
import {
  CHANNEL_FD,
  CHILD_FDS_FROM,
  checkReport,
  type Order,
  type Report,
  type ReportLimits,
} from "./protocol.ts";
import type { WindowFiles } from "./windows.ts";

export interface ChildListener {
  onReport(report: Report): void;
  /** The process did something that no engine does; `what` follows "the engine process". */
  onNonsense(what: string): void;
  onDeath(how: string): void;
}

const STDERR_CHARS_MAX = 2_000;
/** Orders that an engine has not taken, those at the start left out. */
const PENDING_BYTES_MAX = 1 << 26;
/** A dead engine's last words have arrived by then: they lie in the socket when it dies. */
const LAST_WORDS_MS = 1_000;

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
  readonly #channel: Channel<Report, Order>;
  readonly #listener: ChildListener;
  #stderr = "";
  #startBytes: number | undefined;
  #heard: () => void = () => undefined;

  constructor(windows: WindowFiles, limits: ReportLimits, listener: ChildListener) {
    const fds = fdsOf(windows);
    const isLive = windows.rings.length > 0;
    this.#listener = listener;
    const [program, args] = confined(CHILD_FDS_FROM + fds.length, process.execPath, [
      ...process.execArgv,
      fileURLToPath(ENTRY),
    ]);
    this.#process = spawn(program, args, {
      // In a session of its own: the kernel weighs whole sessions against each other.
      detached: isLive,
      stdio: ["ignore", "ignore", "pipe", "pipe", ...fds],
      // Nothing of the agent's environment is the engine's business.
      env: {},
    });
    if (isLive) goFirst(this.#process.pid);
    this.#process.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-STDERR_CHARS_MAX);
    });
    const codecs = { incoming: reportCodec(), outgoing: orderCodec() };
    this.#channel = new Channel(this.#process.stdio[CHANNEL_FD] as Socket, codecs, {
      onMessage: (report) => {
        this.#onReport(report, limits);
      },
      onBadFrame: (error) => {
        this.#refuse(`sent an invalid frame: ${error.message}`);
      },
      onEnd: () => {
        this.#heard();
      },
    });
    this.#process.on("error", () => undefined);
    this.#awaitDeath(listener);
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** The first order carries engine and packs, so that it may be of any size. */
  send(order: Order): void {
    // A child that just died cannot be told; its death is reported in a moment.
    this.#channel.send(order);
    const pending = this.#channel.pendingBytes;
    this.#startBytes ??= pending;
    if (pending > this.#startBytes + PENDING_BYTES_MAX) this.#refuse("does not read its orders");
  }

  kill(): void {
    this.#process.kill("SIGKILL");
  }

  #onReport(report: Report, limits: ReportLimits): void {
    if (checkReport(report, limits) !== undefined) this.#listener.onReport(report);
    else this.#refuse(`sent an invalid report of kind '${report.kind}'`);
  }

  /** Nothing that it says counts any more. */
  #refuse(what: string): void {
    this.#channel.refuseAll();
    this.#listener.onNonsense(what);
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
      this.#heard = resolve;
    });
    void exited.then(() => {
      this.#hearLastWords();
    });
    void Promise.all([exited, heard]).then(([how]) => {
      const line = this.#stderr.split("\n").find((text) => text.trim() !== "");
      listener.onDeath(line === undefined ? how : `${how}: ${line.trim()}`);
    });
  }

  /**
   * The socket ends behind the last byte of a dead engine, unless another process got hold of its
   * end; then it is closed here once nothing comes any more.
   */
  #hearLastWords(): void {
    const before = this.#channel.receivedBytes;
    const timer = setTimeout(() => {
      // Behind the reads of this turn: a busy agent may not have read for a while.
      setImmediate(() => {
        if (this.#channel.receivedBytes === before) this.#channel.close();
        else this.#hearLastWords();
      });
    }, LAST_WORDS_MS);
    timer.unref();
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
    const folder = childFolder(pid);
    if (folder !== undefined) writeFileSync(`${folder}/autogroup`, String(LIVE_PRIORITY));
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
