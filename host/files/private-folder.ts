/**
 * A folder for what is kept between runs. What is read there runs as a pack or decides how memory
 * is mapped, and what is written there is written as root: so nobody else may be able to put a
 * file or a link anywhere on the way to it. Every part of the path belongs to this user or to root
 * and is writable by nobody else (a sticky folder such as /tmp may be, since others cannot replace
 * our entries in it). Once that is checked, no other user can change what the path leads to.
 */
import { randomBytes } from "node:crypto";
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  type Stats,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { makeFolder } from "./make-folder.ts";
import { isOurs } from "./owner.ts";

const WRITABLE_BY_OTHERS = 0o022;
const STICKY = 0o1000;
const LINKS_MAX = 40;
/** The largest pack has 64 MiB. */
const FILE_BYTES_MAX = 128 << 20;

export class PrivateFolder {
  readonly #path: string;

  constructor(path: string) {
    this.#path = resolve(path);
  }

  /** Why nothing is read or written here, with the remedy; null when it is private or not there. */
  refusal(): string | null {
    try {
      return refusalOf(this.#path);
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  /** A file of this user's; undefined when it is not there or cannot be trusted. Never throws. */
  read(name: string): Buffer | undefined {
    if (this.refusal() !== null) return undefined;
    try {
      // A FIFO would block.
      const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
      const file = openSync(join(this.#path, name), flags);
      try {
        const found = fstatSync(file);
        const isTrusted = found.isFile() && isOurs(found) && !isOpenToOthers(found);
        return isTrusted && found.size <= FILE_BYTES_MAX ? readFileSync(file) : undefined;
      } finally {
        closeSync(file);
      }
    } catch {
      return undefined;
    }
  }

  /** Puts a whole file there, or none. Says whether it worked; never throws. */
  write(name: string, content: string | Uint8Array): boolean {
    if (this.refusal() !== null) return false;
    const half = join(this.#path, `${name}.${randomBytes(8).toString("hex")}.tmp`);
    try {
      makeFolder(this.#path, 0o700);
      // Somebody may have been quicker in a folder such as /tmp.
      if (this.refusal() !== null) return false;
      writeFileSync(half, content, { flag: "wx", mode: 0o600 });
      renameSync(half, join(this.#path, name));
      return true;
    } catch {
      remove(half);
      return false;
    }
  }
}

function remove(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // `force` forgives a file that is not there, but not a path that leads through no folder.
  }
}

/** Walks the path from the root. Throws what the system says. */
function refusalOf(path: string): string | null {
  const names = path.split("/").filter((name) => name !== "");
  let at = "/";
  let links = 0;
  let found = lstatSync(at);
  for (let problem = ancestorProblem(found, at); ; problem = ancestorProblem(found, at)) {
    if (problem !== null) return problem;
    const name = names.shift();
    if (name === undefined) return folderProblem(found, at);
    const next = join(at, name);
    const entry = lstatSync(next, { throwIfNoEntry: false });
    if (entry === undefined) return null;
    if (!entry.isSymbolicLink()) {
      [at, found] = [next, entry];
    } else {
      if (!isOurs(entry)) return `${next} is a link of another user; ${REMEDY}`;
      if (++links > LINKS_MAX) return `${next}: its links lead in a circle; ${REMEDY}`;
      const target = resolve(at, readlinkSync(next));
      names.unshift(...target.split("/").filter((part) => part !== ""));
      [at, found] = ["/", lstatSync("/")];
    }
  }
}

const REMEDY = "set LANNER_CACHE to a folder of your own";

function ancestorProblem(found: Stats, path: string): string | null {
  if (!found.isDirectory()) return `${path} is not a folder; ${REMEDY}`;
  if (!isOurs(found)) return `${path} belongs to another user; ${REMEDY}`;
  return isOpenToOthers(found) && (found.mode & STICKY) === 0 ? openText(path) : null;
}

function folderProblem(found: Stats, path: string): string | null {
  if (found.uid !== process.geteuid?.()) return `${path} belongs to another user; ${REMEDY}`;
  return isOpenToOthers(found) ? openText(path) : null;
}

function openText(path: string): string {
  return `other users can write to ${path}; run: chmod go-w '${path}', or ${REMEDY}`;
}

function isOpenToOthers({ mode }: Stats): boolean {
  return (mode & WRITABLE_BY_OTHERS) !== 0;
}
