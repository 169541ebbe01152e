/** Tests rules offline: described events or recordings through the engine, alerts as expected. */
import { existsSync, statSync } from "node:fs";
import { dirname, join, parse } from "node:path";
import { nearest } from "../diagnostics/nearest.ts";
import { readPack } from "../engine/pack.ts";
import { windowMode } from "../engine/self-test.ts";
import type { Match } from "../engine/session.ts";
import { message } from "../output/alert.ts";
import { openCapture } from "../replay/reader.ts";
import { replayParts } from "../replay/replay-parts.ts";
import type { RuleManifest } from "../schema/manifest.ts";
import { AgentError, type AgentIo, EXIT } from "./io.ts";
import { Notices } from "./notices.ts";
import { compilePack } from "./packs.ts";
import { cacheFolder } from "./paths.ts";
import { readRuleFiles } from "./rule-files.ts";
import { maybe, type RuleTest, readTestFile } from "./test-file.ts";
import { TestSession } from "./test-session.ts";
import { BadTestValue } from "./test-values.ts";
import { TestWorld } from "./test-world.ts";

export interface TestOptions {
  /** Rule files and folders. */
  readonly rules: readonly string[];
  /** Default: `tests/offline.yaml` in the folder, or `NAME.tests.yaml` beside the file. */
  readonly tests?: string;
  readonly json: boolean;
}

export interface TestResult {
  readonly name: string;
  readonly rule: string | null;
  readonly expect: "alert" | "silence";
  readonly passed: boolean;
  /** Why it did not pass. */
  readonly problem: string | null;
  readonly alerts: readonly { readonly rule: string; readonly output: string }[];
}

/** Runs the tests and prints the results. Returns 0 when all passed, else 1. Throws AgentError. */
export async function test(options: TestOptions, io: AgentIo): Promise<number> {
  const tests = await readTestFile(options.tests ?? besides(options.rules));
  const cache = cacheFolder(io.environment);
  const files = readRuleFiles(options.rules);
  const pack = await compilePack(files, { cache, notices: new Notices(io.err) });
  const { rules } = readPack(pack).manifest;
  const { mode } = await windowMode(join(cache, "windows.json"));
  const runner = new Runner(rules, () => new TestSession(pack, mode));
  const results: TestResult[] = [];
  try {
    for (const one of tests) results.push(await runner.run(one));
  } finally {
    runner.close();
  }
  const failed = results.filter((result) => !result.passed).length;
  if (options.json) io.out.write(`${JSON.stringify(asJson(results, rules), null, 2)}\n`);
  else io.out.write(asText(results, rules));
  return failed === 0 ? EXIT.fine : EXIT.findings;
}

function besides(rules: readonly string[]): string {
  const absent = rules.find((path) => !existsSync(path));
  if (absent !== undefined) {
    const problem = "there is no such file or folder";
    throw new AgentError(EXIT.usage, `cannot read rules from ${absent}: ${problem}`);
  }
  const candidates = rules.flatMap((path) => {
    if (statSync(path).isDirectory()) return [join(path, "tests", "offline.yaml")];
    const { dir, name } = parse(path);
    return [join(dir, `${name}.tests.yaml`), join(dirname(path), "tests", "offline.yaml")];
  });
  const found = candidates.find((path) => existsSync(path));
  if (found !== undefined) return found;
  const looked = candidates.join(" or ");
  throw new AgentError(EXIT.usage, `no tests in ${looked}; name them with --tests`);
}

class Runner {
  readonly #rules: readonly RuleManifest[];
  readonly #open: () => TestSession;
  readonly #world = new TestWorld();
  #session: TestSession | undefined;

  constructor(rules: readonly RuleManifest[], open: () => TestSession) {
    this.#rules = rules;
    this.#open = open;
  }

  close(): void {
    this.#session?.close();
    this.#session = undefined;
    this.#world.forget();
  }

