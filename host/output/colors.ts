import type { Priority } from "../schema/manifest.ts";

/**
 * Select Graphic Rendition codes: red for what needs somebody now, yellow for what needs a look.
 */
const CODES: Readonly<Record<Priority, string>> = {
  Emergency: "1;97;41",
  Alert: "1;31",
  Critical: "1;31",
  Error: "31",
  Warning: "33",
  Notice: "36",
  Informational: "32",
  Debug: "2",
};

/** Colors the priority where it first stands in a text alert. For terminals only. */
export function colorPriority(line: string, priority: Priority): string {
  const at = line.indexOf(`: ${priority} `);
  if (at < 0) return line;
  const start = at + 2;
  const end = start + priority.length;
  return `${line.slice(0, start)}\u001b[${CODES[priority]}m${priority}\u001b[0m${line.slice(end)}`;
}

/** Whether to color what goes to `stream`: a terminal, and nobody said no (no-color.org). */
export function wantsColor(
  stream: { readonly isTTY?: boolean },
  environment: Readonly<Record<string, string | undefined>>,
): boolean {
  const refused = (environment["NO_COLOR"] ?? "") !== "" || environment["TERM"] === "dumb";
  return stream.isTTY === true && !refused;
}
