/** Rules that want to hurt the compiler: each is refused or read in bounded time and space. */
import { expect, test } from "vitest";
import { makePlan } from "../../host/compile/5-plan/plan.ts";
import { type Emitted, emit } from "../../host/compile/6-emit/emit.ts";
import { checkFiles } from "../../host/compile/check.ts";
import type { Diagnostic } from "../../host/diagnostics/diagnostic.ts";
import { message } from "../../host/diagnostics/message.ts";
import { OUTPUT_PARTS_MAX } from "../../host/schema/manifest.ts";

function codesOf(text: string): string[] {
  return checkFiles([{ name: "hostile.yaml", text }]).diagnostics.map((d) => d.problem.code);
}

function rule(condition: string): string {
  const keys = "  desc: d\n  output: x\n  priority: INFO\n  warn_evttypes: false\n";
  return `- rule: one\n  condition: ${JSON.stringify(condition)}\n${keys}`;
}

test("ten thousand parentheses are too deep", () => {
  const condition = `${"(".repeat(10_000)}evt.num = 1${")".repeat(10_000)}`;
  expect(codesOf(rule(condition))).toEqual(["too-deep"]);
});

test("ten thousand nested transformers are too deep", () => {
  const condition = `${"tolower(".repeat(10_000)}proc.name${")".repeat(10_000)} = a`;
  expect(codesOf(rule(condition))).toEqual(["too-deep"]);
});

test("a flat condition of a megabyte is accepted", () => {
  const checks = Array.from({ length: 50_000 }, (_, i) => `proc.name = p${String(i)}`);
  expect(codesOf(rule(checks.join(" or ")))).toEqual([]);
});

test("a condition of three megabytes is refused", () => {
  expect(codesOf(rule(`proc.name = ${"a".repeat(3_000_000)}`))).toEqual(["too-much"]);
});

test("lists that multiply one another are refused", () => {
  const items = (name: string): string => Array.from({ length: 2_000 }, () => name).join(",");
  const lists = `- list: zz\n  items: [${items("yy")}]\n- list: yy\n  items: [${items("aaaa")}]\n`;
  expect(codesOf(lists + rule("proc.name in (zz)"))).toContain("too-much");
});

test("aliases that multiply one another are refused", () => {
  const levels = ["- list: a0\n  items: &l0 [x, x, x, x, x, x, x, x, x, x]"];
  for (let i = 1; i < 10; i++) {
    const uses = Array.from({ length: 10 }, () => `*l${String(i - 1)}`).join(", ");
    levels.push(`- list: a${String(i)}\n  items: &l${String(i)} [${uses}]`);
  }
  expect(codesOf(levels.join("\n"))).toEqual(["too-much"]);
});

test("deep YAML is refused", () => {
  expect(codesOf("[".repeat(100_000))).toEqual(["too-much"]);
  expect(codesOf(`- rule: ${"[".repeat(300)}x${"]".repeat(300)}`)).toEqual(["too-much"]);
});

/** Macros m0 to m`last`, on two lines each. */
function macros(last: number, first: string, next: (before: string) => string): string {
  const lines = Array.from({ length: last + 1 }, (_, i) => {
    const condition = i === 0 ? first : next(`m${String(i - 1)}`);
    return `- macro: m${String(i)}\n  condition: ${condition}\n`;
  });
  return lines.join("");
}

const twice = (m: string): string => `${m} or (${m} and proc.pid = 1)`;

test("macros that double are refused where they become too large", () => {
  const text = macros(24, "proc.name = a", twice) + rule("m24");
  const { diagnostics } = checkFiles([{ name: "hostile.yaml", text }]);
  expect(diagnostics.map(({ at, problem }) => [at.line, at.column, message(problem)])).toEqual([
    [
      37,
      13,
      "the condition has 9437161 characters once its macros are written out; at most 8388608 are " +
        "allowed: use 'm17', 4718569 each time, less often or shorten it",
    ],
  ]);
});

test("macros that double to just below the limit are accepted", () => {
  const { rules, diagnostics } = checkFiles([
    { name: "hostile.yaml", text: macros(17, "proc.name = a", twice) + rule("m17") },
  ]);
  expect(diagnostics).toEqual([]);
  expect(makePlan(rules ?? []).dispatch).not.toEqual([]);
});

