/**
 * npm run VERB, with arguments after `--`:
 *
 *   build [--clean]   everything that is not fresh
 *   generate          writes the files under generated/ folders from the tables
 *   check [NAME...]   formatter, lint, types, layers, unused code, generated files
 *   bench [NAME ...]  runs bench/NAME.ts; without a name the short set
 *   fuzz [--pairs N] [--seed S]   compares made-up conditions with their interpreter
 *   fuzz --records N [--keep]   damages captures and events
 *   fuzz --rules N [--seed S]   makes up rule files, spells them in many ways and damages them
 *   conformance DIR   compares with recorded answers; test/conformance/README.md
 */
import { existsSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { build, clean } from "./build.mjs";
import { check } from "./check.mjs";
import { run, runInForeground } from "./command.mjs";
import { at, packageFolder } from "./paths.mjs";
import { say } from "./report.mjs";
import { setUp } from "./setup.mjs";

const VERBS = { build: runBuild, generate, check: runCheck, bench, fuzz, conformance };

async function runBuild(args) {
  if (args.includes("--clean")) clean();
  await setUp();
  return 0;
}

/** Emits in spite of type errors: generating may be what repairs them. */
async function generate(args) {
  const tsc = `${packageFolder("typescript")}/bin/tsc`;
  await run(process.execPath, [tsc, "-p", "tsconfig.json"]).catch(() => undefined);
  return await runInForeground(process.execPath, ["dist/schema/generate.js", ...args]);
}

async function runCheck(args) {
  await build();
  return await check(args);
}

/** Runs bench/NAME.ts. */
async function bench([name = "short", ...args]) {
  if (!existsSync(at("bench", `${name}.ts`))) {
    say("Usage: npm run bench -- NAME …; see bench/README.md for the names.");
    return 2;
  }
  await setUp();
  const folder = await compileOutside("bench/tsconfig.json", "bench");
  return await runInForeground(process.execPath, [join(folder, "bench", `${name}.js`), ...args]);
}

async function conformance(args) {
  await setUp();
  const folder = await compileOutside("test/conformance/tsconfig.json", "conformance");
  const main = join(folder, "test", "conformance", "main.js");
  return await runInForeground(process.execPath, [main, ...args]);
}

/**
 * TypeScript outside host/ that imports it, into build/NAME. What is emitted of host/ there gives
 * way to a link to dist/, which finds what was built beside it.
 */
async function compileOutside(project, name) {
  const folder = at("build", name);
  const host = join(folder, "host");
  rmSync(host, { recursive: true, force: true });
  await run(process.execPath, [`${packageFolder("typescript")}/bin/tsc`, "-p", project]);
  rmSync(host, { recursive: true, force: true });
  symlinkSync("../../dist", host);
  return folder;
}

/** The test that is bounded otherwise; both numbers reach it through the environment. */
async function fuzz(args) {
  const { values } = parseArgs({
    args,
    options: {
      pairs: { type: "string", default: "200000" },
      records: { type: "string" },
      rules: { type: "string" },
      keep: { type: "boolean", default: false },
      seed: { type: "string", default: String(Date.now() % 1_000_000) },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    say("Usage: npm run fuzz -- [--pairs N] [--seed S] | --records N [--keep] [--seed S]");
    say("       npm run fuzz -- --rules N [--seed S]");
    say("See test/fuzz/README.md.");
    return 0;
  }
  await setUp();
  const { pairs, records, rules, keep, seed } = values;
  let [suite, asked] = ["test/fuzz/conditions.test.ts", { LANNER_FUZZ_PAIRS: pairs }];
  if (records !== undefined) {
    suite = "test/fuzz/records";
    asked = { LANNER_FUZZ_RECORDS: records, LANNER_FUZZ_KEEP: keep ? "1" : "" };
  } else if (rules !== undefined) {
    [suite, asked] = ["test/fuzz/rules", { LANNER_FUZZ_RULES: rules }];
  }
  const vitest = `${packageFolder("vitest")}/vitest.mjs`;
  return await runInForeground(
    process.execPath,
    [vitest, "run", suite, "--disable-console-intercept"],
    { ...asked, LANNER_FUZZ_SEED: seed },
  );
}

const [verb, ...args] = process.argv.slice(2);
if (verb === undefined || !Object.hasOwn(VERBS, verb)) {
  say(`Usage: node setup/run.mjs ${Object.keys(VERBS).join("|")} …`);
  process.exitCode = 2;
} else {
  process.exitCode = await VERBS[verb](args);
}
