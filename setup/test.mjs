/** npm test: sets up, then runs the tests; arguments go to vitest. */
import { runInForeground } from "./command.mjs";
import { setUp } from "./setup.mjs";

await setUp();
const { packageFolder } = await import("./paths.mjs");
const vitest = `${packageFolder("vitest")}/vitest.mjs`;
process.exitCode = await runInForeground(process.execPath, [
  vitest,
  "run",
  ...process.argv.slice(2),
]);
