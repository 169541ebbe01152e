import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import type { Accounts, GroupEntry, UserEntry } from "../replay/entries.ts";

/** A container may have put anything there: a pipe must not hold us up. */
const OPEN_FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;
const FILE_BYTES_MAX = 4 << 20;
/** The engine's own default: more would be dropped there. */
const ENTRIES_MAX = 65_536;

export interface AccountScan extends Accounts {
  /** Lines beyond the bound, and lines that are no entry. */
  readonly dropped: number;
}

/**
 * Users and groups of the host; empty lists where a file is missing. `root` replaces "/": nothing
 * below it is followed out of it.
 */
export function readAccountFiles(root = "", entriesMax = ENTRIES_MAX): AccountScan {
  const [passwd, group] = root === "" ? readFiles("/etc", OPEN_FLAGS) : readInside(`${root}/etc`);
  const users: UserEntry[] = [];
  const groups: GroupEntry[] = [];
  let dropped = 0;
  for (const line of lines(passwd)) {
    const user = parseUser(line);
    if (user === undefined || users.length >= entriesMax) dropped++;
    else users.push(user);
  }
  for (const line of lines(group)) {
    const entry = parseGroup(line);
    if (entry === undefined || groups.length >= entriesMax) dropped++;
    else groups.push(entry);
  }
  return { users, groups, dropped };
}

/** `name:password:uid:gid:comment:home:shell` */
function parseUser(line: string): UserEntry | undefined {
  const [name = "", , uid, gid, , home = "", shell = ""] = line.split(":");
  const ids = [id(uid), id(gid)] as const;
  if (name === "" || ids[0] === undefined || ids[1] === undefined) return undefined;
  return { uid: ids[0], gid: ids[1], name: bytes(name), home: bytes(home), shell: bytes(shell) };
}

/** `name:password:gid:members` */
function parseGroup(line: string): GroupEntry | undefined {
  const [name = "", , gid] = line.split(":");
  const number = id(gid);
  if (name === "" || number === undefined) return undefined;
  return { gid: number, name: bytes(name) };
}

function id(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{1,10}$/.test(text)) return undefined;
  const number = Number(text);
  return number <= 0xffff_ffff ? number : undefined;
}

function bytes(text: string): Buffer {
  return Buffer.from(text, "latin1");
}

function lines(file: Buffer | undefined): string[] {
  const text = file?.toString("latin1") ?? "";
  return text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
}

type Files = readonly [passwd: Buffer | undefined, group: Buffer | undefined];

function readFiles(folder: string, flags: number): Files {
  return [readBounded(`${folder}/passwd`, flags), readBounded(`${folder}/group`, flags)];
}

/** In a container a link, be it the folder or a file, would lead into the host. */
function readInside(folder: string): Files {
  let fd: number;
  try {
    fd = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  } catch {
    return [undefined, undefined];
  }
  try {
    return readFiles(`/proc/self/fd/${String(fd)}`, OPEN_FLAGS | constants.O_NOFOLLOW);
  } finally {
    closeSync(fd);
  }
}

function readBounded(path: string, flags: number): Buffer | undefined {
  let fd: number;
  try {
    fd = openSync(path, flags);
  } catch {
    return undefined;
  }
  try {
    if (!fstatSync(fd).isFile()) return undefined;
    const buffer = Buffer.allocUnsafe(FILE_BYTES_MAX);
    return buffer.subarray(0, readSync(fd, buffer, 0, FILE_BYTES_MAX, 0));
  } catch {
    return undefined;
  } finally {
    closeSync(fd);
  }
}
