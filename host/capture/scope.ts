import { readdirSync, readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import type { Scope } from "../native/native.ts";
import { numbersIn, peekProc } from "./proc-file.ts";
import { readStat } from "./proc-status.ts";
import type { ProcessIds } from "./process-ids.ts";

/** A root that we started and that becomes the watched command later. */
export interface WaitingRoot {
  /** Descriptor of ours, which it closes before. */
  readonly gate: number;
}

/** Which processes to watch, as the operator wrote it. Ids are those that /proc shows. */
export type CaptureScope =
  | { readonly kind: "host" }
  | { readonly kind: "tgid"; readonly tgid: number }
  /** A process and all that it starts, directly or not. */
  | { readonly kind: "tree"; readonly root: number; readonly waiting?: WaitingRoot }
  /** A cgroup v2 directory (absolute) and those below it. */
  | {
      readonly kind: "cgroup";
      readonly directory: string;
      readonly id: bigint;
      readonly level: number;
    };

export type ScopeProblem = "BAD_SCOPE" | "NO_PROCESS" | "NO_CGROUP2" | "NO_CGROUP";

/** The scope cannot be used; the message says what would do. */
export class ScopeError extends Error {
  override readonly name = "ScopeError";
  readonly code: ScopeProblem;
  constructor(code: ScopeProblem, message: string) {
    super(message);
    this.code = code;
  }
}

const PID_MAX = 4_194_304;

/** Reads `host`, `tgid:N`, `tree:PID` or `cgroup:PATH`; throws a ScopeError. */
export function parseScope(text: string): CaptureScope {
  if (text === "host") return { kind: "host" };
  const colon = text.indexOf(":");
  const [kind, value] = [text.slice(0, Math.max(0, colon)), text.slice(colon + 1)];
  if (kind === "tgid") return { kind, tgid: livingProcess(value) };
  if (kind === "tree") return { kind, root: livingProcess(value) };
  if (kind === "cgroup" && value !== "") return cgroupScope(value);
  const forms = "host, tgid:<pid>, tree:<pid> or cgroup:<path>";
  throw new ScopeError("BAD_SCOPE", `scope "${text}" is none of ${forms}`);
}

function livingProcess(text: string): number {
  const pid = /^\d{1,7}$/.test(text) ? Number(text) : 0;
  if (pid < 1 || pid > PID_MAX) {
    throw new ScopeError("BAD_SCOPE", `"${text}" is no process id (1 to ${PID_MAX})`);
  }
  if (peekProc(`/proc/${pid}/stat`, 16) === undefined) {
    throw new ScopeError("NO_PROCESS", `there is no process ${pid}`);
  }
  return pid;
}

/** `path` starts at the cgroup v2 mount, or is the directory's place in the file system. */
function cgroupScope(path: string): CaptureScope {
  const mount = cgroup2Mount();
  if (mount === undefined) {
    const advice =
      "cgroup v2 is not mounted; mount it: mount -t cgroup2 none /sys/fs/cgroup/unified";
    throw new ScopeError("NO_CGROUP2", advice);
  }
  const inside = path === mount || path.startsWith(`${mount}/`) ? path : `${mount}/${path}`;
  const directory = resolve(inside);
  const relative = directory.slice(mount.length).split("/").filter(Boolean);
  if (directory !== mount && !directory.startsWith(`${mount}/`)) {
    throw new ScopeError("BAD_SCOPE", `cgroup "${path}" leads out of ${mount}`);
  }
  try {
    const found = statSync(directory, { bigint: true });
    // The inode of a cgroup directory is the id that the kernel compares.
    if (found.isDirectory()) {
      return { kind: "cgroup", directory, id: found.ino, level: relative.length };
    }
  } catch {
    // Reported below, like anything else that is no directory.
  }
  throw new ScopeError("NO_CGROUP", `there is no cgroup directory ${directory}`);
}

/** Where cgroup v2 is mounted. */
export function cgroup2Mount(mounts = "/proc/self/mounts"): string | undefined {
  for (const line of readFileSync(mounts, "utf8").split("\n")) {
    const [, directory, type] = line.split(" ");
    // Blanks are escaped in octal.
    if (type === "cgroup2") return directory?.replaceAll("\\040", " ");
  }
  return undefined;
}

/** `root`: the kernel's id of the process that the scope names. */
export function nativeScope(scope: CaptureScope, root: number): Scope {
  switch (scope.kind) {
    case "host":
      return scope;
    case "tgid":
      return { kind: "tgid", value: root };
    case "tree":
      return { kind: "tree" };
    case "cgroup":
      return { kind: "cgroup", value: scope.id, level: scope.level };
  }
}

/** The kernel's id of the process that the scope names; undefined when it is not to be seen. */
export function scopeRoot(scope: CaptureScope, ids: ProcessIds): number | undefined {
  if (scope.kind === "tgid") return ids.kernelId(scope.tgid, "proc");
  if (scope.kind !== "tree") return undefined;
  return ids.kernelId(scope.root, scope.waiting === undefined ? "proc" : "own");
}

/** Processes in scope now, by the numbers of /proc; undefined for all. */
export function scopePids(scope: CaptureScope, ids: ProcessIds): readonly number[] | undefined {
  const root = scopeRoot(scope, ids) ?? 0;
  const inProc = (kernelIds: readonly number[]): readonly number[] =>
    kernelIds.map((id) => ids.number(id, "proc")).filter((id) => id !== undefined);
  switch (scope.kind) {
    case "host":
      return undefined;
    case "tgid":
      return inProc([root]);
    case "tree":
      return inProc(family(root, ids));
    case "cgroup":
      // The kernel lists them by the numbers of the reader.
      return inProc(
        cgroupPids(scope.directory)
          .map((id) => ids.kernelId(id, "own"))
          .filter((id) => id !== undefined),
      );
  }
}

/** A process and everything below it, by the kernel's ids. */
export function family(root: number, ids: ProcessIds): readonly number[] {
  // Processes outside our pid namespace are in /proc alone, if that is the host's.
  const isSeen = ids.task(root) !== undefined;
  return isSeen || !ids.procIsFirst ? ids.descendants(root) : descendants(root);
}

/** A process and everything below it, parents first. */
export function descendants(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const pid of numbersIn("/proc")) {
    const parent = readStat(`/proc/${pid}/stat`)?.ppid;
    if (parent === undefined) continue;
    const siblings = children.get(parent);
    if (siblings === undefined) children.set(parent, [pid]);
    else siblings.push(pid);
  }
  // A pid that was reused while we read may close a circle.
  const found = new Set([root]);
  for (const pid of found) for (const child of children.get(pid) ?? []) found.add(child);
  return [...found];
}

const CGROUPS_MAX = 65_536;

function cgroupPids(top: string): number[] {
  const pids: number[] = [];
  const folders = [top];
  for (const folder of folders) {
    const text = peekProc(`${folder}/cgroup.procs`, 4 << 20)?.toString("latin1") ?? "";
    pids.push(...text.split("\n").filter(Boolean).map(Number));
    for (const child of subfolders(folder)) if (folders.length < CGROUPS_MAX) folders.push(child);
  }
  return pids.filter((pid) => pid > 0);
}

function subfolders(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.filter((each) => each.isDirectory()).map((each) => `${folder}/${each.name}`);
  } catch {
    return [];
  }
}
