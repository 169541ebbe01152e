import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { makePlan } from "../../host/compile/5-plan/plan.ts";
import { syscallsOf } from "../../host/compile/7-assemble/manifest.ts";
import { checkFiles } from "../../host/compile/check.ts";
import { explainRule, type RuleExplanation } from "../../host/compile/explain.ts";
import { SYSCALLS } from "../../host/schema/syscalls.ts";

const RULES = `
- macro: shell
  condition: proc.name in (sh, bash, dash)
- rule: Shell opens
  desc: d
  condition: evt.type in (open, openat) and shell and fd.name regex '/a+$'
  output: x
  priority: NOTICE
- rule: Shell connects
  desc: d
  condition: evt.type = connect and shell and fd.snet = "10.0.0.0/8"
  output: x
  priority: NOTICE
- rule: Everything
  desc: d
  condition: proc.aname = init
  output: x
  priority: NOTICE
  warn_evttypes: false
- rule: Never
  desc: d
  condition: evt.type = kill and evt.num = 0
  output: x
  priority: NOTICE
- rule: Host name
  desc: d
  condition: evt.type in (sethostname, kill)
  output: x
  priority: NOTICE
- rule: Off
  desc: d
  condition: evt.type = kill
  output: x
  priority: NOTICE
  enabled: false
`;

const { resolved, rules } = checkFiles([{ name: "rules.yaml", text: RULES }]);
const plan = makePlan(rules ?? []);

function explained(name: string): RuleExplanation | null {
  const rule = resolved?.rules.find(({ definition }) => definition.name === name);
  if (rule === undefined) throw new Error(`no rule ${name}`);
  return explainRule(plan, rule);
}

describe("an explanation", () => {
  test("names events, system calls and the canonical condition", () => {
    const found = explained("Shell opens");
    expect(found?.eventTypes).toEqual(["open", "openat"]);
    expect(found?.syscalls).toEqual(["open", "openat"]);
    expect(found?.condition).toBe(
      "(evt.type in (open, openat) and proc.name in (sh, bash, dash) and fd.name regex /a+$)",
    );
  });

  test("says how a predicate is answered, how long it holds and who shares it", () => {
    const found = explained("Shell opens");
    const shell = found?.predicates.find(({ field }) => field === "proc.name");
    expect(shell).toMatchObject({
      operator: "in",
      values: ["bash", "dash", "sh"],
      lifetime: "process",
      answered: "hash set of 3",
      remembered: "process",
      sharedWith: ["Shell connects"],
    });
    const name = found?.predicates.find(({ field }) => field === "fd.name");
    expect(name).toMatchObject({ answered: "automaton", lifetime: "descriptor", sharedWith: [] });
    const net = explained("Shell connects")?.predicates.find(({ field }) => field === "fd.snet");
    expect(net).toMatchObject({ values: ["10.0.0.0/8"], answered: "mask" });
  });

  test("a kept answer is cheaper than a first one, and dear predicates are named", () => {
    const found = explained("Shell opens");
    expect(found?.cost.repeated).toBeLessThan(found?.cost.first ?? 0);
    expect(found?.slow).toEqual([expect.stringContaining("'fd.name regex'")]);
    expect(explained("Everything")?.slow[0]).toMatch(/evaluated for \d+ event types/);
  });

  test("calls without an event of their own are named", () => {
    const found = explained("Host name");
    expect(found?.eventTypes).toEqual(["kill", "sethostname"]);
    expect(found?.syscalls).toEqual(["kill", "sethostname"]);
  });

  test("says when nothing can make a rule true", () => {
    const found = explained("Never");
    expect(found?.eventTypes).toEqual([]);
    expect(found?.slow).toEqual(["no event can make it true, so it is never evaluated"]);
  });

  test("every default rule has one", () => {
    const text = readFileSync(new URL("../../rules/default/rules.yaml", import.meta.url), "utf8");
    const checked = checkFiles([{ name: "rules.yaml", text }]);
    const own = makePlan(checked.rules ?? []);
    for (const rule of checked.resolved?.rules ?? []) {
      const found = explainRule(own, rule);
      expect(found?.syscalls.length, rule.definition.name).toBeGreaterThan(0);
      expect(found?.cost.first, rule.definition.name).toBeGreaterThan(0);
    }
  });

  test("there is none for a disabled rule", () => {
    expect(explained("Off")).toBeNull();
  });
});

describe("system calls without an event of their own", () => {
  test.each([
    ["evt.type = vhangup and proc.name = cat", ["vhangup"]],
    ["evt.type in (vhangup, getpriority)", ["getpriority", "vhangup"]],
    ["evt.type = vhangup or evt.type = getpriority", ["getpriority", "vhangup"]],
    [
      "proc.name = cat and (evt.type = vhangup or evt.type = getpriority)",
      ["getpriority", "vhangup"],
    ],
    ["evt.type = vhangup or proc.name = cat", "all"],
    ["evt.num > 3", "all"],
    ["(evt.type = vhangup or evt.num > 3) and proc.name = cat", "all"],
  ])("are those for which %s may hold", (condition, expected) => {
    const rule = { rule: "r", desc: "d", condition, output: "o", priority: "NOTICE" };
    const text = JSON.stringify([{ ...rule, warn_evttypes: false }]);
    const checked = checkFiles([{ name: "rules.yaml", text }]);
    const { dispatch } = makePlan(checked.rules ?? []);
    const found = syscallsOf(
      { dispatch },
      dispatch.flatMap(({ types }) => types),
    );
    const generic = SYSCALLS.filter(({ event }) => event === null).map(({ name }) => name);
    const wanted = expected === "all" ? generic : expected;
    expect(found.filter((name) => generic.includes(name))).toEqual([...new Set(wanted)].sort());
  });
});
