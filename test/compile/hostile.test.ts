/** Rules that want to hurt the compiler: each is refused or read in bounded time and space. */
import { expect, test } from "vitest";
import { checkFiles } from "../../host/compile/check.ts";

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
  expect(codesOf(`- rule: ${"[".repeat(100)}x${"]".repeat(100)}`)).toEqual(["too-much"]);
});

test("regular expressions that explode are refused", () => {
  expect(codesOf(rule('proc.name regex "(a|b)*a(a|b){20}"'))).toEqual(["regex"]);
  expect(codesOf(rule('proc.name regex "((a{1,1000}){1,1000}){1,1000}"'))).toEqual(["regex"]);
});
