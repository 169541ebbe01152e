/** What the user asks for: the configuration, and the rule files that it or the command names. */
import type { Config } from "../config/keys.ts";
import { type LoadedConfig, loadConfig } from "../config/load.ts";
import { ConfigError } from "../config/report.ts";
import { AgentError, type AgentIo, EXIT } from "./io.ts";
import type { Notices } from "./notices.ts";
import { DEFAULT_RULES } from "./paths.ts";
import { isRuleFileName, type RuleFile, readRuleFiles, rulePaths } from "./rule-files.ts";

export interface SettingsOptions {
  /** Rule files and folders; empty: those of the configuration, or Lanner's own. */
  readonly rules: readonly string[];
  readonly configFile?: string;
  /** `key=value`. */
  readonly overrides: readonly string[];
  /** Alerts are to be made: a configuration that shows them nowhere is refused. */
  readonly alerts?: boolean;
}

export interface Settings {
  readonly config: Config;
  readonly loaded: LoadedConfig;
  readonly rules: readonly RuleFile[];
}

/** Warnings go to `notices`, which from then on say as much as the configuration wants. */
export function readSettings(options: SettingsOptions, io: AgentIo, notices: Notices): Settings {
  const loaded = readConfig(options, io);
  const { config, warnings, idle } = loaded;
  notices.limit(config.log_stderr ? config.log_level : "nothing");
  for (const warning of warnings) notices.warn(warning);
  if (idle.length > 0) {
    notices.warn(`no effect in this version (lanner list config): ${idle.join(", ")}`);
  }
  return { config, loaded, rules: readRuleFiles(chooseRules(options, loaded, notices)) };
}

function readConfig(options: SettingsOptions, io: AgentIo): LoadedConfig {
  const { configFile, overrides, alerts = false } = options;
  const { environment } = io;
  const file = configFile === undefined ? {} : { file: configFile };
  try {
    return loadConfig({ ...file, overrides, environment, alerts });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const lines = error.message.includes("\n") ? `the configuration is in error\n` : "";
    throw new AgentError(EXIT.usage, `${lines}${error.message}`, { cause: error });
  }
}

/** Those of the command line win. What the configuration names may be absent, as for Falco. */
function chooseRules(
  { rules }: SettingsOptions,
  { config, given }: LoadedConfig,
  notices: Notices,
): readonly string[] {
  const isGiven = "rules_files" in given || "rules_file" in given;
  if (rules.length === 0 && !isGiven) return [DEFAULT_RULES];
  const isNamed = rules.length > 0;
  const { found, absent } = rulePaths(isNamed ? rules : config.rules_files);
  if (isNamed && absent[0] !== undefined) return rules;
  for (const path of absent) notices.warn(`${path} is left out: there is no such file`);
  const files = found.filter((path) => isRuleFileName(path));
  for (const path of found.filter((each) => !files.includes(each))) {
    notices.warn(`${path} is left out: the name of a rule file ends in .yaml or .yml`);
  }
  if (files.length > 0) return files;
  const where = isNamed ? rules.join(", ") : "rules_files of the configuration";
  throw new AgentError(EXIT.usage, `no rule files in ${where}; name some with -r`);
}
