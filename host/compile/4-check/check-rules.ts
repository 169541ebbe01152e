/** Every rule checked on its own: predicate, event types, output. */
import type { Problem } from "../../diagnostics/diagnostic.ts";
import { nearest } from "../../diagnostics/nearest.ts";
import { FIELDS } from "../../schema/fields.ts";
import type { Context, Sink } from "../1-load/sink.ts";
import { parseOperand } from "../2-parse/parse-condition.ts";
import type { RuleDefinition } from "../3-resolve/definitions.ts";
import type { Resolved, ResolvedRule } from "../3-resolve/resolve.ts";
import type { Finding } from "./check-condition.ts";
import { checkCondition } from "./check-condition.ts";
import type { ParsedOutput } from "./check-output.ts";
import type { TypeSet } from "./event-types.ts";
import { inferTypes } from "./event-types.ts";
import type { OutputAddition } from "./extend-output.ts";
import { parseExtended } from "./extend-output.ts";
import { fieldNames } from "./field-table.ts";
import type { Predicate } from "./predicate.ts";
import type { StaticFields } from "./static-fields.ts";
import { decideStatics } from "./static-fields.ts";
import { findSource } from "./transformers.ts";

export interface CheckedRule {
  readonly definition: RuleDefinition;
  readonly predicate: Predicate;
  /** As inferred; without the async event that every rule gets in addition. */
  readonly types: TypeSet;
  readonly output: ParsedOutput;
}

const DEPRECATED_IN_OUTPUTS = FIELDS.filter(
  (field) => field.flags.includes("deprecated") && field.class === "evt",
).map((field) => field.name);

/** More types than this are a warning. */
const TYPES_MAX = 100;

/** What the configuration says that is not in the files. */
export interface OutputSettings {
  readonly addition: (rule: RuleDefinition) => OutputAddition;
  readonly statics: StaticFields;
}

/** Stops at the first error, as Falco does; null then. */
export function checkRules(
  resolved: Resolved,
  settings: OutputSettings,
  sink: Sink,
): CheckedRule[] | null {
  const checked: CheckedRule[] = [];
  for (const rule of resolved.rules) {
    const result = checkRule(rule, settings, sink);
    if (sink.failed) return null;
    if (result !== null) checked.push(result);
  }
  return checked;
}

function checkRule(rule: ResolvedRule, settings: OutputSettings, sink: Sink): CheckedRule | null {
  const { definition, condition } = rule;
  if (!exceptionFieldsExist(definition, sink)) return null;
  const findings: Finding[] = [];
  const predicate = checkCondition(decideStatics(condition, settings.statics), findings);
  if (!report(findings, definition, sink) || predicate === null) return null;
  const types = inferTypes(predicate);
  if (types.size > TYPES_MAX && definition.warnEvttypes) {
    sink.warn(definition.context, { code: "many-event-types", types: types.size });
  }
  const output = checkOutput(definition, settings, sink);
  return output && { definition, predicate, types, output };
}

function exceptionFieldsExist(definition: RuleDefinition, sink: Sink): boolean {
  for (const { name, parts, context } of definition.exceptions) {
    for (const { field } of parts) {
      const operand = parseOperand(field);
      if (operand !== null && findSource(operand).source !== null) continue;
      sink.error(context, {
        code: "exception-field",
        name,
        field,
        near: nearest(field, fieldNames()),
      });
      return false;
    }
  }
  return true;
}

/** Says what each use of a macro found once. False when the rule is left out, or in error. */
function report(findings: readonly Finding[], definition: RuleDefinition, sink: Sink): boolean {
  for (const { severity, problem, text, offset } of new Set(findings)) {
    const at = text.position(offset) ?? definition.conditionContext.at;
    const context: Context = { chain: definition.conditionContext.chain, at };
    const expression = { text: text.text, offset };
    if (severity === "warning") sink.warn(context, problem, expression);
    else if (definition.skipIfUnknownFilter && isUnknown(problem)) {
      sink.warn(context, { code: "skipped", reason: problem }, expression);
      return false;
    } else {
      sink.error(context, problem, expression);
      return false;
    }
  }
  return true;
}

function isUnknown(problem: Problem): boolean {
  return ["unknown-field", "unknown-event-type", "unknown-event-argument"].includes(problem.code);
}

function checkOutput(
  definition: RuleDefinition,
  { addition, statics }: OutputSettings,
  sink: Sink,
): ParsedOutput | null {
  const context = definition.outputContext;
  const parsed = parseExtended(definition.output.text, addition(definition), statics);
  if (parsed.problem !== null) {
    const { problem: reason } = parsed;
    const at = definition.output.position(parsed.offset) ?? context.at;
    const place: Context = { chain: context.chain, at };
    return definition.skipIfUnknownFilter
      ? sink.warn(place, { code: "output-skipped", reason })
      : sink.error(place, { code: "output", reason });
  }
  for (const field of DEPRECATED_IN_OUTPUTS) {
    if (definition.output.text.includes(`%${field}`))
      sink.warn(context, { code: "deprecated-field", field });
  }
  if (parsed.hadContainerInfo) sink.warn(definition.context, { code: "container-info" });
  return parsed;
}
