/** The real world for the agent: this process's streams, environment and signals. */
import type { AgentIo } from "../agent/io.ts";

/** Exit code of a process that a second SIGINT ends: 128 + 2. */
const INTERRUPTED = 130;

export function processIo(): AgentIo {
  // A reader that went away (`lanner … | head`) is the end, not an error.
  process.stdout.on("error", () => process.exit(0));
  return {
    out: process.stdout,
    err: process.stderr,
    environment: process.env,
    onStop: listen,
  };
}

/** The first signal asks for an end, the second is the end. */
function listen(callback: () => void): () => void {
  let asked = false;
  const onSignal = (): void => {
    if (asked) process.exit(INTERRUPTED);
    asked = true;
    callback();
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  return () => {
    process.off("SIGINT", onSignal);
    process.off("SIGTERM", onSignal);
  };
}
