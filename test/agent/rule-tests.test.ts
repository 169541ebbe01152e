/** Offline tests of rules: Lanner's own all pass, and a mistake is told as one. */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { NO_ENGINE_REASON } from "../support/engine.ts";
import { TestFolder } from "../support/folder.ts";
import { type CliResult, cli } from "../support/io.ts";

const folder = new TestFolder("tests");

const RULES = folder.file(
  "rules.yaml",
  `- rule: Secret read
  desc: d
  condition: evt.type in (open, openat) and evt.is_open_read = true and fd.name = /secret
  output: read (file=%fd.name who=%proc.name uid=%user.uid)
  priority: NOTICE
- rule: Host name set
  desc: d
  condition: evt.type = sethostname
  output: host name set
  priority: NOTICE
`,
);

interface Outcome {
  readonly passed: number;
  readonly failed: number;
  readonly untested: readonly string[];
  readonly tests: readonly { readonly passed: boolean; readonly problem: string | null }[];
}

let files = 0;

/** Runs one tests file, given as what stands below `tests:`. */
async function run(tests: string): Promise<CliResult & { readonly outcome: Outcome | null }> {
  const path = folder.file(`tests-${String(files++)}.yaml`, `tests:\n${tests}`);
  const result = await cli(["test", RULES, "--tests", path, "--json"]);
  const outcome = result.out === "" ? null : (JSON.parse(result.out) as Outcome);
  return { ...result, outcome };
}

describe.skipIf(NO_ENGINE_REASON !== "")(`tests of rules ${NO_ENGINE_REASON}`, () => {
  test("those of Lanner's own rules pass, and there is one for each", {
    timeout: 120_000,
  }, async () => {
    const { code, out } = await cli(["test", "rules/default", "--json"]);
    const outcome = JSON.parse(out) as Outcome;
    expect(outcome.tests.filter(({ passed }) => !passed)).toEqual([]);
    expect(outcome.passed).toBeGreaterThan(80);
    expect(outcome.untested).toEqual([]);
    expect(code).toBe(0);
  });

  test("alert, silence, wording and actors", { timeout: 120_000 }, async () => {
    const { code, outcome } = await run(`
  - rule: Secret read
    output: file=/secret who=cat uid=7
    events:
      - process: {name: cat, uid: 7, cwd: /}
      - process: {name: other}
      - open: {path: secret, by: cat}
  - rule: Secret read
    expect: silence
    events: [{process: {name: cat, pid: 42}}, {open: {path: /secret, flags: [write]}}]
  - rule: Host name set
    events: [{sethostname: {}}]
`);
    expect(outcome?.tests.map(({ problem }) => problem)).toEqual([null, null, null]);
    expect(code).toBe(0);
  });

  test("what is not as expected fails, with the reason", { timeout: 120_000 }, async () => {
    const { code, outcome } = await run(`
  - {rule: Secret read, events: [{open: {path: /other}}]}
  - {rule: Secret read, expect: silence, events: [{open: {path: /secret}}]}
  - {rule: Secret read, output: who=nobody, events: [{open: {path: /secret}}]}
  - {rule: Secret raed, events: [{open: {path: /secret}}]}
  - {rule: Host name set, events: [{open: {path: /secret}}]}
  - {rule: Secret read, events: [{opne: {path: /secret}}]}
  - {rule: Secret read, events: [{open: {path: /secret, flag: read}}]}
  - {rule: Secret read, events: [{open: {path: /secret, by: cat}}]}
  - {rule: Secret read, events: [{connect: {to: "somewhere:80"}}]}
  - {rule: Secret read, capture: none.scap}
`);
    expect(code).toBe(1);
    expect(outcome?.tests.map(({ problem }) => problem)).toEqual([
      "expected an alert, there was none at all",
      expect.stringMatching(/^expected silence, got: read \(file=\/secret/),
      expect.stringMatching(/^the alert does not say 'who=nobody': read/),
      "there is no rule 'Secret raed'; did you mean 'Secret read'?",
      "expected an alert, only Secret read",
      "event 1 (opne): there is no such step or system call; did you mean 'open'?",
      expect.stringMatching(/^event 1 \(open\): unknown key 'flag'; there are/),
      expect.stringMatching(/^event 1 \(open\): no process 'cat' before it/),
      expect.stringMatching(/'somewhere:80' is no address and port/),
      expect.stringContaining("none.scap"),
    ]);
    expect(outcome?.untested).toEqual([]);
  });

  test("a recording may stand for events", { timeout: 120_000 }, async () => {
    const demo = join(import.meta.dirname, "../../rules/demo/demo.scap.gz");
    const tests = folder.file(
      "capture.yaml",
      `tests:\n  - {rule: Credential file read, capture: ${demo}}\n` +
        `  - {rule: Crypto miner started, expect: silence, capture: ${demo}}\n`,
    );
    const { code, out } = await cli(["test", "rules/default", "--tests", tests]);
    expect(out).toBe("✓ test 1\n✓ test 2\n\n2 tests, all passed; 1 of 39 rules have a test.\n");
    expect(code).toBe(0);
  });
});

describe("a tests file that cannot be used", () => {
  test.each([
    ["not YAML", "tests: [", /cannot use the tests in/],
    ["no tests", "rules: []\n", /a map with the key 'tests'/],
    ["an unknown key", "tests: [{nmae: x}]", /unknown key 'nmae'; did you mean 'name'\?/],
    ["no rule", "tests: [{events: []}]", /an alert needs a 'rule'/],
    ["nothing to do", "tests: [{rule: x}]", /either 'events' or a 'capture'/],
    ["a strange expectation", "tests: [{rule: x, expect: luck}]", /alert or silence/],
    ["a step of two", "tests: [{rule: x, events: [{a: {}, b: {}}]}]", /no map with one key/],
    ["a step without parameters", "tests: [{rule: x, events: [{a: 1}]}]", /the value of 'a'/],
  ])("%s", async (_, text, words) => {
    const { code, err } = await cli(["test", RULES, "--tests", folder.file("bad.yaml", text)]);
    expect(err).toMatch(words);
    expect(code).toBe(2);
  });

  test("or that is not there", async () => {
    const { code, err } = await cli(["test", RULES]);
    expect(err).toMatch(/no tests in .*rules\.tests\.yaml or .*tests\/offline\.yaml/);
    expect(code).toBe(2);
  });

  test("or whose rules are not there", async () => {
    const { code, err } = await cli(["test", RULES, "/none"]);
    expect(err).toBe("lanner: cannot read rules from /none: there is no such file or folder\n");
    expect(code).toBe(2);
  });
});
