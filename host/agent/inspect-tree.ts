/** The processes of a recording as a tree. */
import type { ProcessEntry } from "../replay/entries.ts";
import type { Census } from "./inspect-census.ts";

const LINE_CHARS_MAX = 160;
/** Deeper chains exist only in damaged or hostile files. */
const DEPTH_MAX = 64;

/** One line per process, children below their parent, by pid. */
export function treeLines(census: Census): readonly string[] {
  const { processes } = census;
  const children = new Map<bigint, ProcessEntry[]>();
  const roots: ProcessEntry[] = [];
  for (const entry of [...processes.values()].sort(byPid)) {
    const isRoot = entry.ptid === entry.pid || !processes.has(entry.ptid);
    if (isRoot) {
      roots.push(entry);
      continue;
    }
    const siblings = children.get(entry.ptid);
    if (siblings === undefined) children.set(entry.ptid, [entry]);
    else siblings.push(entry);
  }
  const owners = new Map(census.users.map(({ uid, name }) => [uid, text(name)]));
  const lines: string[] = [];
  const shown = new Set<bigint>();
  const add = (entry: ProcessEntry, depth: number): void => {
    if (shown.has(entry.pid)) return;
    shown.add(entry.pid);
    lines.push(`${"  ".repeat(depth)}${processText(entry, census, owners)}`);
    if (depth >= DEPTH_MAX) return;
    for (const child of children.get(entry.pid) ?? []) add(child, depth + 1);
  };
  for (const root of roots) add(root, 0);
  // Circles of parents, and what lies too deep.
  for (const entry of processes.values()) add(entry, 0);
  return lines;
}

/** `812 www-data nginx: /usr/sbin/nginx -g daemon off; (4 threads)` */
function processText(
  entry: ProcessEntry,
  census: Census,
  owners: ReadonlyMap<number, string>,
): string {
  const owner = owners.get(entry.uid) ?? `uid=${String(entry.uid)}`;
  const threads = census.threads.get(entry.pid) ?? 1;
  const suffix = threads > 1 ? ` (${String(threads)} threads)` : "";
  const words = [text(entry.exePath) || text(entry.exe), ...argumentsOf(entry)].join(" ").trim();
  const line = `${String(entry.pid)} ${owner} ${text(entry.comm)}${words === "" ? "" : `: ${words}`}`;
  const cut = line.length > LINE_CHARS_MAX ? `${line.slice(0, LINE_CHARS_MAX - 1)}…` : line;
  return `${cut}${suffix}`;
}

/** Arguments after argv[0]. */
export function argumentsOf(entry: ProcessEntry): readonly string[] {
  const joined = text(entry.args);
  if (joined === "") return [];
  return (joined.endsWith("\0") ? joined.slice(0, -1) : joined).split("\0");
}

/** Bytes of a recording as text, which is not fit for a terminal yet. */
export function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("utf8");
}

function byPid(a: ProcessEntry, b: ProcessEntry): number {
  return a.pid < b.pid ? -1 : a.pid > b.pid ? 1 : 0;
}
