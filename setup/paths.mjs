/** Where things are, whether this is a checkout or an installed package. */
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** Absolute path of a file of the project. */
export function at(...parts) {
  return ROOT + parts.join("/");
}

/** Folder of an installed package, wherever npm put it. */
export function packageFolder(name) {
  return dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
}
