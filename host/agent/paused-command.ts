/**
 * A command that is started but does not run yet: a shell waits for a line on descriptor 3 and then
 * becomes the command, so its pid is known before its first system call.
 */
import { type ChildProcess, spawn } from "node:child_process";
import type { Writable } from "node:stream";
import { AgentError, EXIT } from "./io.ts";

const WAIT_THEN_BECOME = 'read -r _ <&3; exec 3<&-; exec "$@"';

export interface CommandEnd {
  readonly code: number | null;
  readonly signal: string | null;
}

export class PausedCommand {
  readonly pid: number;
  /** Resolves when the command has ended. */
  readonly ended: Promise<CommandEnd>;
  readonly #process: ChildProcess;

  constructor(command: readonly string[]) {
    this.#process = spawn("/bin/sh", ["-c", WAIT_THEN_BECOME, "sh", ...command], {
      stdio: ["inherit", "inherit", "inherit", "pipe"],
    });
    this.ended = new Promise((resolve) => {
      this.#process.once("exit", (code, signal) => {
        resolve({ code, signal });
      });
      this.#process.once("error", () => {
        resolve({ code: null, signal: null });
      });
    });
    if (this.#process.pid === undefined) {
      throw new AgentError(EXIT.usage, "cannot start /bin/sh, which starts the command");
    }
    this.pid = this.#process.pid;
    // The shell may be gone before the line is written; its end says so.
    this.#gate.on("error", () => undefined);
  }

  /** Lets the command run. */
  release(): void {
    this.#gate.end("\n");
  }

  /** Asks the command to end, as a terminal would. */
  stop(): void {
    this.#process.kill("SIGTERM");
  }

  get #gate(): Writable {
    return this.#process.stdio[3] as Writable;
  }
}

/** How a command ended, in words. */
export function endText(end: CommandEnd): string {
  if (end.signal !== null) return `the command was ended by ${end.signal}`;
  return `the command ended with status ${String(end.code ?? "unknown")}`;
}
