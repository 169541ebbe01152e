/** What the agent needs of the world around it; commands hand in the real one, tests another. */
import { printableLines } from "../diagnostics/printable.ts";

export interface TextSink {
  /** `written` is called when the text has left the process, by sinks that have a queue. */
  write(text: string, written?: () => void): unknown;
  /** What is in that queue; sinks without this have none. */
  readonly writableLength?: number;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export interface StopOptions {
  /** Whether what the keys of a terminal send is for the command in it, which gets it as well. */
  readonly leavesTerminal?: () => boolean;
  /** Called for a SIGHUP that no closed terminal sent; without it, that is an end as well. */
  readonly onReload?: () => void;
}

export interface AgentIo {
  /** Alerts. */
  readonly out: TextSink;
  /** Everything that is about the agent itself. */
  readonly err: TextSink;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /**
   * Calls back when the user wants an end (SIGINT, SIGQUIT, SIGTERM, SIGHUP) or has closed the
   * terminal. Returns how to stop listening.
   */
  onStop(callback: () => void, options?: StopOptions): () => void;
}

/** The command cannot do what was asked; `exitCode` is one of EXIT. */
export class AgentError extends Error {
  override readonly name = "AgentError";
  readonly exitCode: number;

  constructor(exitCode: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

/** Why a command ends. */
export function failureLine(text: string): string {
  return `lanner: ${printableLines(text)}\n`;
}

/** What an exit code says. `watch` and `record` also end with the status of their command. */
export const EXIT = { fine: 0, findings: 1, usage: 2, noCapture: 3, incomplete: 4 } as const;