test("macros that double in what is appended or excepted are refused, too", () => {
  const most = macros(17, "proc.name = a", twice);
  const appended = "- macro: m16\n  condition: or m15 or m15\n  override: {condition: append}\n";
  expect(codesOf(most + appended + rule("m17"))).toEqual(["macros-too-large"]);
  const values = Array.from({ length: 60_000 }, (_, i) => `[program${String(i)}]`).join(",");
  const exceptions = `  exceptions:\n    - {name: e, fields: [proc.name], values: [${values}]}\n`;
  expect(codesOf(most + rule("m17 or m16"))).toEqual([]);
  expect(codesOf(most + rule("m17 or m16") + exceptions)).toEqual(["macros-too-large"]);
});

test("many rules that each use a large macro are refused", () => {
  const uses = Array.from({ length: 100 }, (_, i) => rule("m15").replace("one", `r${String(i)}`));
  expect(codesOf(macros(15, "proc.name = a", twice) + uses.join(""))).toEqual(["rules-too-large"]);
});

test("a warning in a macro that doubles is given once for each rule", () => {
  const text = macros(10, "proc.name = proc.pid", twice) + rule("m10");
  expect(codesOf(text)).toEqual(["hint-field-name"]);
});

test("macros that nest deeply are refused, in whatever order they are defined", () => {
  expect(codesOf(macros(499, "proc.name = a", (m) => `not ${m}`) + rule("m499"))).toEqual([]);
  expect(codesOf(macros(5_000, "proc.name = a", (m) => `not ${m}`))).toEqual(["too-deep"]);
  const names = Array.from({ length: 5_000 }, (_, i) => `m${String(i)}`);
  const first = names.map((name) => `- macro: ${name}\n  condition: proc.name = a\n`);
  const again = names.slice(1).map((m, i) => `- macro: ${names[i] ?? ""}\n  condition: not ${m}\n`);
  expect(codesOf(first.concat(again).join(""))).toEqual(["too-deep"]);
});

test("regular expressions that explode are refused", () => {
  expect(codesOf(rule('proc.name regex "(a|b)*a(a|b){20}"'))).toEqual(["regex"]);
  expect(codesOf(rule('proc.name regex "((a{1,1000}){1,1000}){1,1000}"'))).toEqual(["regex"]);
});

/** Checked, planned and written down as code and data; `rule` gets the list as `big`. */
function emitted(condition: string, items: readonly string[]): Emitted {
  const text = `- ${JSON.stringify({ list: "big", items })}\n${rule(condition)}`;
  const { rules, diagnostics } = checkFiles([{ name: "hostile.yaml", text }]);
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  return emit(makePlan(rules ?? []));
}

const LONG = { timeout: 60_000 };

test.each([
  ["evt.type = open and proc.name in (big)", (i: number) => `program${String(i)}`],
  [
    "evt.type = open and fd.name pmatch (big)",
    (i: number) => `/opt/${String(i % 999)}/${String(i)}`,
  ],
  ["evt.type = open and fd.num in (big)", String],
])("a list of 100,000 items is data and no code: %s", LONG, (condition, item) => {
  const few = emitted(
    condition,
    Array.from({ length: 1_000 }, (_, i) => item(i)),
  );
  const many = emitted(
    condition,
    Array.from({ length: 100_000 }, (_, i) => item(i)),
  );
  expect(many.data.length).toBeGreaterThan(20 * few.data.length);
  expect(many.data.length).toBeLessThan(8 * 1024 * 1024);
  expect(many.source.length).toBeLessThan(few.source.length + 1_000);
});

test.each([
  (i: number) => `fd.num = ${String(i)}`,
  (i: number) => `(fd.num = ${String(i)} and proc.name = b${String(i)})`,
  (i: number) => `not fd.name startswith /a${String(i)}`,
])("a condition of 20,000 parts is planned and emitted: %#", LONG, (part) => {
  const condition = Array.from({ length: 20_000 }, (_, i) => part(i)).join(" or ");
  const { rules } = checkFiles([{ name: "hostile.yaml", text: rule(condition) }]);
  expect(emit(makePlan(rules ?? [])).source.length).toBeGreaterThan(1_000);
});

