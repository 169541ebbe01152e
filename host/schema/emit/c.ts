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

/** A name that several tables share is written once; they must agree on its value. */
function flagEnums(): string[] {
  const seen = new Map<string, number>();
  return FLAG_TABLES.map((table) => {
    const lines: string[] = [];
    for (const [name, value] of table.entries) {
      const known = seen.get(name);
      if (known === undefined) lines.push(`\tSCAP_${name} = ${hex(value)},`);
      else if (known !== value) throw new Error(`flag ${name} has two values; rename one in C`);
      seen.set(name, value);
    }
    return `enum scap_${table.name} {\n${lines.join("\n")}\n};`;
  });
}

function hex(value: number): string {
  return `0x${(value >>> 0).toString(16)}`;
}
