/** Checks rule files without running them. */
import { checkFiles } from "../compile/check.ts";
import { isAcceptable } from "../diagnostics/diagnostic.ts";
import { renderFalcoJson } from "../diagnostics/render-json.ts";
import { renderText } from "../diagnostics/render-text.ts";
import { type AgentIo, EXIT } from "./io.ts";
import { readRuleFiles } from "./rule-files.ts";

export interface CheckCommandOptions {
  readonly rules: readonly string[];
  readonly json: boolean;
}

/** Prints what is wrong. Returns 0 when the rules can be loaded, else 1. */
export function check(options: CheckCommandOptions, io: AgentIo): number {
  const files = readRuleFiles(options.rules);
  const { diagnostics, rules } = checkFiles(files);
  const acceptable = rules !== null && isAcceptable(diagnostics);
  if (options.json) {
    const results = renderFalcoJson(diagnostics, files);
    io.out.write(`${JSON.stringify({ falco_load_results: results })}\n`);
  } else {
    if (diagnostics.length > 0) io.out.write(`${renderText(diagnostics, files)}\n`);
    io.out.write(`${verdict(acceptable, rules?.length ?? 0, diagnostics.length)}\n`);
  }
  return acceptable ? EXIT.fine : EXIT.findings;
}

function verdict(acceptable: boolean, rules: number, findings: number): string {
  if (!acceptable) return "The rules cannot be loaded.";
  const warnings =
    findings === 0 ? "" : `, ${String(findings)} ${findings === 1 ? "warning" : "warnings"}`;
  const counted = rules === 1 ? "1 rule" : `${String(rules)} rules`;
  return `${counted} can be loaded${warnings}.`;
}
