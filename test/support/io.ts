/** A world for commands that remembers what it was told. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AgentIo } from "../../host/agent/io.ts";
import { runCli } from "../../host/cli/program.ts";

export interface CliResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** One cache for all commands of a test file. */
const CACHE = mkdtempSync(join(tmpdir(), "lanner-cache-"));

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
