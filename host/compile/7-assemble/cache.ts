/**
 * Compiled packs on disk, named by the hash of everything they were made from. A file is
 *
 *   0        32          36
 *   ├ sha256 ┼─ length ──┼─ warnings as JSON ─┼─ module …
 *     of all that follows
 *
 * and one that does not match its own hash counts as absent.
 */
import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, statSync } from "node:fs";
import { open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";

export interface CachedPack {
  readonly wasm: Uint8Array;
  readonly diagnostics: readonly Diagnostic[];
}

export function defaultCacheDirectory(): string {
  const base = process.env["XDG_CACHE_HOME"] ?? "";
  return join(base.startsWith("/") ? base : join(homedir(), ".cache"), "lanner");
}

/** Names and contents of all files below `folders`, in a fixed order. */
export async function hashFolders(folders: readonly string[]): Promise<string> {
  const paths = (await Promise.all(folders.map(filesBelow))).flat();
  const contents = await Promise.all(paths.map((path) => readFile(path)));
  const hash = createHash("sha256");
  contents.forEach((content, i) =>
    hash.update(`${paths[i] ?? ""}\0${content.length}\0`).update(content),
  );
  return hash.digest("hex");
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && /\.(?:ts|js)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

export async function readCached(directory: string, key: string): Promise<CachedPack | null> {
  let bytes: Buffer;
  try {
    if (!(await isPrivate(directory))) return null;
    bytes = await readFile(join(directory, `${key}.pack`));
  } catch {
    // No such file: the ordinary case on a first start.
    return null;
  }
  if (bytes.length < 36 || !digest(bytes.subarray(32)).equals(bytes.subarray(0, 32))) return null;
  const end = 36 + bytes.readUInt32LE(32);
  const diagnostics = JSON.parse(bytes.toString("utf8", 36, end)) as Diagnostic[];
  return { wasm: new Uint8Array(bytes.subarray(end)), diagnostics };
}

/** Failing to write is no error: the pack is compiled again next time. Tells if it worked. */
export async function writeCached(
  directory: string,
  key: string,
  pack: CachedPack,
): Promise<boolean> {
  const json = Buffer.from(JSON.stringify(pack.diagnostics));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(json.length);
  const content = Buffer.concat([length, json, pack.wasm]);
  const temporary = join(directory, `${key}.${randomBytes(6).toString("hex")}.tmp`);
  try {
    makeFolder(directory);
    if (!(await isPrivate(directory))) return false;
    const file = await open(temporary, "wx", 0o600);
    try {
      await file.writeFile(Buffer.concat([digest(content), content]));
    } finally {
      await file.close();
    }
    await rename(temporary, join(directory, `${key}.pack`));
    return true;
  } catch {
    // `force` forgives a file that is not there, but not a path that leads through no folder.
    await rm(temporary, { force: true }).catch(() => undefined);
    return false;
  }
}

/**
 * A folder of this user's own, and those above it. Node's own `recursive` never comes back from
 * /proc: there a folder exists in which mkdir says ENOENT, and it makes the one above for ever.
 */
export function makeFolder(folder: string): void {
  const path = resolve(folder);
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return;
  if (dirname(path) !== path) makeFolder(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Another process was quicker.
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
}

/** What is read here runs as a pack: nobody else may be able to put it there. */
async function isPrivate(directory: string): Promise<boolean> {
  const { uid, mode } = await stat(directory);
  return uid === process.getuid?.() && (mode & 0o022) === 0;
}

function digest(bytes: Uint8Array): Buffer {
  return createHash("sha256").update(bytes).digest();
}
