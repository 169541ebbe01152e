/**
 * Where /proc shows a process that this one started. In a container with the host's /proc mounted,
 * `/proc/<pid>` is another process, since /proc counts by the pid namespace it was mounted for.
 */
import { readdirSync, readFileSync } from "node:fs";

interface Found {
  readonly pid: number;
  readonly folder: string | undefined;
}

/** Children found by searching all of /proc, which is done once for each. */
const found = new Map<string, Found>();

/** Undefined when /proc does not show it. Only for children of this process that are not reaped. */
export function childFolder(pid: number, procRoot = "/proc"): string | undefined {
  const own = statusOf(`${procRoot}/self`);
  // Not even this process is shown: /proc belongs to another branch of namespaces.
  if (own === undefined) return undefined;
  if (own.numbers.length === 1) return `${procRoot}/${String(pid)}`;
  const known = found.get(procRoot);
  if (known?.pid === pid) return known.folder;
  const folder = search(procRoot, pid, own);
  found.set(procRoot, { pid, folder });
  return folder;
}

interface Status {
  readonly parent: number;
  /** From the namespace of /proc down to the process's own. */
  readonly numbers: readonly number[];
}

function search(procRoot: string, pid: number, own: Status): string | undefined {
  const level = own.numbers.length - 1;
  return readdirSync(procRoot)
    .filter((name) => /^\d+$/.test(name))
    .map((name) => `${procRoot}/${name}`)
    .find((folder) => {
      const status = statusOf(folder);
      if (status === undefined) return false;
      return status.parent === own.numbers[0] && status.numbers[level] === pid;
    });
}

function statusOf(folder: string): Status | undefined {
  let status: string;
  try {
    status = readFileSync(`${folder}/status`, "latin1");
  } catch {
    return undefined;
  }
  const numbers = /^NSpid:\s+(.+)$/m.exec(status)?.[1]?.trim().split(/\s+/).map(Number);
  const parent = Number(/^PPid:\s+(\d+)$/m.exec(status)?.[1]);
  // Kernels without pid namespaces have no such line.
  return { parent, numbers: numbers ?? [0] };
}
