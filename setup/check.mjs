/** npm run check: everything that can be said about the code without running it. */
import { CommandError, run } from "./command.mjs";
import { packageFolder } from "./paths.mjs";
import { say, sayStep } from "./report.mjs";

const tool = (name, file, ...args) => [`${packageFolder(name)}/${file}`, ...args];
const asc = (...args) => tool("assemblyscript", "bin/asc.js", ...args);

/** Each: what it is called, and the arguments of Node. */
function checks() {
  return [
    ["format", tool("@biomejs/biome", "bin/biome", "ci", ".")],
    ["types", tool("typescript", "bin/tsc", "-p", "test/tsconfig.json")],
    ["lint", tool("eslint", "bin/eslint.js", "host", "test", "bench")],
    ["assembly", asc("--target", "release", "--pedantic", "--noEmit")],
    ["layers", tool("dependency-cruiser", "bin/dependency-cruise.mjs", "host", "assembly")],
    ["unused", tool("knip", "bin/knip.js")],
    ["package", tool("publint", "src/cli.js", "--strict")],
    ["generated", ["dist/schema/generate.js", "--check"]],
  ];
}

/** @returns the exit code: 1 when a check failed. */
export async function check(only) {
  const wanted = checks().filter(([name]) => only.length === 0 || only.includes(name));
  if (wanted.length === 0) {
    say(
      `There are these checks: ${checks()
        .map(([name]) => name)
        .join(", ")}.`,
    );
    return 2;
  }
  const failed = [];
  for (const [name, args] of wanted) {
    const started = Date.now();
    try {
      await run(process.execPath, args);
      sayStep(name, "ok", started);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      failed.push(name);
      sayStep(name, `failed\n${error.message}`, started);
    }
  }
  say(failed.length === 0 ? "All checks passed." : `Failed: ${failed.join(", ")}.`);
  return failed.length === 0 ? 0 : 1;
}