test("many rules and a list of 250,000 short items make a plan", LONG, () => {
  const items = Array.from({ length: 250_000 }, (_, i) => i.toString(36));
  const rules = Array.from({ length: 30 }, (_, i) => ({
    rule: `r ${String(i)}`,
    desc: "d",
    condition: `evt.type = open and proc.name ${i === 0 ? "in (big)" : `= p${String(i)}`}`,
    output: "o",
    priority: "NOTICE",
  }));
  const text = JSON.stringify([{ list: "big", items }, ...rules]);
  const { rules: checked } = checkFiles([{ name: "hostile.yaml", text }]);
  expect(makePlan(checked ?? []).dispatch).not.toEqual([]);
});

test("a list of 100,000 items that needs too much room is refused with its place", LONG, () => {
  const items = Array.from({ length: 100_000 }, (_, i) => `/opt/some/long/folder/${String(i)}/*`);
  const text = `- ${JSON.stringify({ list: "big", items })}\n${rule("fd.name pmatch (big)")}`;
  const [found] = checkFiles([{ name: "hostile.yaml", text }]).diagnostics;
  expect(found).toMatchObject({ problem: { code: "too-much" }, at: { line: 2, column: 13 } });
});

test.each([
  ["fd.name glob", "*a".repeat(5_000)],
  ["fd.name iglob", "[a-z]*".repeat(2_000)],
  ["proc.name =", "a".repeat(256)],
  ["proc.name contains", "a".repeat(1_000_000)],
  ["proc.name regex", "(a|b)*".repeat(100)],
])("a constant beyond 255 bytes is refused with its place: %s", (check, constant) => {
  const text = rule(`${check} "${constant}"`);
  const [found] = checkFiles([{ name: "hostile.yaml", text }]).diagnostics;
  expect(found).toMatchObject({
    problem: { code: "value-too-long", bytes: constant.length, bytesMax: 255 },
    at: { line: 1 },
  });
});

test("a glob of nothing but wildcards is data of bounded size", () => {
  const { data } = emitted(`evt.type = open and fd.name glob "${"?*".repeat(127)}"`, ["unused"]);
  expect(data.length).toBeLessThan(1_000);
});

test.each([
  ["fd.num = 0x" + "f".repeat(400), "value"],
  ["proc.aname[99999999999999999999] = a", "field-argument"],
  ["proc.aname[4294967297] = a", "field-argument"],
  ["fd.ip = 1.2.3.4/999999999999", "value"],
  ['proc.name = "a\u0000b"', "value-nul"],
])("a number or text that does not exist is refused: %s", (condition, code) => {
  expect(codesOf(rule(`evt.type = open and ${condition}`))).toEqual([code]);
});

test("an output of more parts than a manifest takes is refused where it stands", () => {
  const most = "%evt.num,".repeat(OUTPUT_PARTS_MAX / 2);
  const problemsOf = (output: string): readonly unknown[] => {
    const text = rule("evt.type = kill").replace("output: x", `output: "${output}"`);
    const { diagnostics } = checkFiles([{ name: "hostile.yaml", text }]);
    return diagnostics.map(({ problem, at }) => ({ ...problem, line: at.line, column: at.column }));
  };
  expect(problemsOf(most)).toEqual([]);
  const reason = expect.stringMatching(
    /at most 1024 parts, this one has 1025: .*leave out/,
  ) as unknown;
  expect(problemsOf(`${most}%evt.num`)).toEqual([{ code: "output", reason, line: 3, column: 11 }]);
});

test.each([
  ["a width", "%65536evt.num", "%65537evt.num", "at most 65536"],
  ["nesting", nestedOutput(32), nestedOutput(33), "at most 32 transformers"],
])("%s that no manifest takes is refused where it stands", (_, most, more, reason) => {
  const check = (output: string): readonly Diagnostic[] => {
    const text = rule("evt.type = kill").replace("output: x", `output: a ${output}`);
    return checkFiles([{ name: "hostile.yaml", text }]).diagnostics;
  };
  expect(check(most)).toEqual([]);
  const found = check(more).map(({ problem, at }) => [problem, at.line, at.column]);
  const problem = { code: "output", reason: expect.stringContaining(reason) as unknown };
  expect(found).toEqual([[problem, 3, 12]]);
});

function nestedOutput(levels: number): string {
  return `%${"tolower(".repeat(levels)}proc.name${")".repeat(levels)}`;
}
