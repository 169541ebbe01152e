/** How each benchmark ends: text for people, JSON for programs, and the baseline. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { type Baseline, compare, withSections } from "./baseline.ts";
import { BASELINE, writeResult } from "./files.ts";
import type { Section } from "./section.ts";
import { machineText, sectionText } from "./table.ts";

/** For `parseArgs`: what each benchmark that has figures understands. */
export const BASELINE_OPTIONS = {
  baseline: { type: "string", default: BASELINE },
  "save-baseline": { type: "boolean", default: false },
} as const;

export interface BaselineValues {
  readonly baseline: string;
  readonly "save-baseline": boolean;
}

/** Prints the sections, writes them to bench/results/NAME.json, and keeps them when asked to. */
export function finish(
  name: string,
  sections: readonly Section[],
  values: BaselineValues,
  details: object = {},
): void {
  const baseline = readBaseline(values.baseline);
  const [first] = sections;
  if (first !== undefined) console.log(machineText(first.machine));
  const compared = sections.map((section) => ({ section, comparison: compare(section, baseline) }));
  for (const { section, comparison } of compared) console.log(sectionText(section, comparison));
  writeResult(name, {
    sections: compared.map(({ section, comparison }) => ({
      ...section,
      ...(comparison === undefined
        ? {}
        : { comparison: { ...comparison, changes: Object.fromEntries(comparison.changes) } }),
    })),
    ...details,
  });
  if (!values["save-baseline"]) return;
  const text = JSON.stringify(withSections(baseline, sections), null, 2);
  writeFileSync(values.baseline, `${text}\n`);
  console.log(`These figures are the baseline from now on: ${values.baseline}`);
}

function readBaseline(file: string): Baseline {
  if (!existsSync(file)) return { sections: [] };
  return JSON.parse(readFileSync(file, "utf8")) as Baseline;
}
