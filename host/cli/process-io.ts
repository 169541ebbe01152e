/** The real world for the agent: this process's streams, environment and signals. */
import { type AgentIo, EXIT } from "../agent/io.ts";

/** Exit code of a process that a second SIGINT ends: 128 + 2. */
const INTERRUPTED = 130;

export interface ProcessIo extends AgentIo {
  /** The exit code to end with: that of the command, unless alerts could not be written. */
  exitCode(commands: number): number;
}

export function processIo(): ProcessIo {
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
  return {
    out: process.stdout,
    err: process.stderr,
    environment: process.env,
    onStop: (callback) => listen(callback, stops),
    exitCode: (commands) => (commands === EXIT.fine && output.failed ? EXIT.usage : commands),
  };
}

/** The first signal asks for an end, the second is the end. */
function listen(callback: () => void, stops: Set<() => void>): () => void {
  let asked = false;
  const onSignal = (): void => {
    if (asked) process.exit(INTERRUPTED);
    asked = true;
    callback();
  };
  const onOutputGone = (): void => {
    if (asked) return;
    asked = true;
    callback();
  };
  stops.add(onOutputGone);
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  return () => {
    stops.delete(onOutputGone);
    process.off("SIGINT", onSignal);
    process.off("SIGTERM", onSignal);
  };
}
