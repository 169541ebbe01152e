/** Users and groups of a container, read through one of its processes. */
import { statSync } from "node:fs";
import { mayHang } from "./mounts.ts";
import { peekProc } from "./proc-file.ts";
import { type AccountScan, readAccountFiles } from "./users.ts";

/** Of each kind; images have a few dozen. What goes beyond is dropped and counted. */
const ENTRIES_MAX = 1_024;
const CGROUPS_BYTES_MAX = 16 << 10;

/**
 * Reads the accounts that process `pid` of `container` (its id, or the beginning of it) sees.
 * Undefined when that cannot be told: the process is gone, is another by now, has not entered the
 * container's file system yet, or its files are served by a program or machine that might keep us
 * waiting for ever (FUSE, network file systems).
 */
export function readContainerAccounts(
  pid: number,
  container: string,
  procRoot = "/proc",
): AccountScan | undefined {
  const folder = `${procRoot}/${String(pid)}`;
  if (!isIn(folder, container)) return undefined;
  // Whoever is root in a container can mount a file system that never answers.
  if (mayHang(folder, "/etc") || hasHostRoot(folder, procRoot)) return undefined;
  const accounts = readAccountFiles(`${folder}/root`, ENTRIES_MAX);
  // The id may have gone to another process while we read.
  return isIn(folder, container) ? accounts : undefined;
}

function isIn(folder: string, container: string): boolean {
  const cgroups = peekProc(`${folder}/cgroup`, CGROUPS_BYTES_MAX)?.toString("latin1");
  return container !== "" && cgroups?.includes(container) === true;
}

function hasHostRoot(folder: string, procRoot: string): boolean {
  try {
    const [theirs, ours] = [`${folder}/root`, `${procRoot}/self/root`].map((path) =>
      statSync(path, { bigint: true }),
    );
    return theirs?.ino === ours?.ino && theirs?.dev === ours?.dev;
  } catch {
    return true;
  }
}
