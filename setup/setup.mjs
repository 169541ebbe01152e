/**
 * Makes a checkout runnable: tools, npm packages, then the build. Says what it does; a second
 * time it finds everything fresh and says nothing.
 *
 *   node setup/setup.mjs [--clean]
 */
import { pathToFileURL } from "node:url";
import { build, clean } from "./build.mjs";
import { checkNode, provideTools } from "./machine.mjs";
import { providePackages } from "./packages.mjs";
import { say, sayStep } from "./report.mjs";

/** @returns whether everything could be built. Ends the process when a step failed. */
export async function setUp() {
  checkNode();
  if (process.platform !== "linux") {
    say("Lanner runs on Linux only.");
    process.exit(1);
  }
  await provideTools((text) => sayStep("tools", text, 0));
  await providePackages();
  const { ok, complete } = await build();
  if (ok) return complete;
  say("Setup stopped: a step failed, its message is above.");
  process.exit(1);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  if (process.argv.includes("--clean")) clean();
  const complete = await setUp();
  say(
    complete
      ? "Lanner is ready: npx lanner --help"
      : "Lanner is ready, except for what is said above.",
  );
}
