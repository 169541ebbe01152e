/** ARCHITECTURE.md prints the table that dependency-cruiser enforces. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { LAYERS } from "../setup/layers.mjs";

const page = readFileSync(new URL("../ARCHITECTURE.md", import.meta.url), "utf8");

/** Rows `| `folder` | what | may import |`, in order. */
function printedRows(): readonly (readonly [string, string])[] {
  return [...page.matchAll(/^\| `((?:host|assembly)\/[a-z]+)` \|.*\| ([^|]+) \|$/gm)].map(
    ([, folder = "", mayImport = ""]) => [folder, mayImport.trim()],
  );
}

/** "state, record", "–", "all of the above" or "all but cli" as sorted folder names. */
function parse(folder: string, text: string, above: readonly string[]): readonly string[] {
  const top = folder.split("/")[0] ?? "";
  const neighbors = above.filter((name) => name.startsWith(`${top}/`));
  if (text === "–") return [];
  if (text === "all of the above" || text === "all but cli") return [...neighbors].sort();
  return text
    .split(", ")
    .map((name) => `${top}/${name}`)
    .sort();
}

test("the printed table is the enforced one", () => {
  const rows = printedRows();
  const printed = rows.map(([folder, text], index) => {
    const above = rows.slice(0, index).map(([name]) => name);
    return [folder, parse(folder, text, above)];
  });
  const enforced = LAYERS.map(([folder, mayImport]) => [folder, [...mayImport].sort()]);
  expect(Object.fromEntries(printed)).toEqual(Object.fromEntries(enforced));
});
