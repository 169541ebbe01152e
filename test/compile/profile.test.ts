/** Profiles: their format, what is refused, and what they do to the order of evaluation. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { childrenOf, Graph, type Node } from "../../host/compile/5-plan/graph.ts";
import { KEY_CHARACTERS_MAX, NodeKeys } from "../../host/compile/5-plan/node-key.ts";
import { makePlan, type Plan, rootsOf } from "../../host/compile/5-plan/plan.ts";
import {
  type Profile,
  ProfileError,
  profileText,
  readProfile,
} from "../../host/compile/5-plan/profile.ts";
import { checkFiles, type RulesFile } from "../../host/compile/check.ts";
import { explainRule, type RuleExplanation } from "../../host/compile/explain.ts";
import { randomProfile } from "../support/random-profile.ts";

function file(...conditions: readonly string[]): RulesFile {
  const rules = conditions.map((condition, i) => ({
    rule: `rule ${String(i)}`,
    condition,
    desc: "d",
    output: "x",
    priority: "INFO",
  }));
  return { name: "rules.yaml", text: JSON.stringify(rules) };
}

function planOf(rules: RulesFile, profile: Profile | null = null): Plan {
  return makePlan(checkFiles([rules]).rules ?? [], profile);
}

function orders(rules: RulesFile, profile: Profile | null = null): RuleExplanation["order"] {
  const checked = checkFiles([rules]);
  const [rule] = checked.resolved?.rules ?? [];
  if (rule === undefined) throw new Error("no rule");
  return explainRule(makePlan(checked.rules ?? [], profile), rule)?.order ?? [];
}

/** Of 1,000 `openat` events; `kept` of them found an open row of each kind. */
function profile(
  nodes: Readonly<Record<string, { readonly ns?: number; readonly true: number }>>,
  kept = 0,
): Profile {
  const events = new Map([["openat", 1_000]]);
  const rows = new Map([["openat", kept]]);
  return {
    source: "a test",
    events,
    kept: { process: rows, lineage: rows, descriptor: rows },
    nodes: new Map(
      Object.entries(nodes).map(([key, { ns = null, true: holds }]) => [
        key,
        { ns, true: new Map([["openat", holds]]) },
      ]),
    ),
  };
}

const OPEN = file("evt.type = openat and fd.num >= 0 and evt.rawres > 5");

describe("the order of evaluation", () => {
  test("puts first what most often decides", () => {
    const rare = profile({ "fd.num >= 0": { true: 0 }, "evt.rawres > 5": { true: 999 } });
    const often = profile({ "fd.num >= 0": { true: 999 }, "evt.rawres > 5": { true: 0 } });
    expect(orders(OPEN, rare)[0]?.asks).toBe("(fd.num >= 0 and evt.rawres > 5)");
    expect(orders(OPEN, often)[0]?.asks).toBe("(evt.rawres > 5 and fd.num >= 0)");
  });

  test("is turned round in an or", () => {
    const either = file("evt.type = openat and (fd.num >= 0 or evt.rawres > 5)");
    const often = profile({ "fd.num >= 0": { true: 0 }, "evt.rawres > 5": { true: 999 } });
    expect(orders(either, often)[0]?.asks).toBe("(evt.rawres > 5 or fd.num >= 0)");
  });

  test("weighs what asking costs against it", () => {
    const dear = { "fd.num >= 0": { ns: 500, true: 100 }, "evt.rawres > 5": { ns: 2, true: 500 } };
    expect(orders(OPEN, profile(dear))[0]?.asks).toBe("(evt.rawres > 5 and fd.num >= 0)");
  });

  test("does not take answers for remembered whose rows never last", () => {
    const rules = file("evt.type = openat and proc.cmdline contains a and evt.rawres > 5");
    const same = { "proc.cmdline contains a": { ns: 9, true: 1 }, "evt.rawres > 5": { true: 1 } };
    expect(planOf(rules, profile(same, 1_000)).cacheSizes.process).toBe(1);
    expect(planOf(rules, profile(same, 0)).cacheSizes.process).toBe(0);
  });

  test("without a profile keeps no answer about what the event itself has made", () => {
    const about = (type: string): RulesFile =>
      file(`evt.type = ${type} and fd.name contains a and evt.rawres > 5`);
    expect(planOf(about("openat")).cacheSizes.descriptor).toBe(0);
    expect(planOf(about("sendto")).cacheSizes.descriptor).toBe(1);
    expect(planOf(file("evt.type = execve and proc.args contains a")).cacheSizes.process).toBe(0);
    expect(planOf(file("evt.type = kill and proc.args contains a")).cacheSizes.process).toBe(1);
  });

  test("is the static one for event types that a profile does not know; unknown names are passed over", () => {
    const unknown = profile({ "proc.name = nobody": { true: 5 } });
    expect(orders(OPEN, unknown)).toEqual(orders(OPEN));
    const closing = file("evt.type = close and fd.num >= 0 and evt.rawres > 5");
    const often = profile({ "fd.num >= 0": { true: 999 }, "evt.rawres > 5": { true: 0 } });
    expect(orders(closing, often)).toEqual(orders(closing));
  });

  test("is left alone where a field counts how often it is read", () => {
    const counting = file("evt.type = openat and fd.num >= 0 and evt.rawres > 5 and util.cnt > 3");
    const often = profile({ "fd.num >= 0": { true: 999 }, "evt.rawres > 5": { true: 0 } });
    expect(planOf(counting, often).figures).toBeNull();
    expect(orders(counting, often)).toEqual(orders(counting));
  });
});

