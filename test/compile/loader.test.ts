/** Small rules files and what a real Falco said to each: codes, and conditions as compiled. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { printExpression } from "../../host/compile/2-parse/print.ts";
import { checkFiles } from "../../host/compile/check.ts";
import { falcoCode } from "../../host/diagnostics/falco-code.ts";
import { shared } from "../support/shared.ts";

interface Issue {
  readonly code: string;
}
interface Expected {
  readonly results: readonly { name: string; errors: Issue[]; warnings: Issue[] }[] | null;
  readonly describe?: {
    readonly rules: readonly { info: { name: string }; details: { condition_compiled: string } }[];
  } | null;
}

const BASE = shared("oracle", "loader", "cases");
const names = BASE === undefined ? [] : readdirSync(BASE).filter(isOrdinary);

/** Cases with options are about the configuration. */
function isOrdinary(name: string): boolean {
  const at = (file: string): string => `${BASE ?? ""}/${name}/${file}`;
  return !existsSync(at("options.txt")) && !existsSync(at("files.txt"));
}

describe.skipIf(BASE === undefined)("rules files (skipped: the shared data is not here)", () => {
  test.each(names)("%s", (name) => {
    const folder = `${BASE ?? ""}/${name}`;
    const expected = JSON.parse(readFileSync(`${folder}/expected.json`, "utf8")) as Expected;
    const files = readdirSync(folder)
      .filter((file) => file.endsWith(".yaml"))
      .sort()
      .map((file) => ({ name: file, text: readFileSync(`${folder}/${file}`, "utf8") }));
    const { diagnostics, resolved } = checkFiles(files);
    for (const result of expected.results ?? []) {
      const codes = (severity: string): string[] =>
        diagnostics
          .filter((d) => d.severity === severity && d.loading === result.name)
          // Warnings of our own: Falco evaluates the field, and leaves the key to its schema.
          .filter((d) => !["field-not-supported", "unknown-nested-key"].includes(d.problem.code))
          .map((d) => falcoCode(d.problem))
          .sort();
      expect(codes("error")).toEqual(result.errors.map((issue) => issue.code).sort());
      expect(codes("warning")).toEqual(result.warnings.map((issue) => issue.code).sort());
    }
    for (const { info, details } of expected.describe?.rules ?? []) {
      const rule = resolved?.rules.find(({ definition }) => definition.name === info.name);
      expect(rule && printExpression(rule.condition.expression)).toBe(details.condition_compiled);
    }
  });
});
