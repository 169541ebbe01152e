/** Reads a tests file: which rules have to raise an alert for which events. */
import { dirname, resolve } from "node:path";
import { nearest } from "../diagnostics/nearest.ts";
import { AgentError, EXIT } from "./io.ts";
import { readBounded } from "./rule-files.ts";

/** `- open: {path: /etc/shadow}`: what happens, and with what. */
export interface TestStep {
  readonly kind: string;
  readonly values: Readonly<Record<string, unknown>>;
}

export interface RuleTest {
  readonly name: string;
  /** Null: any rule. */
  readonly rule: string | null;
  readonly expect: "alert" | "silence";
  /** Stands in the alert's text. */
  readonly output: string | null;
  readonly steps: readonly TestStep[];
  /** A recording instead of steps. */
  readonly capture: string | null;
}

const FILE_BYTES_MAX = 16 << 20;
const TESTS_MAX = 10_000;
const STEPS_MAX = 1_000;
const KEYS: readonly string[] = ["name", "rule", "expect", "output", "events", "capture"];

type Tree = Readonly<Record<string, unknown>>;

/** Throws AgentError for everything that is wrong with the file. */
export async function readTestFile(path: string): Promise<readonly RuleTest[]> {
  const root = asTree(await parseFile(path));
  const tests = root?.["tests"];
  if (!Array.isArray(tests)) throw refuse(path, "it has to be a map with the key 'tests'");
  if (tests.length > TESTS_MAX) throw refuse(path, `it has more than ${TESTS_MAX} tests`);
  return tests.map((test, i) => readTest(path, test, i + 1));
}

async function parseFile(path: string): Promise<unknown> {
  const { parse } = await import("yaml");
  try {
    const text = readBounded(path, FILE_BYTES_MAX);
    if (text === null) throw new RangeError("it is larger than 16 MiB");
    return parse(text, { maxAliasCount: 1_000 }) as unknown;
  } catch (error) {
    throw refuse(path, error instanceof Error ? error.message : String(error));
  }
}

function readTest(path: string, written: unknown, number: number): RuleTest {
  const test = asTree(written);
  if (test === null) throw refuse(path, `test ${number} is no map`);
  const { rule, expect, output, events, capture } = test;
  const name = typeof test["name"] === "string" ? test["name"] : `test ${number}`;
  const bad = (problem: string): AgentError => refuse(path, `${name}: ${problem}`);
  for (const key of Object.keys(test)) {
    if (!KEYS.includes(key)) throw bad(`unknown key '${key}'${maybe(nearest(key, KEYS))}`);
  }
  if (expect !== undefined && expect !== "alert" && expect !== "silence") {
    throw bad("'expect' is alert or silence");
  }
  if (!isTextOrAbsent(rule) || !isTextOrAbsent(output) || !isTextOrAbsent(capture)) {
    throw bad("'rule', 'output' and 'capture' are texts");
  }
  if (rule === undefined && expect !== "silence") throw bad("an alert needs a 'rule'");
  if ((events === undefined) === (capture === undefined)) {
    throw bad("it needs either 'events' or a 'capture'");
  }
  if (events !== undefined && (!Array.isArray(events) || events.length > STEPS_MAX)) {
    throw bad(`'events' is a sequence of at most ${STEPS_MAX} steps`);
  }
  return {
    name,
    rule: rule ?? null,
    expect: expect ?? "alert",
    output: output ?? null,
    steps: ((events ?? []) as readonly unknown[]).map((step, i) => readStep(step, i + 1, bad)),
    capture: capture === undefined ? null : resolve(dirname(path), capture),
  };
}

function readStep(
  written: unknown,
  number: number,
  bad: (problem: string) => AgentError,
): TestStep {
  const entries = Object.entries(asTree(written) ?? {});
  const [first] = entries;
  if (first === undefined || entries.length !== 1) {
    throw bad(`event ${number} is no map with one key, as '- open: {path: /etc/shadow}'`);
  }
  const [kind, value] = first;
  const values = value === null ? {} : asTree(value);
  if (values === null) throw bad(`event ${number}: the value of '${kind}' is no map`);
  return { kind, values };
}

function isTextOrAbsent(value: unknown): value is string | undefined {
  return value === undefined || typeof value === "string";
}

function asTree(value: unknown): Tree | null {
  const isMap = typeof value === "object" && value !== null && !Array.isArray(value);
  return isMap ? (value as Tree) : null;
}

export function maybe(near: string | null): string {
  return near === null ? "" : `; did you mean '${near}'?`;
}

function refuse(path: string, problem: string): AgentError {
  return new AgentError(EXIT.usage, `cannot use the tests in ${path}: ${problem}`);
}
