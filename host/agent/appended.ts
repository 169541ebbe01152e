/** Parts that the configuration appends to every rule's output. */
import type { AppendOutput } from "../config/keys.ts";
import { FIELDS } from "../schema/fields.ts";
import type { OutputPart } from "../schema/manifest.ts";

/** ` container_id=%container.id …` for each field that is flagged as suggested. */
export function appendedParts(entries: readonly AppendOutput[]): readonly OutputPart[] {
  if (!entries.some((entry) => entry.suggested_output === true)) return [];
  return FIELDS.filter((field) => field.flags.includes("suggested")).flatMap(({ name }) => [
    { text: ` ${name.replaceAll(".", "_")}=` },
    { field: name },
  ]);
}
