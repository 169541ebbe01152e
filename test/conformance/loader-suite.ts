/** Small rules files: verdict, findings and description of each. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { checkFiles } from "../../host/compile/check.ts";
import { describeRules } from "../../host/compile/describe.ts";
import { isAcceptable } from "../../host/diagnostics/diagnostic.ts";
import { type FalcoIssue, renderFalcoJson } from "../../host/diagnostics/render-json.ts";
import { differencesOf } from "./compare.ts";
import { EventNames } from "./event-names.ts";
import { caseNames, readJson, readLines } from "./files.ts";
import { type Outcome, outcomeOf, type Suite, type SuiteOptions } from "./outcome.ts";
import { readSettings } from "./settings.ts";

interface Issue {
  readonly code: string;
  readonly item_type: string;
  readonly item_name: string;
}
interface Expected {
  readonly exit_code: number;
  readonly results:
    | readonly {
        readonly name: string;
        readonly successful: boolean;
        readonly errors: readonly Issue[];
        readonly warnings: readonly Issue[];
      }[]
    | null;
  readonly describe?: object | null;
}

function* run(options: SuiteOptions): Generator<Outcome> {
  const base = join(options.folder, "loader/cases");
  const names = new EventNames(options.folder);
  for (const name of caseNames(base)) {
    if (name.includes(options.only)) yield outcomeOf(name, compare(join(base, name), names));
  }
}

export const loader: Suite = { name: "loader", run };

function compare(folder: string, names: EventNames): string[] {
  const expected = readJson(join(folder, "expected.json")) as Expected;
  const files = rulesFiles(folder);
  const options = readSettings(readLines(join(folder, "options.txt")));
  if (files === null) return differencesOf({ exit_code: expected.exit_code }, { exit_code: 1 });
  const checked = checkFiles(files, options);
  const isFine = checked.rules !== null && isAcceptable(checked.diagnostics);
  const verdict = differencesOf({ exit_code: expected.exit_code }, { exit_code: isFine ? 0 : 1 });
  // Falco stopped with plain text: nothing is known but that.
  if (expected.results === null) return verdict;
  const results = renderFalcoJson(checked.diagnostics, files).map((result) => ({
    name: result.name,
    successful: result.successful,
    errors: result.errors.map(issueLine).sort(),
    warnings: result.warnings.map(issueLine).sort(),
  }));
  const wanted = expected.results.map(({ name, successful, errors, warnings }) => ({
    name,
    successful,
    errors: errors.map(lineOf).sort(),
    warnings: warnings.map(lineOf).sort(),
  }));
  const found = [...verdict, ...differencesOf(wanted, results, "results")];
  const { describe } = expected;
  if (describe === undefined || describe === null || !isFine) return found;
  return [...found, ...differencesOf(describe, names.shorten(describeRules(checked)), "describe")];
}

function lineOf({ code, item_type, item_name }: Issue): string {
  return [code, "at", item_type, item_name].join(" ");
}

function issueLine({ code, context }: FalcoIssue): string {
  const last = context.locations.at(-1);
  return lineOf({ code, item_type: last?.item_type ?? "", item_name: last?.item_name ?? "" });
}

/** Null when a named file is missing. */
function rulesFiles(folder: string): readonly { name: string; text: string }[] | null {
  const ordered = readLines(join(folder, "files.txt"));
  const found = readdirSync(folder).filter((name) => name.endsWith(".yaml"));
  const names = ordered.length > 0 ? ordered : found.sort();
  if (!names.every((name) => existsSync(join(folder, name)))) return null;
  return names.map((name) => ({ name, text: readFileSync(join(folder, name), "utf8") }));
}
