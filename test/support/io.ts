/** A world for commands that remembers what it was told. */
import { fileURLToPath } from "node:url";
import type { AgentIo } from "../../host/agent/io.ts";
import { runCli } from "../../host/cli/program.ts";

export interface CliResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/**
 * One cache for all test files and runs: packs lie there under a hash of all that they were made
 * from. Tests of the cache itself, and of a cold start, have caches of their own.
 */
const CACHE = fileURLToPath(new URL("../../build/test-cache", import.meta.url));

/** Runs one command line in this process. */
export async function cli(
  args: readonly string[],
  environment: AgentIo["environment"] = {},
): Promise<CliResult> {
  const text = { out: "", err: "" };
  const code = await runCli(args, {
    out: { write: (part) => (text.out += part) },
    err: { write: (part) => (text.err += part) },
    environment: { LANNER_CACHE: CACHE, FALCO_HOSTNAME: "demo-host", ...environment },
    onStop: () => () => undefined,
  });
  return { code, ...text };
}
