/** Reference tables for readers, in Markdown. */
import { EVENTS } from "../events.ts";
import { FIELDS } from "../fields.ts";
import type { Field, Param } from "../types.ts";
import type { Accessors } from "./accessors.ts";
import { GENERATED } from "./banner.ts";

/** `docs/generated/fields.md`. */
export function fieldsPage(accessors: Accessors): string {
  const shown = FIELDS.filter((field) => !field.flags.includes("hidden"));
  const classes = [...new Set(shown.map((field) => field.class))];
  const sections = classes.map((name) => {
    const rows = shown.filter((field) => field.class === name).map((f) => fieldRow(f, accessors));
    return `## ${name}

| field | type | value holds for | notes | meaning |
|---|---|---|---|---|
${rows.join("\n")}
`;
  });
  return `<!-- ${GENERATED} -->
# Fields

What a rule can ask about an event. \`[…]\` marks a field that takes an argument, \`[…]?\` one that
may. "Not read yet" means that the name is known, but that a rule which uses it is refused.

${sections.join("\n")}`;
}

function fieldRow(field: Field, accessors: Accessors): string {
  const argument = field.argument === null ? "" : field.argument.required ? "[…]" : "[…]?";
  const notes = field.flags.map((flag) => flag.replaceAll("_", " "));
  if (!accessors.has(field.name)) notes.push("not read yet");
  const type = field.list ? `list of ${field.type}` : field.type;
  const name = `\`${field.name}${argument}\``;
  return `| ${name} | ${type} | ${field.lifetime} | ${notes.join(", ")} | ${field.help} |`;
}

/** `docs/generated/events.md`. */
export function eventsPage(): string {
  const rows = EVENTS.map((event) => {
    const direction = event.code % 2 === 0 ? ">" : "<";
    const params = event.params.map(paramText).join(", ");
    const type = `\`${event.name}\``;
    return `| ${String(event.code)} | ${type} | ${direction} | ${event.category} | ${params} |`;
  });
  return `<!-- ${GENERATED} -->
# Events

Every event that Lanner records or reads, with its parameters in order. A system call that is not
here arrives as \`syscall\` with the parameters ID and nativeID, and \`evt.type\` shows its name.
Enter events (\`>\`) of system calls keep state right; rules never see them.

| code | evt.type | dir | category | parameters |
|---|---|---|---|---|
${rows.join("\n")}
`;
}

function paramText(param: Param): string {
  return `${param.name} ${param.type}${param.flags === undefined ? "" : ` (${param.flags})`}`;
}
