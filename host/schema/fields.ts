/**
 * Every field that a rule can name: Falco's own and those of its container plugin. `static.<key>`
 * is not here: its names come from the configuration.
 */
import { CONTAINER_FIELDS } from "./fields/container.ts";
import { EVT_FIELDS } from "./fields/evt.ts";
import { FD_FIELDS } from "./fields/fd.ts";
import { FS_FIELDS } from "./fields/fs.ts";
import { ACCESSORS } from "./fields/generated/accessors.ts";
import { K8S_FIELDS } from "./fields/k8s.ts";
import { LINEAGE_FIELDS } from "./fields/lineage.ts";
import { PROCESS_FIELDS } from "./fields/process.ts";
import { USER_FIELDS } from "./fields/user.ts";
import type { Field, FieldRow } from "./types.ts";

const ROWS: readonly FieldRow[] = [
  ...EVT_FIELDS,
  ...PROCESS_FIELDS,
  ...LINEAGE_FIELDS,
  ...USER_FIELDS,
  ...FD_FIELDS,
  ...FS_FIELDS,
  ...CONTAINER_FIELDS,
  ...K8S_FIELDS,
];

/** The index of a field is its number for the engine's `render`. */
export const FIELDS: readonly Field[] = ROWS.map((row) => ({
  list: false,
  argument: null,
  flags: [],
  ...row,
  accessor: ACCESSORS[row.name] ?? null,
}));

const INDEXES: ReadonlyMap<string, number> = new Map(FIELDS.map((field, i) => [field.name, i]));

/** Number of the field for `render`, −1 for a name that is no field. */
export function fieldIndex(name: string): number {
  return INDEXES.get(name) ?? -1;
}

export function fieldByName(name: string): Field | undefined {
  return FIELDS[fieldIndex(name)];
}
