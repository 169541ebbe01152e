/** Where the benchmarks find what they measure, and put what they found. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ruleSetName } from "./rule-set.ts";

/** From build/bench/bench/report. */
const ROOT = path.resolve(import.meta.dirname, "../../../..");

export const LANNER = inProject("setup/lanner.mjs");
export const BASELINE = inProject("bench/baseline.json");
const DEFAULT_RULES = inProject("rules/default/rules.yaml");

export function inProject(file: string): string {
  return path.join(ROOT, file);
}

/** Writes bench/results/NAME.json. */
export function writeResult(name: string, result: object): void {
  const file = inProject(`bench/results/${name}.json`);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`);
}

/** The files of rules that are meant: Lanner's own where none is named. */
export function rulesOrDefault(files: readonly string[]): readonly string[] {
  return files.length > 0 ? files : [DEFAULT_RULES];
}

/** What figures with these files are filed under. */
export function nameOfRules(files: readonly string[]): string {
  return ruleSetName(
    rulesOrDefault(files).map((file) => ({
      name: file === DEFAULT_RULES ? "default rules" : path.basename(file),
      bytes: readFileSync(file),
    })),
  );
}
