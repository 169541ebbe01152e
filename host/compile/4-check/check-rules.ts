/** Every rule checked on its own: predicate, event types, output. */
import type { Problem } from "../../diagnostics/diagnostic.ts";
import { nearest } from "../../diagnostics/nearest.ts";
import type { Expression } from "../../diagnostics/position.ts";
import { FIELDS } from "../../schema/fields.ts";
import type { Context, Sink } from "../1-load/sink.ts";
import { parseOperand } from "../2-parse/parse-condition.ts";
import type { Definitions, RuleDefinition } from "../3-resolve/definitions.ts";
import type { FieldLookup } from "../3-resolve/exceptions.ts";
import { withExceptions } from "../3-resolve/exceptions.ts";
import type { Resolution } from "../3-resolve/resolve.ts";
import { inOrder } from "../3-resolve/substitute-lists.ts";
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

/** Whether an exception can name a field, or a transformer of one. */
export const EXCEPTION_FIELDS: FieldLookup = {
  has: (field) => {
    const operand = parseOperand(field);
    return operand !== null && findSource(operand).source !== null;
  },
  near: (field) => nearest(field, fieldNames()),
};

interface Checking {
  readonly settings: OutputSettings;
  readonly sink: Sink;
}

/** Resolves and checks rule by rule. Stops at the first error, as Falco does; null then. */
export function checkRules(
  definitions: Definitions,
  resolution: Resolution,
  checking: Checking,
): CheckedRule[] | null {
  const checked: CheckedRule[] = [];
  for (const definition of inOrder(definitions.rules)) {
    if (definition.isOfUnknownSource) continue;
    const result = checkRule(definition, resolution, checking);
    if (checking.sink.failed) return null;
    if (result !== null) checked.push(result);
  }
  return checked;
}

/** The output before the condition: of two errors that of the output is told. */
function checkRule(
  definition: RuleDefinition,
  resolution: Resolution,
  { settings, sink }: Checking,
): CheckedRule | null {
  const source = withExceptions(definition, sink);
  const output = source && checkOutput(definition, settings, sink);
  const condition = source && output && resolution.rule(definition, source)?.condition;
  if (output === null || condition === null || condition === undefined) return null;
  const findings: Finding[] = [];
  const predicate = checkCondition(decideStatics(condition, settings.statics), findings);
  if (!report(findings, definition, sink) || predicate === null) return null;
  const types = inferTypes(predicate);
  if (types.size > TYPES_MAX && definition.warnEvttypes) {
    sink.warn(definition.context, { code: "many-event-types", types: types.size });
  }
  return { definition, predicate, types, output };
}

/** What Falco finds in the text of a condition, also when the condition cannot be compiled. */
const FOUND_IN_TEXT: readonly Problem["code"][] = ["unsafe-na", "deprecated-field"];

/** Says what each use of a macro found once. False when the rule is left out, or in error. */
function report(findings: readonly Finding[], definition: RuleDefinition, sink: Sink): boolean {
  const failure = findings.find(({ severity }) => severity === "error");
  for (const finding of new Set(findings)) {
    if (finding.severity === "error") continue;
    const isToldAnyway = FOUND_IN_TEXT.includes(finding.problem.code);
    if (failure !== undefined && !isToldAnyway) continue;
    const { context, expression } = placeOf(finding, definition);
    sink.warn(context, finding.problem, expression);
  }
  if (failure === undefined) return true;
  const { problem } = failure;
  const { context, expression } = placeOf(failure, definition);
  if (definition.skipIfUnknownFilter && isUnknown(problem)) {
    sink.warn(context, { code: "skipped", reason: problem }, expression);
  } else {
    sink.error(context, problem, expression);
  }
  return false;
}

function placeOf(
  { text, offset }: Finding,
  { conditionContext }: RuleDefinition,
): { context: Context; expression: Expression } {
  const at = text.position(offset) ?? conditionContext.at;
  return {
    context: { chain: conditionContext.chain, at },
    expression: { text: text.text, offset },
  };
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
    return definition.skipIfUnknownFilter && parsed.isUnknown === true
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
