/** What holds of the engine's jail on this machine, found out by trying. */
import { execFile } from "node:child_process";
import { constants } from "node:os";
import { fileURLToPath } from "node:url";
import { confined, type ForbiddenCall, type Jail } from "../native/native.ts";

export interface JailTrial {
  readonly jail: Jail;
  /** Forbidden system calls, tried before and after entering. */
  readonly outside: readonly ForbiddenCall[];
  readonly inside: readonly ForbiddenCall[];
}

export interface JailFinding {
  readonly whole: boolean;
  /** In words for `lanner doctor`. */
  readonly detail: string;
}

const TRIAL_MS_MAX = 10_000;
const STDIO_FDS = 3;
/** How the filter refuses. */
const REFUSALS: readonly number[] = [constants.errno.EPERM, constants.errno.ENOSYS];

const TRIAL = import.meta.url.endsWith(".ts")
  ? new URL("../../dist/engine/jail-trial.js", import.meta.url)
  : new URL("./jail-trial.js", import.meta.url);

/** Runs the trial in a child process. Throws when that fails. */
export async function tryJail(node = process.execPath): Promise<JailTrial> {
  const [program, args] = confined(STDIO_FDS, node, [fileURLToPath(TRIAL)]);
  return await new Promise((resolve, reject) => {
    execFile(program, args, { timeout: TRIAL_MS_MAX, encoding: "utf8" }, (error, out) => {
      if (error === null) resolve(JSON.parse(out) as JailTrial);
      else reject(new Error(error.message, { cause: error }));
    });
  });
}

/** The names of forbidden calls that were not refused. */
export function notRefused(calls: readonly ForbiddenCall[]): readonly string[] {
  return calls.filter(({ errno }) => !REFUSALS.includes(errno)).map(({ name }) => name);
}

/** Never throws. */
export async function jailFinding(): Promise<JailFinding> {
  try {
    const { jail, inside } = await tryJail();
    const open = notRefused(inside);
    const missing = [
      jail.user === "" ? "" : `keeps its user: ${jail.user}`,
      jail.seccomp === "" ? "" : `no system call filter: ${jail.seccomp}`,
      jail.seccomp !== "" || open.length === 0 ? "" : `not refused: ${open.join(", ")}`,
    ].filter((text) => text !== "");
    if (missing.length > 0) return { whole: false, detail: missing.join("; ") };
    return { whole: true, detail: "own user, no capabilities, system call filter" };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { whole: false, detail: `the trial failed: ${message.split("\n")[0] ?? ""}` };
  }
}
