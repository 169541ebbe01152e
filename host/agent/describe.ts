/** Prints what rules files say, as `falco -L` and `falco -l RULE` do in JSON. */
import { checkFiles } from "../compile/check.ts";
import { describeRules } from "../compile/describe.ts";
import { renderText } from "../diagnostics/render-text.ts";
import { unknownRule } from "./explain.ts";
import { AgentError, type AgentIo, EXIT } from "./io.ts";
import { DEFAULT_RULES } from "./paths.ts";
import { readRuleFiles } from "./rule-files.ts";

export interface DescribeOptions {
  /** Rule files and folders; empty: Lanner's own. */
  readonly rules: readonly string[];
  /** This rule only. */
  readonly rule?: string;
}

/** Returns the exit code. Throws AgentError when the rules are in error or the rule is unknown. */
export function describe(options: DescribeOptions, io: AgentIo): number {
  const files = readRuleFiles(options.rules.length > 0 ? options.rules : [DEFAULT_RULES]);
  const checked = checkFiles(files);
  const description = describeRules(checked);
  if (description === null) {
    const text = `the rules are in error\n${renderText(checked.diagnostics, files)}`;
    throw new AgentError(EXIT.usage, text);
  }
  const { rule } = options;
  if (rule === undefined) {
    io.out.write(`${JSON.stringify(description, null, 2)}\n`);
    return EXIT.fine;
  }
  const only = description.rules.filter(({ info }) => info.name === rule);
  if (only.length === 0) {
    const names = description.rules.map(({ info }) => info.name);
    throw new AgentError(EXIT.usage, unknownRule(rule, names));
  }
  io.out.write(`${JSON.stringify({ rules: only }, null, 2)}\n`);
  return EXIT.fine;
}
