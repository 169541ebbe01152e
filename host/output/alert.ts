/**
 * What is known about one match, and how it becomes a line: text or JSON, byte for byte as Falco
 * writes them.
 */
import { ALERT_CHARS_MAX, type OutputPart, type Priority } from "../schema/manifest.ts";
import type { FieldValue } from "../schema/value.ts";
import { escapeText, type JsonValue, toJson } from "./json.ts";
import { clockTime, isoTime, timeFieldNumber, timeFieldText } from "./time.ts";
import { computeText } from "./transform.ts";

export interface Alert {
  readonly rule: string;
  readonly priority: Priority;
  readonly source: string;
  readonly tags: readonly string[];
  /** ns since the epoch. */
  readonly time: bigint;
  readonly output: readonly OutputPart[];
  /** One value for each part of `output` that names a field, in that order. */
  readonly values: readonly FieldValue[];
}

export interface AlertFormat {
  readonly json: boolean;
  readonly isoTime: boolean;
  readonly hostname: string;
  readonly includeOutput: boolean;
  readonly includeMessage: boolean;
  readonly includeOutputFields: boolean;
  readonly includeTags: boolean;
}

export const DEFAULT_FORMAT: Omit<AlertFormat, "hostname"> = {
  json: false,
  isoTime: false,
  includeOutput: true,
  includeMessage: false,
  includeOutputFields: true,
  includeTags: true,
};

/** The line for an alert, without the final newline. */
export function formatAlert(alert: Alert, format: AlertFormat): string {
  return format.json ? jsonLine(alert, format) : escapeText(textLine(alert, format));
}

/** The rule's output with its fields filled in. */
export function message(alert: Alert): string {
  return textUnder(alert, undefined);
}

/** The text of the parts with that `under`. */
function textUnder(alert: Alert, under: string | undefined): string {
  let text = "";
  let field = 0;
  for (const part of alert.output) {
    const value = "text" in part ? null : (alert.values[field++] ?? null);
    if (part.under !== under || ("field" in part && part.silent === true)) continue;
    text += padded(partText(part, value, alert), part.width);
    // Parts may repeat a long value, each by a transformer of its own.
    if (text.length > ALERT_CHARS_MAX) return text.slice(0, ALERT_CHARS_MAX);
  }
  return text;
}

function partText(part: OutputPart, value: FieldValue, alert: Alert): string {
  if ("field" in part) {
    const text = timeFieldText(part.field, alert.time) ?? valueText(value);
    return value !== null && NINE_DIGITS.has(part.field) ? text.padStart(9, "0") : text;
  }
  if (part.transform === undefined) return part.text;
  return valueText(computeText(part.transform, alert.values));
}

/** Nanoseconds that Falco prints with leading zeros, so that they can stand behind a point. */
const NINE_DIGITS: ReadonlySet<string> = new Set([
  "evt.reltime",
  "evt.reltime.ns",
  "evt.rawtime.ns",
  "evt.latency.ns",
  "evt.deltatime.ns",
]);

/** Widths count bytes, as Falco's do: a character that is cut in two becomes U+FFFD. */
function padded(text: string, width: number | undefined): string {
  if (width === undefined) return text;
  const bytes = Buffer.from(text);
  if (bytes.length > width) return bytes.subarray(0, width).toString();
  return text + " ".repeat(width - bytes.length);
}

/** How a value reads inside an output. */
export function valueText(value: FieldValue): string {
  if (value === null) return "<NA>";
  if (typeof value === "number") return oneDecimal(value);
  return typeof value === "object" ? `(${value.join(",")})` : String(value);
}

/** As printf does it: what lies between two is rounded to the even one, 6.25 to 6.2. */
function oneDecimal(value: number): string {
  const isTie = Math.abs(value * 4) % 4 === 1;
  return (isTie ? value - Math.sign(value) * 0.05 : value).toFixed(1);
}

function textLine(alert: Alert, format: AlertFormat): string {
  const time = format.isoTime ? isoTime(alert.time, "+0000") : clockTime(alert.time);
  return `${time}: ${alert.priority} ${message(alert)}`;
}

function jsonLine(alert: Alert, format: AlertFormat): string {
  return toJson({
    hostname: format.hostname,
    ...(format.includeMessage ? { message: message(alert) } : {}),
    ...(format.includeOutput ? { output: textLine(alert, format) } : {}),
    ...(format.includeOutputFields ? { output_fields: outputFields(alert, format) } : {}),
    priority: alert.priority,
    rule: alert.rule,
    source: alert.source,
    ...(format.includeTags ? { tags: [...alert.tags].sort() } : {}),
    time: isoTime(alert.time, "Z"),
  });
}

function outputFields(alert: Alert, format: AlertFormat): Readonly<Record<string, JsonValue>> {
  const fields: Record<string, JsonValue> = {
    [format.isoTime ? "evt.time.iso8601" : "evt.time"]: alert.time,
  };
  let field = 0;
  for (const part of alert.output) {
    if ("text" in part) continue;
    const value = alert.values[field++] ?? null;
    if (part.under !== undefined) continue;
    fields[fieldKey(part)] = timeFieldNumber(part.field, alert.time) ?? value;
  }
  for (const { under } of alert.output) {
    if (under !== undefined) fields[under] ??= textUnder(alert, under);
  }
  return fields;
}

/** `proc.aname[2]`, `evt.arg.flags`: the name of a field as it was written in the output. */
export function fieldKey(part: { readonly field: string; readonly argument?: string }): string {
  if (part.argument === undefined) return part.field;
  const dotted = DOTTED.has(part.field) && !/^\d+$/.test(part.argument);
  return dotted ? `${part.field}.${part.argument}` : `${part.field}[${part.argument}]`;
}

/** Fields whose argument is a name after a dot. */
const DOTTED: ReadonlySet<string> = new Set(["evt.arg", "evt.rawarg", "evt.type.is"]);
