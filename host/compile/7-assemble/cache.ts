/**
 * Compiled packs on disk, named by the hash of everything they were made from. A file is
 *
 *   0        32          36
 *   ├ sha256 ┼─ length ──┼─ warnings as JSON ─┼─ module …
 *     of all that follows
 *
 * and one that does not match its own hash counts as absent.
 */
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { PrivateFolder } from "../../files/private-folder.ts";

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

export function readCached(directory: string, key: string): CachedPack | null {
  const bytes = new PrivateFolder(directory).read(`${key}.pack`);
  // No such file: the ordinary case on a first start.
  if (bytes === undefined || bytes.length < 36) return null;
  if (!digest(bytes.subarray(32)).equals(bytes.subarray(0, 32))) return null;
  const end = 36 + bytes.readUInt32LE(32);
  const diagnostics = JSON.parse(bytes.toString("utf8", 36, end)) as Diagnostic[];
  return { wasm: new Uint8Array(bytes.subarray(end)), diagnostics };
}

/** Failing to write is no error: the pack is compiled again next time. Tells if it worked. */
export function writeCached(directory: string, key: string, pack: CachedPack): boolean {
  const json = Buffer.from(JSON.stringify(pack.diagnostics));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(json.length);
  const content = Buffer.concat([length, json, pack.wasm]);
  const file = Buffer.concat([digest(content), content]);
  return new PrivateFolder(directory).write(`${key}.pack`, file);
}

function digest(bytes: Uint8Array): Buffer {
  return createHash("sha256").update(bytes).digest();
}
