/** Reading conformance data: folders of cases, and JSON lines, packed or not. */
import { createReadStream, existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { createGunzip } from "node:zlib";

/** Captures that have `<name>.<kind>` files, in order of their names. */
export function captureNames(folder: string, kind: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(`.${kind}`) && !name.startsWith(`.${kind}`))
    .map((name) => name.slice(0, -kind.length - 1))
    .sort();
}

/** Folders of cases in `folder`; none when it is missing. */
export function caseNames(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

export function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, "utf8"));
}

/** Lines without empty ones; none when the file is missing. */
export function readLines(path: string): readonly string[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line !== "");
}

/** One object a line, of a gzip file. */
export async function* readJsonLines<T>(path: string): AsyncGenerator<T, void> {
  const input = createReadStream(path).pipe(createGunzip());
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line !== "") yield JSON.parse(line) as T;
  }
}

/** The recording with that file name: beside the cases, or in `scap/` next to the folder. */
export function findCapture(folder: string, name: string): string | undefined {
  const places = [join(folder, name), join(folder, "loader", name), join(folder, "../scap", name)];
  return places.find((path) => existsSync(path));
}
