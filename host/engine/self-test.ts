/**
 * Does a store into a read-only window trap, as it must, or does it end the process? V8's trap
 * handler decides, and it can be missing (flags, platform, address space limits). So it is tried in
 * a process of its own, once per boot and Node version.
 */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { PrivateFolder } from "../files/private-folder.ts";
import type { WindowMode } from "./windows.ts";

export interface SelfTestResult {
  readonly mode: WindowMode;
  /** Why, in words for `lanner doctor`. */
  readonly reason: string;
}

const TRIAL_MS_MAX = 10_000;
/** What the trial prints when everything went as it must. */
export const TRIAL_PASSED = "trapped";

const TRIAL = import.meta.url.endsWith(".ts")
  ? new URL("../../dist/engine/self-test-trial.js", import.meta.url)
  : new URL("./self-test-trial.js", import.meta.url);

/** The mode for this machine, from `cacheFile` or by trying. Never throws. */
export async function windowMode(cacheFile: string | undefined): Promise<SelfTestResult> {
  const key = bootKey();
  const cached = cacheFile === undefined ? undefined : readCache(cacheFile, key);
  if (cached !== undefined) return cached;
  const result = await tryWindows();
  if (cacheFile !== undefined) writeCache(cacheFile, key, result);
  return result;
}

/** Runs the trial in a child process. */
export async function tryWindows(): Promise<SelfTestResult> {
  return await new Promise((resolve) => {
    const options = { timeout: TRIAL_MS_MAX, encoding: "utf8" } as const;
    execFile(
      process.execPath,
      [...process.execArgv, fileURLToPath(TRIAL)],
      options,
      (error, out) => {
        const passed = error === null && out.trim() === TRIAL_PASSED;
        resolve(
          passed
            ? { mode: "mapped", reason: "a store into a read-only window traps" }
            : { mode: "private", reason: `the trial ended with ${describe(error, out)}` },
        );
      },
    );
  });
}

function describe(error: Error | null, out: string): string {
  const { signal, code } = (error ?? {}) as {
    readonly signal?: string;
    readonly code?: string | number;
  };
  if (typeof signal === "string") return signal;
  if (out.trim() !== "") return out.trim().slice(0, 200);
  return `exit code ${String(code ?? 0)}`;
}

function bootKey(): string {
  const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  return [boot, process.version, process.arch, ...process.execArgv].join(" ");
}

function readCache(file: string, key: string): SelfTestResult | undefined {
  try {
    const text = new PrivateFolder(dirname(file)).read(basename(file))?.toString() ?? "{}";
    const cached = JSON.parse(text) as Record<string, unknown>;
    const { mode, reason } = cached;
    if (cached["key"] !== key || typeof reason !== "string") return undefined;
    return mode === "mapped" || mode === "private" ? { mode, reason } : undefined;
  } catch {
    return undefined;
  }
}

/** A cache that cannot be written costs a trial at each start, nothing else. */
function writeCache(file: string, key: string, result: SelfTestResult): void {
  new PrivateFolder(dirname(file)).write(basename(file), JSON.stringify({ key, ...result }));
}
