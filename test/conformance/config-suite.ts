/** Configurations: whether they are taken, and what each key comes to. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigError, loadConfig } from "../../host/config/load.ts";
import { differencesOf } from "./compare.ts";
import { caseNames, readJson, readLines } from "./files.ts";
import { type Outcome, outcomeOf, type Suite } from "./outcome.ts";

interface Expected {
  readonly exit_code: number;
  readonly effective_config: Readonly<Record<string, unknown>> | null;
  readonly rules_files: readonly string[] | null;
}

async function* run(options: { folder: string; only: string }): AsyncGenerator<Outcome> {
  const base = join(options.folder, "loader/config");
  for (const name of caseNames(base)) {
    if (name.includes(options.only)) yield outcomeOf(name, await compare(join(base, name)));
  }
}

export const config: Suite = { name: "config", run };

async function compare(folder: string): Promise<string[]> {
  const expected = readJson(join(folder, "expected.json")) as Expected;
  const path = join(folder, "falco.yaml");
  const file = existsSync(path) ? { path, text: readFileSync(path, "utf8") } : undefined;
  const wasFine = expected.exit_code === 0;
  try {
    const loaded = await loadConfig(file, overridesOf(readLines(join(folder, "args.txt"))));
    if (!wasFine) return ["is refused by Falco, but was taken"];
    return differencesOfSubset(expected.effective_config ?? {}, loaded.config, "");
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return wasFine ? [`is taken by Falco, but: ${error.message.replaceAll(folder, ".")}`] : [];
  }
}

/** Values of `-o` among arguments that stand one a line. */
function overridesOf(args: readonly string[]): readonly string[] {
  return args.flatMap((arg, i) => (args[i - 1] === "-o" ? [arg] : []));
}

/** Where Falco stands on a key; in its answers every scalar is text. */
function differencesOfSubset(wanted: unknown, got: unknown, path: string): string[] {
  if (isMap(wanted)) {
    return Object.entries(wanted).flatMap(([key, value]) => {
      const inner = isMap(got) ? got[key] : undefined;
      return isIgnored(path, key) ? [] : differencesOfSubset(value, inner, join(path, key));
    });
  }
  if (Array.isArray(wanted)) {
    if (!Array.isArray(got) || got.length !== wanted.length) {
      return differencesOf(wanted, got, path);
    }
    return wanted.flatMap((item, i) => differencesOfSubset(item, got[i], `${path}[${String(i)}]`));
  }
  return differencesOf(wanted, isPlain(got) ? String(got) : got, path);
}

/** Where the rules come from is no key of the merged configuration. */
function isIgnored(path: string, key: string): boolean {
  return path === "" && key === "config_files";
}

function isPlain(value: unknown): value is string | number | boolean {
  return ["string", "number", "boolean"].includes(typeof value);
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
