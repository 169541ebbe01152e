/**
 * What a set of rules files says, in the shape of `falco -L`: each rule, macro and list as written
 * (`info`) and as understood (`details`). The names of the keys are Falco's.
 */
import { FIELDS } from "../schema/fields.ts";
import type { RuleDefinition } from "./3-resolve/definitions.ts";
import type { Resolved, ResolvedMacro, ResolvedRule } from "./3-resolve/resolve.ts";
import type { CheckedRule } from "./4-check/check-rules.ts";
import type { Checked } from "./check.ts";
import type { ConditionDetails, Mentions } from "./describe-condition.ts";
import {
  describeCondition,
  eventNamesOf,
  inByteOrder,
  mentionsIn,
  sorted,
} from "./describe-condition.ts";

export interface RuleDescription {
  readonly info: {
    readonly name: string;
    readonly condition: string;
    readonly priority: string;
    readonly output: string;
    readonly description: string;
    readonly enabled: boolean;
    readonly source: string;
    readonly capture: boolean;
    /** Milliseconds. */
    readonly capture_duration: number;
    readonly tags: readonly string[];
  };
  readonly details: ConditionDetails &
    Mentions & {
      readonly output_fields: readonly string[];
      /** Only where the configuration adds some. */
      readonly extra_output_formatted_fields?: Readonly<Record<string, string>>;
      readonly exception_names: readonly string[];
      readonly exception_fields: readonly string[];
      readonly exception_operators: readonly string[];
      readonly output_compiled: string;
      readonly plugins: readonly string[];
    };
}

export interface MacroDescription {
  readonly info: { readonly name: string; readonly condition: string };
  readonly details: ConditionDetails &
    Mentions & { readonly used: boolean; readonly plugins: readonly string[] };
}

export interface ListDescription {
  readonly info: { readonly name: string; readonly items: readonly string[] };
  readonly details: {
    readonly used: boolean;
    readonly lists: readonly string[];
    readonly items_compiled: readonly string[];
    readonly plugins: readonly string[];
  };
}

export interface PluginVersion {
  readonly name: string;
  readonly version: string;
}

export interface Description {
  readonly required_engine_version: string;
  readonly required_plugin_versions: readonly (PluginVersion & {
    readonly alternatives: readonly PluginVersion[];
  })[];
  readonly rules: readonly RuleDescription[];
  readonly macros: readonly MacroDescription[];
  readonly lists: readonly ListDescription[];
}

/** Null when the rules did not pass the check. Everything is in the order of first definition. */
export function describeRules(checked: Checked): Description | null {
  const { definitions, resolved, rules } = checked;
  if (rules === null) return null;
  const sources = new Map(resolved?.rules.map((rule) => [rule.definition.name, rule]));
  return {
    required_engine_version: definitions.engineVersion.join("."),
    required_plugin_versions: definitions.pluginVersions.map(({ first, alternatives }) => ({
      ...first,
      alternatives,
    })),
    rules: rules.flatMap((rule) => {
      const source = sources.get(rule.definition.name);
      return source === undefined ? [] : [describeRule(rule, source, checked)];
    }),
    macros: resolved?.macros.map((macro) => describeMacro(macro, checked)) ?? [],
    lists: resolved?.lists.map((list) => describeList(list, checked)) ?? [],
  };
}

function describeRule(
  rule: CheckedRule,
  { condition, definition }: ResolvedRule,
  { definitions }: Checked,
): RuleDescription {
  const details = describeCondition(condition);
  const outputFields = inByteOrder(rule.output.tokens);
  const hasFormatted = Object.keys(rule.output.formatted).length > 0;
  return {
    info: ruleInfo(rule.definition),
    details: {
      ...mentionsIn(definition.condition.text, definitions.lists),
      ...details,
      // As they were inferred with the fields that the configuration defines.
      events: eventNamesOf(rule.types),
      output_fields: outputFields,
      ...(hasFormatted ? { extra_output_formatted_fields: rule.output.formatted } : {}),
      ...exceptionDetails(rule.definition),
      output_compiled: rule.output.text,
      plugins: pluginsOf([...details.condition_fields, ...rule.output.fields]),
    },
  };
}

function ruleInfo(rule: RuleDefinition): RuleDescription["info"] {
  return {
    name: rule.name,
    condition: rule.condition.text,
    priority: rule.priority,
    output: rule.output.text,
    description: rule.desc,
    enabled: rule.enabled,
    source: rule.source,
    capture: rule.capture,
    capture_duration: rule.captureDuration,
    tags: rule.tags,
  };
}

type ExceptionDetails = Pick<
  RuleDescription["details"],
  "exception_names" | "exception_fields" | "exception_operators"
>;

function exceptionDetails({ exceptions }: RuleDefinition): ExceptionDetails {
  const parts = exceptions.flatMap((exception) => exception.parts);
  const used = exceptions.filter((exception) => exception.values.length > 0);
  return {
    exception_names: sorted(exceptions.map((exception) => exception.name)),
    exception_fields: sorted(used.flatMap((one) => one.parts.map((part) => part.field))),
    exception_operators: sorted(parts.map((part) => part.comparison)),
  };
}

function describeMacro(
  { definition, condition }: ResolvedMacro,
  { definitions, resolved }: Checked,
): MacroDescription {
  const details = describeCondition(condition);
  return {
    info: { name: definition.name, condition: definition.condition.text },
    details: {
      used: resolved?.usedMacros.has(definition.name) ?? false,
      ...mentionsIn(definition.condition.text, definitions.lists),
      ...details,
      plugins: pluginsOf(details.condition_fields),
    },
  };
}

/** Names of other lists are not among the items as written: they are in `details.lists`. */
function describeList(
  list: Resolved["lists"][number],
  { definitions, resolved }: Checked,
): ListDescription {
  const own = definitions.lists.get(list.name);
  const written = own?.items ?? [];
  const isList = (item: string): boolean => {
    const inner = definitions.lists.get(item);
    return own !== undefined && inner !== undefined && inner.index < own.visibility;
  };
  return {
    info: { name: list.name, items: written.filter((item) => !isList(item)) },
    details: {
      used: resolved?.usedLists.has(list.name) ?? false,
      lists: sorted(written.filter(isList)),
      items_compiled: list.items,
      plugins: [],
    },
  };
}

const CONTAINER_CLASSES: readonly string[] = ["container", "k8s"];
const CONTAINER_FIELDS: ReadonlySet<string> = new Set(
  FIELDS.filter((field) => CONTAINER_CLASSES.includes(field.class)).map((field) => field.name),
);

/** The plugins that Falco would need; here their fields are built in. */
function pluginsOf(fields: readonly string[]): readonly string[] {
  const needs = fields.some((field) => CONTAINER_FIELDS.has(field.replace(/\[.*$/s, "")));
  return needs ? ["container"] : [];
}