  async run(test: RuleTest): Promise<TestResult> {
    const { name, rule, expect } = test;
    const names = this.#rules.map((one) => one.name);
    const result = { name, rule, expect, alerts: [] };
    if (rule !== null && !names.includes(rule)) {
      const problem = `there is no rule '${rule}'${maybe(nearest(rule, names))}`;
      return { ...result, passed: false, problem };
    }
    try {
      const matches = await this.#evaluate(test);
      const alerts = matches.flatMap((match) => this.#alert(match));
      const problem = judge(test, alerts);
      return { ...result, alerts, passed: problem === null, problem };
    } catch (error) {
      if (!isMistake(error)) throw error;
      // Nothing of a test that failed half-way may reach the next one.
      if (!(error instanceof BadTestValue)) this.close();
      return { ...result, passed: false, problem: error.message };
    }
  }

  async #evaluate(test: RuleTest): Promise<readonly Match[]> {
    if (test.capture === null) {
      if (this.#world.collides(test.steps)) this.close();
      const blocks = this.#world.blocksOf(test.steps);
      this.#session ??= this.#open();
      return this.#session.evaluate(blocks);
    }
    this.close();
    this.#session = this.#open();
    const matches: Match[] = [];
    for await (const part of replayParts(openCapture(test.capture))) {
      if (part.kind !== "blocks") continue;
      for (const match of this.#session.evaluate(part.bytes)) matches.push(match);
    }
    this.close();
    return matches;
  }

  #alert(match: Match): TestResult["alerts"] {
    const rule = this.#rules[match.rule];
    if (rule === undefined) return [];
    const { name, priority, source, tags, output } = rule;
    const { time, values } = match;
    const text = message({ rule: name, priority, source, tags, time, output, values });
    return [{ rule: name, output: text }];
  }
}

function isMistake(error: unknown): error is Error {
  const isOfFile = error instanceof Error && error.name === "CaptureFileError";
  return error instanceof BadTestValue || error instanceof RangeError || isOfFile;
}

/** What is wrong with the alerts; null when they are as expected. */
function judge(test: RuleTest, alerts: TestResult["alerts"]): string | null {
  const { rule, expect, output } = test;
  const own = alerts.filter((alert) => rule === null || alert.rule === rule);
  if (expect === "silence") {
    return own.length === 0 ? null : `expected silence, got: ${own[0]?.output ?? ""}`;
  }
  if (own.length === 0) {
    const others = [...new Set(alerts.map((alert) => alert.rule))];
    const told = others.length === 0 ? "there was none at all" : `only ${others.join(", ")}`;
    return `expected an alert, ${told}`;
  }
  if (output === null || own.some((alert) => alert.output.includes(output))) return null;
  return `the alert does not say '${output}': ${own[0]?.output ?? ""}`;
}

interface Summary {
  readonly passed: number;
  readonly failed: number;
  /** Rules that no test expects an alert of. */
  readonly untested: readonly string[];
}

function summarize(results: readonly TestResult[], rules: readonly RuleManifest[]): Summary {
  const passed = results.filter((result) => result.passed).length;
  const raised = results.filter(({ expect }) => expect === "alert").map(({ rule }) => rule);
  const untested = rules.map(({ name }) => name).filter((name) => !raised.includes(name));
  return { passed, failed: results.length - passed, untested };
}

function asJson(results: readonly TestResult[], rules: readonly RuleManifest[]): object {
  return { ...summarize(results, rules), tests: results };
}

function asText(results: readonly TestResult[], rules: readonly RuleManifest[]): string {
  const lines = results.map(({ name, passed, problem }) =>
    passed ? `✓ ${name}` : `✗ ${name}\n    ${problem ?? ""}`,
  );
  const { failed, untested } = summarize(results, rules);
  const counted = `${results.length} ${results.length === 1 ? "test" : "tests"}`;
  const verdict = failed === 0 ? "all passed" : `${failed} failed`;
  const covered = `${rules.length - untested.length} of ${rules.length} rules have a test`;
  return `${[...lines, "", `${counted}, ${verdict}; ${covered}.`].join("\n")}\n`;
}
