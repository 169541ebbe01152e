/** Lists what conditions and outputs may name. */
import { EVENTS } from "../schema/events.ts";
import { FIELDS } from "../schema/fields.ts";
import { SYSCALLS } from "../schema/syscalls.ts";
import type { EventSchema, Field } from "../schema/types.ts";
import { type AgentIo, EXIT } from "./io.ts";

export interface ListOptions {
  readonly what: "fields" | "events" | "syscalls";
  readonly json: boolean;
}

/** Prints the list. Returns the exit code. */
export function list(options: ListOptions, io: AgentIo): number {
  const rows = ROWS[options.what]();
  const text = options.json
    ? JSON.stringify(
        rows.map((row) => row.json),
        null,
        2,
      )
    : rows.map((row) => row.text).join("\n");
  io.out.write(`${text}\n`);
  return EXIT.fine;
}

interface Row {
  readonly text: string;
  readonly json: unknown;
}

const ROWS: Readonly<Record<ListOptions["what"], () => readonly Row[]>> = {
  fields: () => FIELDS.filter((field) => !field.flags.includes("hidden")).map(fieldRow),
  events: () => EVENTS.map(eventRow),
  syscalls: () => SYSCALLS.map((syscall) => ({ text: syscall.name, json: syscall.name })),
};

function fieldRow(field: Field): Row {
  const { name, type, argument, flags, help } = field;
  const isList = field.list;
  const written = argument === null ? name : `${name}[${argument.kind}]`;
  const shownType = isList ? `${type} list` : type;
  const available = field.accessor !== null;
  const missing = available ? "" : " (not in this version)";
  return {
    text: `${written.padEnd(36)} ${shownType.padEnd(16)} ${help}${missing}`,
    json: { name, type, list: isList, argument, class: field.class, flags, help, available },
  };
}

function eventRow(event: EventSchema): Row {
  const params = event.params.map((param) => `${param.name} ${param.type}`).join(", ");
  const direction = event.code % 2 === 0 ? ">" : "<";
  return {
    text: `${direction} ${event.name}(${params})`,
    json: {
      name: event.name,
      direction,
      category: event.category,
      params: event.params.map(({ name, type }) => ({ name, type })),
    },
  };
}
