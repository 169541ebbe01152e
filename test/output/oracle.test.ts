/**
 * The lines that a real Falco wrote, written again from their own fields: whatever formatting does
 * shows as a difference in bytes.
 */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { type Alert, DEFAULT_FORMAT, fieldKey, formatAlert } from "../../host/output/alert.ts";
import type { OutputPart, Priority } from "../../host/schema/manifest.ts";
import type { FieldValue } from "../../host/schema/value.ts";
import { shared } from "../support/shared.ts";

const rulesFile = shared("falco-rules", "falco_rules.yaml");
const suggested = [
  "container.id",
  "container.name",
  "container.image.repository",
  "container.image.tag",
  "k8s.pod.name",
  "k8s.ns.name",
];

describe.skipIf(rulesFile === undefined)("alerts of the oracle", () => {
  for (const capture of ["attacks", "files", "process"]) {
    for (const variant of ["first", "first.suggested"]) {
      const stem = `${capture}.alerts.stable.${variant}`;
      test(`${stem} is printed byte for byte as JSON and as text`, () => {
        const outputs = readOutputs(variant.endsWith("suggested") ? suggestedText() : "");
        const lines = readLines(`${stem}.jsonl`);
        const texts = readLines(`${stem}.txt`);
        expect(lines.length).toBeGreaterThan(0);
        const format = { ...DEFAULT_FORMAT, hostname: "demo-host", isoTime: true };
        const alerts = lines.map((line) => alertFrom(line, outputs));
        expect(alerts.map((alert) => formatAlert(alert, { ...format, json: true }))).toEqual(lines);
        expect(alerts.map((alert) => formatAlert(alert, format))).toEqual(texts);
      });
    }
  }
});

function suggestedText(): string {
  return suggested.map((field) => ` ${field.replaceAll(".", "_")}=%${field}`).join("");
}

function readLines(name: string): readonly string[] {
  const path = shared("oracle", name) ?? "";
  return readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line !== "");
}

/** Output of each rule, cut into parts; enough of the format language for the official rules. */
function readOutputs(extra: string): ReadonlyMap<string, readonly OutputPart[]> {
  const items = parse(readFileSync(rulesFile ?? "", "utf8")) as readonly Record<string, unknown>[];
  const outputs = new Map<string, readonly OutputPart[]>();
  for (const { rule, output } of items) {
    if (typeof rule !== "string" || typeof output !== "string") continue;
    const pieces = `${output.trim()}${extra}`.split(/%([a-z0-9_.]+(?:\[[^\]]*\])?)/);
    outputs.set(
      rule,
      pieces.flatMap((piece, at) => (at % 2 === 0 ? textPart(piece) : [fieldPart(piece)])),
    );
  }
  return outputs;
}

function textPart(text: string): readonly OutputPart[] {
  return text === "" ? [] : [{ text }];
}

function fieldPart(token: string): OutputPart {
  const [, dotted, name] = /^(evt\.arg)\.(.*)$/.exec(token) ?? [];
  if (dotted !== undefined && name !== undefined) return { field: dotted, argument: name };
  const [, field = token, argument] = /^([^[]*)\[(.*)\]$/.exec(token) ?? [];
  return argument === undefined ? { field } : { field, argument };
}

function alertFrom(line: string, outputs: ReadonlyMap<string, readonly OutputPart[]>): Alert {
  // Integers pass as text: doubles would lose the last digits of a time.
  const kept = line.replaceAll(/(?<!\\)":(-?\d+)(?=[,}])/g, '":"#$1"');
  const parsed = JSON.parse(kept) as {
    readonly rule: string;
    readonly priority: Priority;
    readonly source: string;
    readonly tags: readonly string[];
    readonly output_fields: Readonly<Record<string, FieldValue>>;
  };
  const output = outputs.get(parsed.rule) ?? [];
  const value = (raw: FieldValue | undefined): FieldValue =>
    typeof raw === "string" && raw.startsWith("#") ? BigInt(raw.slice(1)) : (raw ?? null);
  return {
    rule: parsed.rule,
    priority: parsed.priority,
    source: parsed.source,
    tags: parsed.tags,
    time: value(parsed.output_fields["evt.time.iso8601"]) as bigint,
    output,
    values: output.flatMap((part) =>
      "text" in part ? [] : [value(parsed.output_fields[fieldKey(part)])],
    ),
  };
}
