/** Configurations: whether they are taken, what they come to, and which rule files they name. */
import { join } from "node:path";
import { cli } from "../support/io.ts";
import { differencesOf } from "./compare.ts";
import { caseNames, readJson, readLines } from "./files.ts";
import { type Outcome, outcomeOf, type Suite, type SuiteOptions } from "./outcome.ts";

interface Expected {
  readonly exit_code: number;
  /** Every scalar is text. */
  readonly effective_config: Readonly<Record<string, unknown>> | null;
  readonly rules_files?: readonly string[] | null;
}

interface Printed {
  readonly given: Readonly<Record<string, unknown>>;
  readonly rules_files: readonly string[];
}

async function* run(options: SuiteOptions): AsyncGenerator<Outcome> {
  const base = join(options.folder, "loader/config");
  for (const name of caseNames(base)) {
    if (name.includes(options.only)) yield outcomeOf(name, await compare(join(base, name)));
  }
}

export const config: Suite = { name: "config", run };

/** The case's paths are relative to its folder. */
async function compare(folder: string): Promise<string[]> {
  const expected = readJson(join(folder, "expected.json")) as Expected;
  const args = readLines(join(folder, "args.txt"));
  const variables = readLines(join(folder, "env.txt")).map((line) => {
    const at = line.indexOf("=");
    return [line.slice(0, at), line.slice(at + 1)] as const;
  });
  const before = process.cwd();
  process.chdir(folder);
  try {
    const command = ["config", "--json", "-c", "falco.yaml", ...args];
    const { code, out, err } = await cli(command, Object.fromEntries(variables));
    const verdict = differencesOf({ failed: expected.exit_code !== 0 }, { failed: code !== 0 });
    if (verdict.length > 0) return [...verdict, err.trim().split("\n").slice(0, 3).join(" ")];
    return code === 0 ? differencesOfPrinted(expected, JSON.parse(out) as Printed) : [];
  } finally {
    process.chdir(before);
  }
}

function differencesOfPrinted(expected: Expected, { given, rules_files }: Printed): string[] {
  return [
    ...differencesOf(expected.effective_config, given, "config"),
    ...differencesOf(expected.rules_files, rules_files, "rules"),
  ];
}
