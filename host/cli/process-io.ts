/** The real world for the agent: this process's streams, environment and signals. */
import { isatty } from "node:tty";
import { type AgentIo, EXIT, type StopOptions } from "../agent/io.ts";

/** Exit code of a process that a second SIGINT ends: 128 + 2. */
const INTERRUPTED = 130;

export interface ProcessIo extends AgentIo {
  /** The exit code to end with: that of the command, unless alerts could not be written. */
  exitCode(commands: number): number;
  /** Resolves when all that was printed is written, or cannot be. */
  flushed(): Promise<void>;
}

interface StopListener extends StopOptions {
  readonly onStop: () => void;
}

export function processIo(): ProcessIo {
  ignoreDebugSignal();
  const stops = new Set<() => void>();
  const output: { failed: boolean } = { failed: false };
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    // A reader that has seen enough (`lanner … | head`) is no failure; a full disk is.
    if (error.code !== "EPIPE" && !output.failed) {
      output.failed = true;
      process.stderr.write(`lanner: cannot write to standard output: ${error.message}\n`);
    }
    for (const stop of stops) stop();
  });
  // A terminal that was closed takes no words any more; what is to be done is done all the same.
  process.stderr.on("error", () => undefined);
  return {
    out: process.stdout,
    err: process.stderr,
    environment: process.env,
    onStop: (onStop, options = {}) => listen({ onStop, ...options }, stops),
    flushed: () =>
      new Promise((resolve) => {
        process.stdout.write("", () => {
          resolve();
        });
      }),
    exitCode: (commands) => (commands === EXIT.fine && output.failed ? EXIT.usage : commands),
  };
}

/** Node opens its debugger, to everybody on the machine, when nobody listens for this signal. */
function ignoreDebugSignal(): void {
  process.on("SIGUSR1", () => undefined);
}

/** A terminal sends them to all of its foreground processes. */
const FROM_TERMINAL = ["SIGINT", "SIGQUIT"] as const;

/** Those of our streams that are terminals now; one that was closed is none any more. */
function terminals(): readonly number[] {
  return [0, 1, 2].filter((fd) => isatty(fd));
}

/** The first signal asks for an end, the second is the end. */
function listen(stop: StopListener, stops: Set<() => void>): () => void {
  const opened = terminals();
  let asked = false;
  const onSignal = (): void => {
    if (asked) process.exit(INTERRUPTED);
    asked = true;
    stop.onStop();
  };
  // Both the kernel and a shell send SIGHUP when a terminal is closed.
  const onGone = (): void => {
    if (!asked) onSignal();
  };
  const onHangUp = (): void => {
    if (stop.onReload === undefined || terminals().length < opened.length) onGone();
    else stop.onReload();
  };
  const onTerminal = (): void => {
    if (opened.length === 0 || stop.leavesTerminal?.() !== true) onSignal();
  };
  stops.add(onGone);
  for (const signal of FROM_TERMINAL) process.on(signal, onTerminal);
  process.on("SIGTERM", onSignal);
  process.on("SIGHUP", onHangUp);
  return () => {
    stops.delete(onGone);
    for (const signal of FROM_TERMINAL) process.off(signal, onTerminal);
    process.off("SIGTERM", onSignal);
    process.off("SIGHUP", onHangUp);
  };
}
