import { describe, expect, test } from "vitest";
import { compare, withSections } from "../../bench/report/baseline.ts";
import { ruleSetName } from "../../bench/report/rule-set.ts";
import { cost, type Measured, type Section, yieldOf } from "../../bench/report/section.ts";
import { sectionText } from "../../bench/report/table.ts";
import type { Machine } from "../../host/bench/machine.ts";

const MACHINE: Machine = {
  cpu: "Reference",
  cpus: 2,
  memoryBytes: 8 * 2 ** 30,
  arch: "x64",
  kernel: "6.18.0",
  node: "v20.20.2",
  v8: "11.3",
  load: 0.5,
};

function sectionOf(figures: readonly Measured[], changes: Partial<Section> = {}): Section {
  return {
    title: "live",
    setting: "rules",
    date: "2026-11-24T12:00:00.000Z",
    machine: MACHINE,
    figures,
    ...changes,
  };
}

function verdict(now: Measured, then: Measured): string | undefined {
  const comparison = compare(sectionOf([now]), { sections: [sectionOf([then])] });
  return comparison?.changes.get(now.name)?.verdict;
}

describe("comparing with a baseline", () => {
  const ns = (...samples: readonly number[]): Measured => cost("cost", "ns", samples);

  test("what lies within the spreads of both is no change", () => {
    expect(verdict(ns(100, 110, 120), ns(90, 100, 110))).toBe("within noise");
  });

  test("a difference beyond them is, and its direction depends on the figure", () => {
    expect(verdict(ns(130, 131, 132), ns(100, 101, 102))).toBe("worse");
    expect(verdict(ns(70, 71, 72), ns(100, 101, 102))).toBe("better");
    expect(verdict(yieldOf("rate", "1/s", [70]), yieldOf("rate", "1/s", [100]))).toBe("worse");
  });

  test("two runs that happen to agree do not make a hundredth a change", () => {
    expect(verdict(ns(101, 101), ns(100, 100))).toBe("within noise");
  });

  test("one or two runs have to differ by more", () => {
    expect(verdict(ns(113), ns(100))).toBe("within noise");
    expect(verdict(ns(117), ns(100))).toBe("worse");
    expect(verdict(ns(113, 113, 113), ns(100, 100, 100))).toBe("worse");
  });

  test("losses where there were none are worse", () => {
    expect(verdict(ns(5), ns(0))).toBe("worse");
    expect(verdict(ns(0), ns(0))).toBe("within noise");
  });

  test("a figure that could not be measured has not changed", () => {
    expect(verdict(ns(Number.NaN), ns(5))).toBe("within noise");
  });

  test("other rules, or another unit, are not compared", () => {
    const before = { sections: [sectionOf([ns(1)], { setting: "other rules" })] };
    expect(compare(sectionOf([ns(1)]), before)).toBeUndefined();
    const inMs = compare(sectionOf([ns(1)]), { sections: [sectionOf([cost("cost", "ms", [1])])] });
    expect(inMs?.changes.size).toBe(0);
  });

  test("another machine is named, and nothing is marked", () => {
    const machine = { ...MACHINE, cpu: "Other", load: 3 };
    const now = sectionOf([ns(200)], { machine });
    const comparison = compare(now, { sections: [sectionOf([ns(100)])] });
    expect(comparison?.otherMachine).toEqual(["CPU Reference, here Other"]);
    const text = sectionText(now, comparison);
    expect(text).toContain("ANOTHER MACHINE");
    expect(text).toContain("2.00");
    expect(text).not.toContain("worse");
  });

  test("a change on the same machine is marked", () => {
    const now = sectionOf([ns(200)]);
    expect(sectionText(now, compare(now, { sections: [sectionOf([ns(100)])] }))).toMatch(
      /2\.00 {2}worse$/m,
    );
  });
});

test("saving replaces a section and leaves the others alone", () => {
  const [old, other] = [
    sectionOf([cost("a", "ns", [1])]),
    sectionOf([], { setting: "other rules" }),
  ];
  const now = sectionOf([cost("a", "ns", [2])]);
  expect(withSections({ sections: [old, other] }, [now]).sections).toEqual([other, now]);
});

test("rules of the same name and other content have another name", () => {
  const named = (text: string): string =>
    ruleSetName([{ name: "rules.yaml", bytes: Buffer.from(text) }]);
  expect(named("a")).not.toBe(named("b"));
  expect(named("a")).toMatch(/^rules\.yaml \([0-9a-f]{8}\)$/);
});
