/** Checks a configuration and the rules that it names, and prints what it comes to. */
import { checkFiles } from "../compile/check.ts";
import { keysOf } from "../config/key.ts";
import { KEYS } from "../config/keys.ts";
import { configAt } from "../config/load.ts";
import { renderText } from "../diagnostics/render-text.ts";
import { AgentError, type AgentIo, EXIT } from "./io.ts";
import { Notices } from "./notices.ts";
import { ruleChanges } from "./rule-changes.ts";
import { readSettings, type Settings, type SettingsOptions } from "./settings.ts";

export interface ConfigOptions extends SettingsOptions {
  /** Print keys that have their default as well. */
  readonly all: boolean;
  readonly json: boolean;
}

/** Prints the configuration. Returns the exit code. Throws AgentError when it cannot be used. */
export function config(options: ConfigOptions, io: AgentIo): number {
  const settings = readSettings(options, io, new Notices(io.err));
  const { rules } = settings;
  const checked = checkFiles(rules, ruleChanges(settings.config));
  if (checked.rules === null) {
    const text = `the rules are in error\n${renderText(checked.diagnostics, rules)}`;
    throw new AgentError(EXIT.usage, text);
  }
  const lines = options.json ? [asJson(settings)] : asText(settings, options.all);
  io.out.write(`${lines.join("\n")}\n`);
  return EXIT.fine;
}

function asJson({ config: effective, loaded, rules }: Settings): string {
  const { files, given, idle } = loaded;
  const names = rules.map((file) => file.name);
  const printed = { files, rules_files: names, given, config: effective, no_effect: idle };
  // What plugins are given may be anything, and is only passed on: shown as it was written.
  return JSON.stringify({ ...printed, config: { ...effective, plugins: given["plugins"] ?? [] } });
}

function asText({ config: effective, loaded, rules }: Settings, all: boolean): readonly string[] {
  const rows = keysOf(KEYS).flatMap(({ path }) => {
    const origin = loaded.origins.get(path);
    if (origin === undefined && !all) return [];
    const value = path === "plugins" ? loaded.given[path] : configAt(effective, path);
    return [[path, JSON.stringify(value ?? []), origin ?? "default"] as const];
  });
  const width = (at: 0 | 1): number => Math.min(48, Math.max(...rows.map((row) => row[at].length)));
  const [keys, values] = [width(0), width(1)];
  return [
    ...rows.map(
      ([key, value, origin]) => `${key.padEnd(keys)}  ${value.padEnd(values)}  ${origin}`,
    ),
    ...rules.map((file) => `rules: ${file.name}`),
  ];
}
