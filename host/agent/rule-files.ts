/** The rule files that the user's paths stand for. */
import { closeSync, existsSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import { AgentError, EXIT } from "./io.ts";

export interface RuleFile {
  /** The path as it was given or found. */
  readonly name: string;
  readonly text: string;
}

const RULE_MIB_MAX = 64;
const PROFILE_MIB_MAX = 16;
const RULE_FILE_NAME = /\.ya?ml$/;
const FIRST_BYTES = 64 << 10;

/**
 * Files as named; of a folder its .yaml and .yml files in the order of their names. As Falco does,
 * what is no file there is passed over: folders, pipes, links that lead nowhere.
 */
export function readRuleFiles(paths: readonly string[]): readonly RuleFile[] {
  const files = paths.flatMap(expand).map(readRuleFile);
  if (files.length > 0) return files;
  throw new AgentError(EXIT.usage, `no rule files in ${paths.join(", ")}`);
}

/** Paths that exist, and those that do not. */
export function rulePaths(paths: readonly string[]): {
  readonly found: readonly string[];
  readonly absent: readonly string[];
} {
  const found = paths.filter((path) => existsSync(path));
  return { found, absent: paths.filter((path) => !found.includes(path)) };
}

/** Folders and pipes go by any name; of plain files Falco reads these two endings only. */
export function isRuleFileName(path: string): boolean {
  return RULE_FILE_NAME.test(path) || !statSync(path).isFile();
}

function expand(path: string): readonly string[] {
  try {
    if (!statSync(path).isDirectory()) return [path];
    return readdirSync(path)
      .filter((name) => RULE_FILE_NAME.test(name))
      .sort()
      .map((name) => join(path, name))
      .filter(isFile);
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** Links to files are files too. */
function isFile(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ELOOP") return false;
    throw error;
  }
}

function readRuleFile(path: string): RuleFile {
  return readFile(path, { what: "rules", one: "rule file", mebibytes: RULE_MIB_MAX });
}

/** A profile's text; what it says is checked when rules are compiled. Throws AgentError. */
export function readProfileFile(path: string): RuleFile {
  return readFile(path, { what: "the profile", one: "profile", mebibytes: PROFILE_MIB_MAX });
}

interface FileKind {
  readonly what: string;
  readonly one: string;
  readonly mebibytes: number;
}

function readFile(path: string, { what, one, mebibytes }: FileKind): RuleFile {
  let text: string | null;
  try {
    text = readBounded(path, mebibytes << 20);
  } catch (error) {
    throw unreadable(path, error, what);
  }
  if (text !== null) return { name: path, text };
  const problem = `${path} is larger than ${String(mebibytes)} MiB; no ${one} is`;
  throw new AgentError(EXIT.usage, problem);
}

/** The text of a file, or all that comes out of a pipe; null when it is larger. */
export function readBounded(path: string, bytesMax: number): string | null {
  const file = openSync(path, "r");
  try {
    let bytes = Buffer.alloc(Math.min(FIRST_BYTES, bytesMax + 1));
    for (let length = 0; ; ) {
      const read = readSync(file, bytes, length, bytes.length - length, null);
      if (read === 0) return bytes.toString("utf8", 0, length);
      length += read;
      if (length > bytesMax) return null;
      if (length === bytes.length) {
        bytes = Buffer.concat([bytes], Math.min(length * 2, bytesMax + 1));
      }
    }
  } finally {
    closeSync(file);
  }
}

function unreadable(path: string, cause: unknown, what = "rules"): AgentError {
  const reason = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
  const words = reason === "ENOENT" ? "there is no such file" : reason;
  return new AgentError(EXIT.usage, `cannot read ${what} from ${path}: ${words}`, { cause });
}
