/**
 * Metadata of containers and pods comes from their runtime. Nothing asks one while capturing live:
 * only what the name of a control group tells is known. Recordings hold the rest.
 */

import type { Checked } from "../compile/check.ts";
import { describeCondition } from "../compile/describe-condition.ts";
import { FIELDS } from "../schema/fields.ts";

const KNOWN: ReadonlySet<string> = new Set(["container.id", "container.full_id", "container.type"]);

const UNKNOWN: ReadonlySet<string> = new Set(
  FIELDS.filter(({ class: of, name }) => (of === "container" || of === "k8s") && !KNOWN.has(name))
    // What no recording holds either has a warning of its own.
    .filter(({ accessor }) => accessor !== null)
    .map(({ name }) => name),
);

export interface LiveGap {
  readonly rule: string;
  /** Where the rule stands; the line counts from 0. */
  readonly file: string;
  readonly line: number;
  /** Fields of its condition that have no value while capturing live. */
  readonly fields: readonly string[];
}

/** Rules whose conditions ask for what is not known while capturing live. */
export function liveGaps({ rules, resolved }: Checked): readonly LiveGap[] {
  const loaded = new Set(rules?.map(({ definition }) => definition));
  return (resolved?.rules ?? []).flatMap(({ definition, condition }) => {
    if (!loaded.has(definition)) return [];
    const { condition_fields: asked } = describeCondition(condition);
    const fields = asked.filter((field) => UNKNOWN.has(field.replace(/\[.*$/, "")));
    const { file, line } = definition.context.at;
    return fields.length === 0 ? [] : [{ rule: definition.name, file, line, fields }];
  });
}

/** One line of a warning. */
export function gapText({ rule, file, line, fields }: LiveGap): string {
  const are = fields.length === 1 ? "is" : "are";
  return (
    `${file}:${String(line + 1)}:1: warning: rule '${rule}' asks for ${fields.join(", ")}, which ` +
    `${are} known in recordings only, not while capturing live`
  );
}
