/**
 * Whether a step has to run again. A stamp is a digest over path, size and modification time of a
 * step's inputs, kept in build/stamps after the step succeeded; the step is fresh while the digest
 * is the same and its outputs exist. So a second start looks at the tree once and runs nothing.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { relative } from "node:path";
import { at, ROOT } from "./paths.mjs";

const FOLDER = at("build", "stamps");

/** Files below `path`, or `path` itself, whose name passes `wanted`; none if it is missing. */
export function filesBelow(path, wanted = () => true) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  const entries = readdirSync(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && wanted(entry.name))
    .map((entry) => `${entry.parentPath ?? entry.path}/${entry.name}`)
    .sort();
}

export function digest(files, salt = "") {
  const hash = createHash("sha256").update(salt);
  for (const file of files) {
    const { size, mtimeMs } = statSync(file);
    hash.update(`${relative(ROOT, file)}\0${size}\0${mtimeMs}\n`);
  }
  return hash.digest("hex");
}

export function isFresh(name, stamp, outputs) {
  const file = `${FOLDER}/${name}`;
  return existsSync(file) && outputs.every(existsSync) && readFileSync(file, "utf8") === stamp;
}

export function setStamp(name, stamp) {
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(`${FOLDER}/${name}`, stamp);
}
