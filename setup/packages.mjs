/** npm packages: installed when node_modules is missing or older than the lock file. */
import { existsSync, statSync, utimesSync } from "node:fs";
import { runInForeground } from "./command.mjs";
import { at } from "./paths.mjs";
import { say } from "./report.mjs";

const LOCK = at("package-lock.json");
const INSTALLED = at("node_modules", ".package-lock.json");

export async function providePackages() {
  // A package installed by npm has no lock file, and its dependencies are there already.
  if (!existsSync(LOCK)) return;
  const missing = !existsSync(INSTALLED);
  if (!missing && statSync(INSTALLED).mtimeMs >= statSync(LOCK).mtimeMs) return;
  say(
    missing ? "Installing npm packages …" : "Packages are older than their lock file; updating …",
  );
  // Not `npm ci`: it refuses a lock file without the optional packages of every other platform,
  // which not all registries have. Versions and hashes come from the lock file either way.
  const flags = ["--no-save", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"];
  const code = await runInForeground("npm", ["install", ...flags]);
  if (code === 0) {
    // npm leaves the file alone when it had nothing to do.
    utimesSync(INSTALLED, new Date(), new Date());
    return;
  }
  say("npm could not install the packages; its message is above. Is the registry reachable?");
  process.exit(1);
}
