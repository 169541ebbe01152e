/** Checks rule files without running them. */
import { type Checked, checkFiles } from "../compile/check.ts";
import { wordsIn } from "../compile/describe-condition.ts";
import { type Diagnostic, isAcceptable, type Problem } from "../diagnostics/diagnostic.ts";
import { nearest } from "../diagnostics/nearest.ts";
import { printable } from "../diagnostics/printable.ts";
import { renderFalcoJson } from "../diagnostics/render-json.ts";
import { renderText } from "../diagnostics/render-text.ts";
import { wantsColor } from "../output/colors.ts";
import { type AgentIo, EXIT } from "./io.ts";
import { gapText, type LiveGap, liveGaps } from "./live-metadata.ts";
import { readRuleFiles } from "./rule-files.ts";

export interface CheckCommandOptions {
  readonly rules: readonly string[];
  readonly json: boolean;
}

/** Prints what is wrong. Returns 0 when the rules can be loaded, else 1. */
export function check(options: CheckCommandOptions, io: AgentIo): number {
  const files = readRuleFiles(options.rules);
  const checked = checkFiles(files);
  const { diagnostics, rules } = checked;
  const acceptable = rules !== null && isAcceptable(diagnostics);
  if (options.json) {
    const results = renderFalcoJson(diagnostics, files);
    io.out.write(`${JSON.stringify({ falco_load_results: results })}\n`);
  } else {
    const text = diagnostics.length > 0 ? `${renderText(diagnostics, files)}\n` : "";
    // Falco has no such warning, so its JSON has none.
    const gaps = liveGaps(checked);
    const printed = [text, ...gaps.map((gap) => `${printable(gapText(gap))}\n`)].join("");
    io.out.write(wantsColor(io.out, io.environment) ? colored(printed) : printed);
    io.out.write(
      hints(checked)
        .map((hint) => `hint: ${printable(hint)}\n`)
        .join(""),
    );
    io.out.write(`${verdict(acceptable ? rules.length : null, diagnostics, gaps)}\n`);
  }
  return acceptable ? EXIT.fine : EXIT.findings;
}

/** `rules` is null when they cannot be loaded. */
function verdict(
  rules: number | null,
  diagnostics: readonly Diagnostic[],
  gaps: readonly LiveGap[],
): string {
  const errors = diagnostics.filter(({ severity }) => severity === "error").length;
  const warnings = diagnostics.length - errors + gaps.length;
  const found = [
    ...(errors === 0 ? [] : [counted(errors, "error")]),
    ...(warnings === 0 ? [] : [counted(warnings, "warning")]),
  ].join(", ");
  if (rules === null) return `The rules cannot be loaded: ${found}.`;
  return `${counted(rules, "rule")} can be loaded${found === "" ? "" : `, ${found}`}.`;
}

function counted(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

const RED = "\u001b[31m";
const YELLOW = "\u001b[33m";
const PLAIN = "\u001b[0m";

/** The word after the place says how bad it is; excerpts of rules begin with a line number. */
function colored(text: string): string {
  return text.replace(/^(\S.*?:\d+:\d+: )(error|warning):/gm, (_, place: string, word: string) => {
    return `${place}${word === "error" ? RED : YELLOW}${word}${PLAIN}:`;
  });
}

/** Shorter values are near to too much. */
const LIST_NAME_MIN = 6;

/** What an item was to change: defined after it, or misspelled. */
function targetHint(
  { kind, name }: Problem & { readonly code: "no-target" },
  { rules, macros, lists }: Checked["definitions"],
): string | null {
  const known = { rule: rules, macro: macros, list: lists }[kind as "rule" | "macro" | "list"];
  const later = known.get(name);
  if (later !== undefined) {
    const { file, line } = later.context.at;
    const order = "files are read in the order given, those of a folder by name";
    return `${kind} '${name}' is defined later, in ${file}:${line + 1}; ${order}`;
  }
  const near = nearest(name, known.keys());
  return near === null ? null : `${kind} '${name}': did you mean '${near}'?`;
}

/** What the messages cannot say, because it is no mistake or is known only at the end. */
function hints({ definitions, diagnostics }: Checked): readonly string[] {
  const found = new Set<string>();
  for (const { problem } of diagnostics) {
    const hint = problem.code === "no-target" ? targetHint(problem, definitions) : null;
    if (hint !== null) found.add(hint);
  }
  const conditions = [...definitions.macros.values(), ...definitions.rules.values()];
  for (const { name, condition } of conditions) {
    const words = wordsIn(condition.text);
    for (const macro of words.macros) {
      if (definitions.macros.has(macro) || !definitions.lists.has(macro)) continue;
      found.add(`'${macro}' in '${name}' is a list, no macro; write: FIELD in (${macro})`);
    }
    for (const value of words.values) {
      const isName =
        /^[a-z][a-z0-9]*(?:_[a-z0-9]+)+$/i.test(value) && value.length >= LIST_NAME_MIN;
      if (!isName || definitions.lists.has(value)) continue;
      const near = nearest(value, definitions.lists.keys());
      if (near === null) continue;
      found.add(`'${value}' in '${name}' is a value, no list; did you mean the list '${near}'?`);
    }
  }
  return [...found];
}
