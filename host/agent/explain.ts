/** Says how a rule will be evaluated. */
import { makePlan } from "../compile/5-plan/plan.ts";
import { checkFiles } from "../compile/check.ts";
import {
  explainRule,
  type PredicateExplanation,
  type RuleExplanation,
} from "../compile/explain.ts";
import { nearest } from "../diagnostics/nearest.ts";
import { printable } from "../diagnostics/printable.ts";
import { renderText } from "../diagnostics/render-text.ts";
import { AgentError, type AgentIo, EXIT } from "./io.ts";
import { DEFAULT_RULES } from "./paths.ts";
import { parseProfile } from "./profile-file.ts";
import { readProfileFile, readRuleFiles } from "./rule-files.ts";

export interface ExplainOptions {
  readonly rule: string;
  /** Rule files and folders; empty: Lanner's own. */
  readonly rules: readonly string[];
  /** A profile that decides the order of evaluation. */
  readonly profile?: string;
  readonly json: boolean;
}

/** Prints the explanation. Returns the exit code. Throws AgentError. */
export function explain(options: ExplainOptions, io: AgentIo): number {
  const files = readRuleFiles(options.rules.length > 0 ? options.rules : [DEFAULT_RULES]);
  const profile =
    options.profile === undefined ? null : parseProfile(readProfileFile(options.profile));
  const { rules, resolved, diagnostics } = checkFiles(files);
  if (rules === null || resolved === null) {
    const text = `the rules are in error\n${renderText(diagnostics, files)}`;
    throw new AgentError(EXIT.usage, text);
  }
  const names = resolved.rules.map(({ definition }) => definition.name);
  const name = names.find((one) => one.toLowerCase() === options.rule.toLowerCase());
  const rule = resolved.rules.find(({ definition }) => definition.name === name);
  if (rule === undefined) throw new AgentError(EXIT.usage, unknownRule(options.rule, names));
  const explanation = explainRule(makePlan(rules, profile), rule);
  if (explanation === null) {
    throw new AgentError(EXIT.usage, `rule '${rule.definition.name}' is disabled: nothing is done`);
  }
  const text = options.json
    ? JSON.stringify(explanation, null, 2)
    : asText(explanation).split("\n").map(printable).join("\n");
  io.out.write(`${text}\n`);
  return EXIT.fine;
}

/** Words for a rule that there is not, with the nearest that there is. */
export function unknownRule(name: string, names: Iterable<string>): string {
  const near = nearest(name, names);
  return `there is no rule '${name}'${near === null ? "" : `; did you mean '${near}'?`}`;
}

const NAMES_SHOWN_MAX = 24;
const VALUES_SHOWN_MAX = 6;
const SHARERS_SHOWN_MAX = 3;

function asText(explanation: RuleExplanation): string {
  const { rule, condition, eventTypes, syscalls, predicates, cost, order, slow } = explanation;
  const { profile } = explanation;
  return [
    rule,
    "",
    "Condition",
    `  ${condition}`,
    "",
    `Event types (${eventTypes.length})`,
    `  ${shortened(eventTypes, NAMES_SHOWN_MAX)}`,
    "",
    `System calls captured for it (${syscalls.length})`,
    `  ${shortened(syscalls, NAMES_SHOWN_MAX)}`,
    "",
    `Asked of such an event (${predicates.length}; the event type is known by then)`,
    ...predicates.flatMap(predicateLines),
    "",
    profile === null ? "Order of evaluation" : `Order of evaluation, by the profile of ${profile}`,
    ...order.flatMap(orderLines),
    "",
    `Cost: about ${inNs(cost.first)} for one event, ${inNs(cost.repeated)} when earlier answers still hold`,
    ...slow.map((reason) => `  ${reason}`),
  ].join("\n");
}

function predicateLines(predicate: PredicateExplanation): readonly string[] {
  const { field, operator, values, lifetime, answered, remembered, sharedWith, cost } = predicate;
  const list = shortened(values, VALUES_SHOWN_MAX);
  const right = operator === "in" || values.length > 1 ? ` (${list})` : ` ${list}`;
  const kept = remembered === null ? "not kept" : `kept per ${remembered}`;
  const facts = [`lifetime ${lifetime}`, answered, kept, inNs(cost), ...profiled(predicate)];
  const shared = `shared with ${shortened(sharedWith, SHARERS_SHOWN_MAX)}`;
  return [
    `  ${field} ${operator}${values.length === 0 ? "" : right}`,
    `      ${[...facts, ...(sharedWith.length === 0 ? [] : [shared])].join("; ")}`,
  ];
}

function profiled({ profile }: PredicateExplanation): readonly string[] {
  if (profile === undefined) return [];
  const { events, true: holds, ns } = profile;
  const share = events === 0 ? "no such event" : `holds for ${holds} of ${events} events`;
  return [`profile: ${share}${ns === null ? "" : `, ${ns} ns`}`];
}

function orderLines({ eventTypes, asks }: RuleExplanation["order"][number]): readonly string[] {
  return [`  ${shortened(eventTypes, NAMES_SHOWN_MAX)}:`, `      ${asks}`];
}

/** Measured costs have decimals. */
function inNs(cost: number): string {
  return `${Math.round(cost * 10) / 10} ns`;
}

function shortened(names: readonly string[], max: number): string {
  const more = names.length - max;
  const shown = names.slice(0, max).join(", ");
  if (more > 0) return `${shown} and ${more} more`;
  return names.length === 0 ? "none" : shown;
}
