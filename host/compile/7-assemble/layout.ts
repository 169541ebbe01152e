/**
 * What packs and engine have to agree on: where state, frames and parameters lie, and what the
 * facts mean that come with a call. A digest over
 * these sources goes into the manifest; the engine got one when it was built (setup/layout.mjs,
 * which reads them the same way).
 */
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { ASSEMBLY_FOLDER } from "./assemble.ts";

const PARTS = ["record", "schema", "state", "fields/facts.ts"];

/** Hexadecimal, over name and content of each file. */
export async function layoutDigest(): Promise<string> {
  const hash = createHash("sha256");
  for (const part of PARTS) {
    for (const file of await filesOf(join(ASSEMBLY_FOLDER, part))) {
      const content = await readFile(file);
      hash.update(`${relative(ASSEMBLY_FOLDER, file)}\0${content.length}\0`).update(content);
    }
  }
  return hash.digest("hex");
}

/** The source files below a folder in the order of their names, or the file itself. */
async function filesOf(path: string): Promise<readonly string[]> {
  if (path.endsWith(".ts")) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
