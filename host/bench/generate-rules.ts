/**
 * Many rules of real shapes. Each is a copy of a rule that somebody wrote, with other names and
 * paths in it: what the rule compares stays, what it compares with is new. Macros that several
 * rules share stay as they are, as they would in a rule set of that size.
 */

import type { Check, Expression, Value } from "../compile/2-parse/ast.ts";
import { printExpression } from "../compile/2-parse/print.ts";
import type { ResolvedRule } from "../compile/3-resolve/resolve.ts";
import { checkFiles, type RulesFile } from "../compile/check.ts";

/** A macro that so many rules use is shared by copies too. */
const SHARED_BY = 3;
const NAME_LENGTH_MIN = 3;
/** Fields whose values are words of a fixed set. */
const FIXED = /^(evt\.|fd\.(type|typechar|l4proto|[a-z]*proto|[scr]?ip|net)|container\.(id|type))/;

export interface Shapes {
  readonly rules: readonly ResolvedRule[];
  readonly shared: ReadonlySet<string>;
}

/** The rules whose copies the compiler accepts. Throws RangeError when there are none. */
export function shapesOf(files: readonly RulesFile[]): Shapes {
  const { resolved, rules } = checkFiles(files);
  if (resolved === null || rules === null) throw new RangeError("the rules are in error");
  const enabled = new Set(
    rules.filter(({ definition }) => definition.enabled).map(({ definition }) => definition.name),
  );
  const candidates = resolved.rules.filter(({ definition }) => enabled.has(definition.name));
  const shared = sharedMacros(candidates);
  const accepted = candidates.filter((rule) => {
    const text = ruleText(rule.definition.name, copyOf(rule, 1, shared), rule);
    return checkFiles([{ name: "shape", text }]).rules !== null;
  });
  if (accepted.length === 0) throw new RangeError("no rule can be copied");
  return { rules: accepted, shared };
}

/** `count` rules as a file; the first of each shape are the rules themselves. */
export function generateRules({ rules, shared }: Shapes, count: number, from = 0): RulesFile {
  const texts = Array.from({ length: count }, (_, i) => {
    const rule = rules[(from + i) % rules.length];
    if (rule === undefined) return "";
    const copy = Math.floor((from + i) / rules.length);
    const name = copy === 0 ? rule.definition.name : `${rule.definition.name} ${String(copy)}`;
    return ruleText(name, copyOf(rule, copy, shared), rule);
  });
  return { name: `${String(count)} generated rules`, text: texts.join("") };
}

/** The same for events of other types: the shapes' questions about processes and containers. */
export function generateUnrelated(
  { rules }: Shapes,
  count: number,
  types: readonly string[],
): RulesFile {
  const askers = rules
    .map((rule) => ({ rule, checks: processChecks(rule.condition.expression) }))
    .filter(({ checks }) => checks.length > 0);
  const texts = Array.from({ length: count }, (_, i) => {
    const shape = askers[i % askers.length];
    if (shape === undefined) return "";
    const copy = Math.floor(i / askers.length) + 1;
    const asked = shape.checks.map((check) => printExpression(varied(check, copy)));
    const type = types[i % types.length] ?? "";
    const condition = `evt.type = ${type} and (${asked.join(" or ")})`;
    return ruleText(`${shape.rule.definition.name} of ${type} ${String(i)}`, condition, shape.rule);
  });
  return { name: `${String(count)} unrelated rules`, text: texts.join("") };
}

function ruleText(name: string, condition: string, { definition }: ResolvedRule): string {
  const item = {
    rule: name,
    desc: definition.desc,
    condition,
    output: definition.output.text,
    priority: definition.priority,
    source: definition.source,
  };
  // JSON is YAML.
  return `- ${JSON.stringify(item)}\n`;
}

function sharedMacros(rules: readonly ResolvedRule[]): ReadonlySet<string> {
  const users = new Map<string, number>();
  for (const { condition } of rules) {
    for (const name of new Set(macrosIn(condition.expression))) {
      users.set(name, (users.get(name) ?? 0) + 1);
    }
  }
  return new Set([...users].filter(([, count]) => count >= SHARED_BY).map(([name]) => name));
}

function macrosIn(expression: Expression): readonly string[] {
  switch (expression.kind) {
    case "and":
    case "or":
      return expression.children.flatMap(macrosIn);
    case "not":
      return macrosIn(expression.child);
    case "macro":
      return [
        expression.name,
        ...(expression.body === null ? [] : macrosIn(expression.body.expression)),
      ];
    case "check":
      return [];
  }
}

function copyOf({ condition }: ResolvedRule, copy: number, shared: ReadonlySet<string>): string {
  const vary = (expression: Expression): Expression => {
    switch (expression.kind) {
      case "and":
      case "or":
        return { ...expression, children: expression.children.map(vary) };
      case "not":
        return { ...expression, child: vary(expression.child) };
      case "macro":
        return expression.body === null || shared.has(expression.name)
          ? expression
          : vary(expression.body.expression);
      case "check":
        return varied(expression, copy);
    }
  };
  return printExpression(copy === 0 ? condition.expression : vary(condition.expression));
}

function varied(check: Check, copy: number): Check {
  const { left, right } = check;
  const isFree = left.kind === "field" && !FIXED.test(left.name);
  if (right === null || !(right.kind === "value" || right.kind === "values")) return check;
  const change = (value: Value): Value =>
    value.text.startsWith("/") || (isFree && isName(value.text))
      ? { ...value, text: value.text + copy.toString(36) }
      : value;
  return right.kind === "value"
    ? { ...check, right: change(right) }
    : { ...check, right: { ...right, items: right.items.map(change) } };
}

function isName(text: string): boolean {
  return text.length >= NAME_LENGTH_MIN && /[a-z]/i.test(text) && !/^(true|false)$/i.test(text);
}

/** Questions about a process or its container that name something. */
function processChecks(expression: Expression): readonly Check[] {
  switch (expression.kind) {
    case "and":
    case "or":
      return expression.children.flatMap(processChecks);
    case "not":
      return [];
    case "macro":
      return expression.body === null ? [] : processChecks(expression.body.expression);
    case "check": {
      const { left, right } = expression;
      const isAsked =
        left.kind === "field" && /^(proc|user|group|container\.image)\b/.test(left.name);
      const hasNames = right?.kind === "value" || right?.kind === "values";
      return isAsked && hasNames && varied(expression, 1) !== expression ? [expression] : [];
    }
  }
}
