/** Alerts about the agent itself, of source `internal`, in the forms that Falco gives them. */
import type { Priority } from "../schema/manifest.ts";
import type { AlertFormat } from "./alert.ts";
import { escapeText, toJson } from "./json.ts";
import { clockTime, isoTime } from "./time.ts";

export interface InternalAlert {
  readonly rule: string;
  readonly priority: Priority;
  readonly message: string;
  /** ns since the epoch. */
  readonly time: bigint;
  readonly fields: Readonly<Record<string, string>>;
}

/** The line for it, without the final newline. */
export function formatInternal(alert: InternalAlert, format: AlertFormat): string {
  const { rule, priority, message, time, fields } = alert;
  if (format.json) {
    return toJson({
      hostname: format.hostname,
      output: message,
      output_fields: fields,
      priority,
      rule,
      source: "internal",
      time: isoTime(time, "Z"),
    });
  }
  const pairs = Object.entries(fields).map(([name, value]) => `${name}=${toJson(value)}`);
  const when = format.isoTime ? isoTime(time, "+0000") : clockTime(time);
  const details = pairs.length === 0 ? "" : ` (${pairs.join(" ")})`;
  // The values are JSON already.
  return `${when}: ${priority} ${escapeText(message)}${details}`;
}
