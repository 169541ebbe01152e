/** Rules that the configuration switches on or off, in the order of its entries. */
import type { CheckedRule } from "./check-rules.ts";

export interface RuleSelection {
  readonly action: "enable" | "disable";
  /** The rule's whole name, in which `*` stands for any characters. */
  readonly rule?: string;
  readonly tag?: string;
}

/**
 * As Falco does: a rule that is switched on is put behind all that are on already, also when it was
 * switched off before. Rules that are off come last.
 */
export function selectRules(
  rules: readonly CheckedRule[],
  selections: readonly RuleSelection[],
): CheckedRule[] {
  const isOn = (rule: CheckedRule): boolean => rule.definition.enabled;
  if (selections.length === 0) return [...rules];
  let active = rules.filter(isOn);
  for (const selection of selections) {
    const chosen = rules.filter((rule) => fits(rule, selection));
    active =
      selection.action === "disable"
        ? active.filter((rule) => !chosen.includes(rule))
        : [...active, ...chosen.filter((rule) => !active.includes(rule))];
  }
  return [
    ...active.map((rule) => switched(rule, true)),
    ...rules.filter((rule) => !active.includes(rule)).map((rule) => switched(rule, false)),
  ];
}

function switched(rule: CheckedRule, enabled: boolean): CheckedRule {
  return { ...rule, definition: { ...rule.definition, enabled } };
}

function fits({ definition }: CheckedRule, { rule, tag }: RuleSelection): boolean {
  if (tag !== undefined && !definition.tags.includes(tag)) return false;
  return rule === undefined ? tag !== undefined : isLike(definition.name, rule);
}

/** In linear time: each part between two stars at its first place behind the one before. */
function isLike(name: string, pattern: string): boolean {
  const [head = "", ...parts] = pattern.split("*");
  const tail = parts.pop();
  if (tail === undefined) return name === pattern;
  if (!name.startsWith(head)) return false;
  let at = head.length;
  for (const part of parts) {
    const found = name.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return name.length - tail.length >= at && name.endsWith(tail);
}
