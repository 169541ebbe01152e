/** What the commands that evaluate rules have in common on the command line. */
import type { Command } from "commander";
import type { RuleOptions } from "../agent/prepare.ts";
import { collect } from "./options.ts";

export interface RuleFlags {
  readonly rules?: readonly string[];
  readonly option?: readonly string[];
  readonly config?: string;
  readonly profile?: string;
  readonly statsJson?: string;
}

/** The configuration, and the rules that stand in for those that it names. */
export function withSettings(command: Command): Command {
  return command
    .option("-r, --rules <path>", "rule file or folder; may be repeated", collect)
    .option("-o, --option <key=value>", "set a configuration key; may be repeated", collect)
    .option("-c, --config <file>", "configuration file, in the format of falco.yaml");
}

export function withRules(command: Command): Command {
  return withSettings(command)
    .option("--profile <file>", "order conditions by this profile (lanner bench --write-profile)")
    .option(
      "--stats-json <file>",
      "write counts of events, alerts and losses to a file at the end",
    );
}

export function ruleOptions(flags: RuleFlags): RuleOptions {
  return {
    rules: flags.rules ?? [],
    overrides: flags.option ?? [],
    ...(flags.config === undefined ? {} : { configFile: flags.config }),
    ...(flags.profile === undefined ? {} : { profile: flags.profile }),
    ...(flags.statsJson === undefined ? {} : { statisticsFile: flags.statsJson }),
  };
}
