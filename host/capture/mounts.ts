/** Where a process's files come from. Source: proc_pid_mountinfo(5). */
import { peekProc } from "./proc-file.ts";

const MOUNTINFO_BYTES_MAX = 1 << 20;

/** File systems whose answers come from a program or a machine that may never give one. */
const ANSWERED_BY_OTHERS = /^(?:fuse|nfs|cifs|smb|9p|ceph|afs|virtiofs)/;

/**
 * Whether reading below `path` (absolute, as the process sees it) could wait for ever, since a
 * mount on it, above it or below it is served by somebody else. True when that cannot be told.
 * `folder` is the process's folder in /proc.
 */
export function mayHang(folder: string, path: string): boolean {
  const bytes = peekProc(`${folder}/mountinfo`, MOUNTINFO_BYTES_MAX);
  if (bytes === undefined || bytes.length === MOUNTINFO_BYTES_MAX) return true;
  const mounts = bytes.toString("latin1").split("\n");
  return mounts.some((line) => {
    // id parent major:minor root mount-point options [optional …] - type source options
    const point = line.split(" ", 5)[4];
    const type = line.slice(line.indexOf(" - ") + 3).split(" ", 1)[0] ?? "";
    return point !== undefined && isOnTheWay(point, path) && ANSWERED_BY_OTHERS.test(type);
  });
}

function isOnTheWay(point: string, path: string): boolean {
  const [mount, wanted] = [withSlash(point), withSlash(path)];
  return wanted.startsWith(mount) || mount.startsWith(wanted);
}

function withSlash(path: string): string {
  return path.endsWith("/") ? path : `${path}/`;
}
