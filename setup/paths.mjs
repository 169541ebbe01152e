/** Where things are, whether this is a checkout or an installed package. */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** Absolute path of a file of the project. */
export function at(...parts) {
  return ROOT + parts.join("/");
}

/** Folder of an installed package, wherever npm put it; its `exports` may hide its package.json. */
export function packageFolder(name) {
  const places = createRequire(import.meta.url).resolve.paths(name) ?? [];
  const folder = places.map((place) => `${place}/${name}`).find((path) => existsSync(path));
  if (folder === undefined) throw new Error(`package ${name} is not installed; run npm run setup`);
  return folder;
}
