/** Figures of an earlier time, and how far those of now are from them. */
import type { Machine } from "../../host/bench/machine.ts";
import type { Measured, Section } from "./section.ts";

export interface Baseline {
  readonly sections: readonly Section[];
}

export interface Change {
  /** Measured over baseline. */
  readonly ratio: number;
  readonly verdict: "within noise" | "better" | "worse";
}

export interface Comparison {
  readonly baseline: Section;
  /** In what the machine of the baseline differs; empty when it is this one. */
  readonly otherMachine: readonly string[];
  /** By the name of the figure; those that the baseline lacks are missing. */
  readonly changes: ReadonlyMap<string, Change>;
}

/** A spread is half the distance between the quartiles: 0.67 of a standard deviation. */
const NOISE_SPREADS = 3;
/** Runs may agree by chance; less than this is never called a change. */
const NOISE_SHARE = 0.05;
/** Fewer runs tell next to nothing of their spread, and both bounds are widened. */
const RUNS_MIN = 3;
const FEW_RUNS_FACTOR = 3;
const GIB = 2 ** 30;

/** Undefined when the baseline has no such section. */
export function compare(section: Section, { sections }: Baseline): Comparison | undefined {
  const baseline = sections.find((one) => isSame(one, section));
  if (baseline === undefined) return undefined;
  const before = new Map(baseline.figures.map((one) => [one.name, one]));
  const changes = new Map<string, Change>();
  for (const now of section.figures) {
    const then = before.get(now.name);
    if (then?.unit === now.unit) changes.set(now.name, change(now, then));
  }
  return { baseline, otherMachine: differences(section.machine, baseline.machine), changes };
}

function isSame(a: Section, b: Section): boolean {
  return a.title === b.title && a.setting === b.setting;
}

function change(now: Measured, then: Measured): Change {
  const difference = now.figure.median - then.figure.median;
  const spread = Math.hypot(now.figure.spread, then.figure.spread);
  const bound = Math.max(NOISE_SPREADS * spread, NOISE_SHARE * Math.abs(then.figure.median));
  const areFew = Math.min(now.figure.runs, then.figure.runs) < RUNS_MIN;
  const noise = areFew ? bound * FEW_RUNS_FACTOR : bound;
  const ratio = now.figure.median / then.figure.median;
  // A comparison with NaN is false, and what was not measured has not changed.
  if (!(Math.abs(difference) > noise)) return { ratio, verdict: "within noise" };
  const isBetter = difference < 0 === (now.better === "less");
  return { ratio, verdict: isBetter ? "better" : "worse" };
}

function differences(here: Machine, there: Machine): readonly string[] {
  const memory = (machine: Machine): string =>
    `${String(Math.round(machine.memoryBytes / GIB))} GiB`;
  const told: readonly (readonly [string, string, string])[] = [
    ["CPU", here.cpu, there.cpu],
    ["CPUs", String(here.cpus), String(there.cpus)],
    ["memory", memory(here), memory(there)],
    ["architecture", here.arch, there.arch],
    ["kernel", here.kernel, there.kernel],
    ["Node", here.node, there.node],
  ];
  return told
    .filter(([, now, then]) => now !== then)
    .map(([what, now, then]) => `${what} ${then}, here ${now}`);
}

/** The baseline with these sections in the place of those of the same title and setting. */
export function withSections(baseline: Baseline, sections: readonly Section[]): Baseline {
  const kept = baseline.sections.filter((one) => !sections.some((other) => isSame(one, other)));
  const order = (a: Section, b: Section): number =>
    a.title.localeCompare(b.title, "en") || a.setting.localeCompare(b.setting, "en");
  return { sections: [...kept, ...sections].sort(order) };
}
