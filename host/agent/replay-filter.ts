/** A condition of the user as a rule that prints every event it is true for. */
import { type Alert, message } from "../output/alert.ts";
import { printable } from "../diagnostics/printable.ts";
import type { RuleFile } from "./rule-files.ts";

/** What sysdig prints of an event. */
const LINE = "%evt.num %evt.time %evt.cpu %proc.name (%thread.tid) %evt.dir %evt.type %evt.args";

/**
 * A rule file of one rule. The condition stands in a block of its own, so that the place of a
 * mistake is its place in the condition.
 */
export function filterRules(condition: string): RuleFile {
  const indented = condition.trim().replaceAll("\n", "\n    ");
  const text = [
    "- rule: filter",
    "  desc: events to print",
    "  priority: DEBUG",
    `  output: "${LINE}"`,
    "  condition: |",
    `    ${indented}`,
    "",
  ].join("\n");
  return { name: "--filter", text };
}

/** The line of an event, without the final newline. */
export function eventLine(alert: Alert): string {
  return printable(message(alert)).trimEnd();
}
