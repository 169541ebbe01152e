/** Sections as text, with what has changed since the baseline. */
import type { Machine } from "../../host/bench/machine.ts";
import type { Comparison } from "./baseline.ts";
import type { Measured, Section } from "./section.ts";

const NAME_WIDTH = 46;
const COLUMN = 11;

export function sectionText(section: Section, comparison: Comparison | undefined): string {
  const { title, setting, figures } = section;
  const head = ["median", "± spread", "runs", ...(comparison ? ["baseline", "ratio"] : [])];
  return [
    "",
    `${title}, ${setting}`,
    ...baselineLines(comparison),
    `  ${"".padEnd(NAME_WIDTH)}${head.map((one) => one.padStart(COLUMN)).join("")}`,
    ...figures.map((one) => figureLine(one, comparison)),
    "",
  ].join("\n");
}

export function machineText(machine: Machine): string {
  const { cpu, cpus, load, kernel, node } = machine;
  const busy =
    load > cpus
      ? `\nThis machine is busy: ${load.toFixed(1)} processes want its ${String(cpus)} CPUs, so ` +
        "spreads are wide and what depends on elapsed time looks worse than it is."
      : "";
  return `${cpu}, ${String(cpus)} CPUs, load ${load.toFixed(1)}, Linux ${kernel}, Node ${node}${busy}`;
}

function baselineLines(comparison: Comparison | undefined): readonly string[] {
  if (comparison === undefined) return ["  no baseline for this"];
  const { baseline, otherMachine } = comparison;
  const day = baseline.date.slice(0, 10);
  const load = baseline.machine.load.toFixed(1);
  if (otherMachine.length === 0) return [`  baseline: this machine, ${day}, load ${load}`];
  return [
    `  The baseline (${day}) is of ANOTHER MACHINE: ${otherMachine.join("; ")}.`,
    "  Ratios compare the machines as well, so no change is marked.",
  ];
}

function figureLine(measured: Measured, comparison: Comparison | undefined): string {
  const { name, unit, figure } = measured;
  const label = `${name}, ${unit}`.padEnd(NAME_WIDTH);
  const values = [amount(figure.median), amount(figure.spread), String(figure.runs)];
  const columns = values.map((value) => value.padStart(COLUMN)).join("");
  return `  ${label}${columns}${changeText(name, comparison)}`;
}

function changeText(name: string, comparison: Comparison | undefined): string {
  if (comparison === undefined) return "";
  const change = comparison.changes.get(name);
  const before = comparison.baseline.figures.find((one) => one.name === name);
  if (change === undefined || before === undefined) return "–".padStart(COLUMN);
  const { ratio, verdict } = change;
  const shown = Number.isFinite(ratio) ? ratio.toFixed(2) : "–";
  const isMarked = comparison.otherMachine.length === 0 && verdict !== "within noise";
  const mark = isMarked ? `  ${verdict}` : "";
  return `${amount(before.figure.median).padStart(COLUMN)}${shown.padStart(COLUMN)}${mark}`;
}

/** Three digits that say something, or all of a large number. */
export function amount(value: number): string {
  if (!Number.isFinite(value)) return "–";
  if (Math.abs(value) >= 1_000) return Math.round(value).toLocaleString("en");
  return String(Number(value.toPrecision(3)));
}
