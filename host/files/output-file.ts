/**
 * Files that the user names to be written. A link there is followed only when this user or root
 * made it: in a folder that others can write, it may lead to a file of the user's own.
 */
import {
  closeSync,
  constants,
  lstatSync,
  openSync,
  readlinkSync,
  realpathSync,
  writeFileSync,
} from "node:fs";
import { dirname, resolve } from "node:path";
import { isOurs } from "./owner.ts";

/** The file must not be written. */
export class OutputError extends Error {
  override readonly name = "OutputError";
}

export interface OutputFile {
  /** Where the links lead. */
  readonly path: string;
  /** For open: creates or truncates, and follows no link that was put there since. */
  readonly flags: number;
}

const LINKS_MAX = 40;
const FLAGS = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC;

/** Throws OutputError for a link of another user. */
export function outputFile(named: string): OutputFile {
  let path = resolve(named);
  for (let links = 0; links <= LINKS_MAX; links++) {
    const entry = lstatSync(path, { throwIfNoEntry: false });
    if (entry?.isSymbolicLink() !== true) return { path, flags: FLAGS | constants.O_NOFOLLOW };
    if (!isOurs(entry)) {
      throw new OutputError(`${path} is a link of another user; remove it, or name another file`);
    }
    // What /proc/self/fd holds looks like a link, but leads to no path.
    if (realpathSync(dirname(path)).startsWith("/proc/")) return { path, flags: FLAGS };
    path = resolve(realpathSync(dirname(path)), readlinkSync(path));
  }
  throw new OutputError(`${named}: its links lead in a circle`);
}

/** Throws OutputError, or what the system says. */
export function writeOutput(named: string, content: string): void {
  const { path, flags } = outputFile(named);
  const file = openSync(path, flags, 0o666);
  try {
    writeFileSync(file, content);
  } finally {
    closeSync(file);
  }
}