describe("the name of a condition", () => {
  const keysOf = (condition: string): readonly string[] => {
    const plan = planOf(file(condition));
    const keys = new NodeKeys();
    return [...rootsOf(plan.dispatch, plan.shared)].map((root) => keys.of(root));
  };

  test("does not depend on the order in which it was written", () => {
    const [one] = keysOf("evt.type = openat and (fd.num = 1 or proc.pid = 2) and proc.name = a");
    const [other] = keysOf("proc.name = a and (proc.pid = 2 or fd.num = 1) and evt.type = openat");
    expect(one).toBe("((fd.num = 1 or proc.pid = 2) and proc.name = a)");
    expect(other).toBe(one);
  });

  test("is short, and another for another condition", () => {
    const names = Array.from({ length: 60 }, (_, i) => `name${String(i)}`);
    const [one = ""] = keysOf(`evt.type = openat and proc.name in (${names.join(", ")}, a)`);
    const [other = ""] = keysOf(`evt.type = openat and proc.name in (${names.join(", ")}, b)`);
    expect(one.length).toBe(KEY_CHARACTERS_MAX);
    expect(other.length).toBe(KEY_CHARACTERS_MAX);
    expect(one).not.toBe(other);
  });

  test("tells one value with a comma from two values", () => {
    expect(keysOf('evt.type = openat and proc.name in ("a, b", c)')).not.toEqual(
      keysOf("evt.type = openat and proc.name in (a, b, c)"),
    );
  });

  test("of a group inside of one of its kind is that of all of them together", () => {
    const graph = new Graph();
    const plan = planOf(
      file("evt.type = openat and fd.num = 1 and proc.pid = 2 and proc.vpid = 3"),
    );
    const tests: Node[] = [];
    const visit = (node: Node): void => {
      if (node.kind === "test") tests.push(node);
      childrenOf(node).forEach(visit);
    };
    rootsOf(plan.dispatch, plan.shared).forEach(visit);
    const [a, b, c] = tests.map((node) =>
      node.kind === "test" ? graph.test(node.read, node.ask) : node,
    );
    if (a === undefined || b === undefined || c === undefined) throw new Error("three tests");
    const keys = new NodeKeys();
    expect(keys.of(graph.nested("and", [a, graph.nested("and", [b, c])]))).toBe(
      keys.of(graph.and([a, b, c])),
    );
  });
});

describe("the format", () => {
  test("comes back as it was written", () => {
    const rules = [file('evt.type = openat and (fd.name = "a\\"\\u0007" or proc.aname = b)')];
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 40 }), (numbers) => {
        let at = 0;
        const dice = (below: number): number => (numbers[at++ % numbers.length] ?? 0) % below;
        const made = randomProfile(rules, dice);
        expect(readProfile(profileText(made), "p.json")).toEqual(made);
      }),
    );
  });

  const good = JSON.parse(profileText(profile({ "fd.num >= 0": { ns: 3, true: 7 } }))) as object;
  const text = (changes: object): string => JSON.stringify({ ...good, ...changes });
  const figures = (value: unknown): string => text({ nodes: { "fd.num >= 0": value } });
  const many = (count: number): object =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`n${String(i)}`, { true: {} }]));

  const HOSTILE: readonly (readonly [string, string, RegExp])[] = [
    ["no JSON", "{", /it is not JSON/],
    [
      "NaN",
      profileText(profile({ a: { ns: Number.NaN, true: 1 } })).replace("null", "NaN"),
      /JSON/,
    ],
    ["a list", "[]", /the file is no map/],
    ["null", "null", /the file is no map/],
    ["another format", text({ format: "pprof" }), /"format" is not "lanner-profile"/],
    ["a later version", text({ version: 2 }), /"version" is not 1/],
    ["a source that is no text", text({ source: {} }), /"source" is no text/],
    ["events in a list", text({ events: [1] }), /"events" is no map/],
    ["a negative count", text({ events: { openat: -1 } }), /"events" has no count for "openat"/],
    ["half an event", text({ events: { openat: 0.5 } }), /no count for "openat"/],
    ["no counts of rows", text({ kept: { process: {} } }), /"kept" of lineage is no map/],
    ["a node that is a number", figures(7), /node "fd.num >= 0" is no map/],
    ["a cost in words", figures({ ns: "3", true: {} }), /"ns" of node .* is no number/],
    ["a cost of null", figures({ ns: null, true: {} }), /"ns" of node/],
    ["a cost below 0", figures({ ns: -1, true: {} }), /"ns" of node/],
    ["an infinite cost", figures({ ns: 0, true: {} }).replace('"ns":0', '"ns":1e999'), /"ns" of/],
    ["no count of true", figures({ ns: 1 }), /"true" of node "fd.num >= 0" is no map/],
    ["more true than events", figures({ true: { openat: 1_001 } }), /counts 1000 events/],
    ["events that were not counted", figures({ true: { close: 1 } }), /counts 0 events/],
    ["a prototype", `{"__proto__": ${text({})}}`, /"format" is not/],
    ["a long name", text({ nodes: { ["x".repeat(121)]: { true: {} } } }), /more than 120 char/],
    ["many nodes", text({ nodes: many(65_537) }), /more than 65536 members/],
    [
      "many types",
      text({ events: Object.fromEntries(Array.from({ length: 1_025 }, (_, i) => [i, 1])) }),
      /more than 1024/,
    ],
    ["a giant", `"${"x".repeat(17 << 20)}"`, /larger than 16 MiB/],
    ["deep lists", "[".repeat(100_000), /it is not JSON/],
  ];

  test.each(HOSTILE)("%s is refused, with file and remedy", (_, content, words) => {
    const read = (): Profile => readProfile(content, "busy.json");
    expect(read).toThrow(ProfileError);
    expect(read).toThrow(words);
    expect(read).toThrow(/^busy\.json is no profile: .*; write a new one with: lanner bench /);
  });
});
