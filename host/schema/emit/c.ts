/** C constants for the capture programs. */
import { EVENT_TYPES, EVENTS } from "../events.ts";
import { FLAG_TABLES } from "../flags.ts";
import { GENERATED } from "./banner.ts";

/** `bpf/generated/schema.h`. */
export function bpfSchema(): string {
  const codes = EVENTS.map((event) => `\tEVENT_${event.id} = ${String(event.code)},`);
  const counts = EVENTS.map((event) => `\tPARAMS_${event.id} = ${String(event.params.length)},`);
  return `/* ${GENERATED} */
/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
#ifndef LANNER_GENERATED_SCHEMA_H
#define LANNER_GENERATED_SCHEMA_H

#define EVENT_TYPES ${String(EVENT_TYPES)}

enum event_type {
${codes.join("\n")}
};

/* Parameters that a current record of each type has. */
enum event_params {
${counts.join("\n")}
};

${flagEnums().join("\n\n")}

#endif
`;
}

/** Tables whose names say too little, or something else than in another table, on their own. */
const PREFIXES: Readonly<Record<string, string>> = {
  anon_inode_fd_types: "FD_TYPE_",
  delete_module_flags: "DELETE_MODULE_",
  fchownat_flags: "FCHOWNAT_",
  fcntl_commands: "FCNTL_",
  mount_flags: "MS_",
  pf_flags: "PF_",
  sockopt_levels: "LEVEL_",
  sockopt_options: "SOCKOPT_",
  umount_flags: "UMOUNT_",
};

/** A name that several tables share is written once; they must agree on its value. */
function flagEnums(): string[] {
  const seen = new Map<string, number>();
  const enums = FLAG_TABLES.map((table) => {
    const lines: string[] = [];
    for (const [plain, value] of table.entries) {
      const name = (PREFIXES[table.name] ?? "") + plain;
      const known = seen.get(name);
      if (known === undefined) lines.push(`\tSCAP_${name} = ${hex(value)},`);
      else if (known !== value) throw new Error(`${table.name}: ${name} has two values`);
      seen.set(name, value);
    }
    return lines.length === 0 ? "" : `enum scap_${table.name} {\n${lines.join("\n")}\n};`;
  });
  return enums.filter((text) => text !== "");
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
