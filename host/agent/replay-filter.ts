/** A condition of the user as a rule that prints every event it is true for. */
import { printable } from "../diagnostics/printable.ts";
import type { SourceText } from "../diagnostics/render-text.ts";
import { type Alert, message } from "../output/alert.ts";

/** What sysdig prints of an event. */
const LINE = "%evt.num %evt.time %evt.cpu %proc.name (%thread.tid) %evt.dir %evt.type %evt.args";

/** What stands left of each line of the condition. */
const INDENT = "    ";

/**
 * A rule file of one rule. The condition stands in a block of its own, as it was written, so that
 * the place of a mistake is its place in the condition.
 */
export function filterRules(condition: string): SourceText {
  const head = [
    "- rule: filter",
    "  desc: events to print",
    "  priority: DEBUG",
    `  output: "${LINE}"`,
    "  condition: |2-",
  ];
  const lines = condition.trimEnd().split(/\r\n|\r|\n/);
  const text = [...head, ...lines.map((line) => `${INDENT}${line}`), ""].join("\n");
  return { name: "--filter", text, frame: { lines: head.length, columns: INDENT.length } };
}

/** The line of an event, without the final newline. */
export function eventLine(alert: Alert): string {
  return printable(message(alert)).trimEnd();
}
