/** AssemblyScript constants from the tables. */
import { CATEGORIES, EVENT_FLAGS, EVENT_KINDS, FORMATS, PARAM_TYPES } from "../encoding.ts";
import { EVENT_TYPES, EVENTS } from "../events.ts";
import * as memory from "../memory.ts";
import { GENERATED } from "./banner.ts";

/** `assembly/schema/generated/events.ts`. */
export function assemblyEvents(): string {
  const members = EVENTS.map((event) => `  ${event.id} = ${String(event.code)},`);
  return `// ${GENERATED}

/** Codes of the live events; odd ones are exits. */
export const enum EventType {
${members.join("\n")}
}

/** Codes are below this. */
export const EVENT_TYPES: u32 = ${String(EVENT_TYPES)};
`;
}

/** `assembly/schema/generated/memory.ts`: the numbers of `host/schema/memory.ts`, same names. */
export function assemblyMemory(): string {
  const numbers = Object.entries(memory).sort(([a], [b]) => (a < b ? -1 : 1));
  const lines = numbers.map(
    ([name, value]) => `export const ${name}: u32 = 0x${value.toString(16)};`,
  );
  return `// ${GENERATED}

${lines.join("\n")}
`;
}

/** `assembly/schema/generated/encoding.ts`: the numbers that the run-time tables hold. */
export function assemblyEncoding(): string {
  const enums: Readonly<Record<string, Readonly<Record<string, number>>>> = {
    ParamType: PARAM_TYPES,
    Format: FORMATS,
    Category: CATEGORIES,
    EventKind: EVENT_KINDS,
    EventFlag: EVENT_FLAGS,
  };
  const texts = Object.entries(enums).map(([name, values]) => {
    const members = Object.entries(values).map(
      ([member, value]) => `  ${member.toUpperCase()} = ${String(value)},`,
    );
    return `export const enum ${name} {\n${members.join("\n")}\n}`;
  });
  return `// ${GENERATED}

${texts.join("\n\n")}
`;
}
