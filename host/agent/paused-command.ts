/**
 * A command that is started but does not run yet: a small program waits for a word on descriptor 3
 * and then becomes the command, so its pid is known before its first system call.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import type { Writable } from "node:stream";
import { printable } from "../diagnostics/printable.ts";
import { AgentError, type AgentIo, EXIT } from "./io.ts";
import { HOLD_FILE } from "./paths.ts";

/** Where execvp of glibc looks when nothing is set. */
const PATH_DEFAULT = "/bin:/usr/bin";

export interface CommandEnd {
  readonly code: number | null;
  readonly signal: string | null;
}

export class PausedCommand {
  readonly pid: number;
  /** Resolves when the command has ended. */
  readonly ended: Promise<CommandEnd>;
  readonly #process: ChildProcess;

  /** Throws AgentError when there is no such command. */
  constructor(command: readonly string[], environment: AgentIo["environment"] = process.env) {
    const [name = ""] = command;
    if (!canBeFound(name, environment["PATH"] ?? PATH_DEFAULT)) {
      throw new AgentError(EXIT.usage, `there is no command ${printable(name)}`);
    }
    this.#process = start(asTyped(command));
    this.ended = new Promise((resolve) => {
      this.#process.once("exit", (code, signal) => {
        resolve({ code, signal });
      });
      this.#process.once("error", () => {
        resolve({ code: null, signal: null });
      });
    });
    if (this.#process.pid === undefined) {
      throw new AgentError(
        EXIT.usage,
        `cannot start ${HOLD_FILE}, which starts the command; run: npm run build`,
      );
    }
    this.pid = this.#process.pid;
    // The process may be gone before the byte is written; its end says so.
    this.#gate.on("error", () => undefined);
  }

  /** Or still waits. */
  get isRunning(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }

  /** Descriptor on which it waits. */
  get gate(): number {
    return GATE;
  }

  /** Has the program that waits make the call that proves the capture (capture/canary.ts). */
  sendCanary(number: number): void {
    this.#gate.write(word(number));
  }

  /** Lets the command run. */
  release(): void {
    this.#gate.end(word(GO));
  }

  /** Asks the command to end, as a terminal would. */
  stop(): void {
    this.#process.kill("SIGTERM");
  }

  get #gate(): Writable {
    return this.#process.stdio[GATE] as Writable;
  }
}

const GATE = 3;
/** Any word below 2^31; others are numbers of canaries. */
const GO = 1;

function word(value: number): Uint8Array {
  return new Uint8Array(Uint32Array.of(value).buffer);
}

/** Node's reading of bytes that are no UTF-8. */
const REPLACED = "\ufffd";

/** Arguments for the program that waits: texts, or bytes where texts are not exact. */
function asTyped(words: readonly string[]): readonly string[] {
  const bytes = words.some((word) => word.includes(REPLACED)) ? typed(words) : null;
  return words.map((word, i) => {
    const exact = word.includes(REPLACED) ? bytes?.[i] : undefined;
    return exact === undefined ? `=${word}` : `#${exact.toString("hex")}`;
  });
}

/** What our own command line ends with, when that is what the words were read from. */
function typed(words: readonly string[]): readonly Buffer[] | null {
  const line = readFileSync("/proc/self/cmdline", "latin1").split("\0").slice(0, -1);
  const last = line.slice(-words.length).map((word) => Buffer.from(word, "latin1"));
  return words.every((word, i) => last[i]?.toString("utf8") === word) ? last : null;
}

function start(words: readonly string[]): ChildProcess {
  try {
    return spawn(HOLD_FILE, words, { stdio: ["inherit", "inherit", "inherit", "pipe"] });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AgentError(EXIT.usage, `cannot start the command: ${reason}`, { cause });
  }
}

/** What cannot be run, or has a name that text cannot hold, is for its start to tell. */
function canBeFound(name: string, path: string): boolean {
  if (name.includes(REPLACED)) return true;
  if (name.includes("/")) return existsSync(name);
  return name !== "" && path.split(":").some((folder) => existsSync(join(folder || ".", name)));
}

/** Shells add the number of the signal that ended a command to this. */
const SIGNALLED = 128;

/** How a command ended, as the status that a shell reports for it. */
export function exitStatus({ code, signal }: CommandEnd): number {
  const signals: Readonly<Record<string, number>> = constants.signals;
  if (signal !== null) return SIGNALLED + (signals[signal] ?? 0);
  return code ?? EXIT.usage;
}

/** How a command ended, in words. */
export function endText(end: CommandEnd): string {
  if (end.signal !== null) return `the command was ended by ${end.signal}`;
  return `the command ended with status ${String(end.code ?? "unknown")}`;
}
