/** Lists what conditions, outputs and configurations may name. */
import type { Operator } from "../compile/operators/operator.ts";
import { OPERATORS } from "../compile/operators/table.ts";
import { keysOf, type PlacedKey } from "../config/key.ts";
import { KEYS } from "../config/keys.ts";
import { nearest } from "../diagnostics/nearest.ts";
import { printable } from "../diagnostics/printable.ts";
import { EVENTS } from "../schema/events.ts";
import { FIELDS } from "../schema/fields.ts";
import { SYSCALLS } from "../schema/syscalls.ts";
import type { EventSchema, Field, Syscall } from "../schema/types.ts";
import { type AgentIo, EXIT } from "./io.ts";

export interface ListOptions {
  readonly what: "fields" | "operators" | "events" | "syscalls" | "config";
  readonly format: "text" | "json" | "markdown";
  /** Only what has this in its name, without regard to case. */
  readonly filter?: string;
}

/** Prints the list. Returns the exit code: 1 when nothing fits the filter. */
export function list(options: ListOptions, io: AgentIo): number {
  const wanted = (options.filter ?? "").toLowerCase();
  const { columns, rows } = LISTS[options.what]();
  const found = rows.filter((row) => row.name.toLowerCase().includes(wanted));
  io.out.write(FORMATS[options.format](columns, found));
  if (found.length === 0) io.err.write(`lanner: ${nothingText(options, rows)}\n`);
  return found.length === 0 ? EXIT.findings : EXIT.fine;
}

const NOUNS = {
  fields: "field",
  events: "event",
  syscalls: "system call",
  operators: "operator",
  config: "configuration key",
} as const;

function nothingText({ what, filter = "" }: ListOptions, rows: readonly Row[]): string {
  const names = rows.map(({ name }) => name);
  const near = nearest(filter.toLowerCase(), names);
  const meant = near === null ? "" : `; did you mean '${near}'?`;
  return `no ${NOUNS[what]} has '${printable(filter)}' in its name${meant}`;
}

interface Row {
  readonly name: string;
  readonly text: string;
  readonly json: unknown;
  /** One for each column. */
  readonly cells: readonly string[];
}

interface Listed {
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
}

type Formatter = (columns: readonly string[], rows: readonly Row[]) => string;

const FORMATS: Readonly<Record<ListOptions["format"], Formatter>> = {
  text: (_, rows) => rows.map((row) => `${row.text}\n`).join(""),
  json: (_, rows) => {
    const items = rows.map((row) => row.json);
    return `${JSON.stringify(items, null, 2)}\n`;
  },
  markdown: (columns, rows) =>
    [columns, columns.map(() => "---"), ...rows.map((row) => row.cells.map(escaped))]
      .map((cells) => `| ${cells.join(" | ")} |\n`)
      .join(""),
};

function escaped(cell: string): string {
  return cell.replace(/[\\|<]/g, (c) => `\\${c}`).replace(/\s+/g, " ");
}

const LISTS: Readonly<Record<ListOptions["what"], () => Listed>> = {
  fields: () => ({
    columns: ["field", "type", "lifetime", "description"],
    rows: FIELDS.filter((field) => !field.flags.includes("hidden")).map(fieldRow),
  }),
  operators: () => ({
    columns: ["operator", "types", "right side", "description"],
    rows: OPERATORS.map(operatorRow),
  }),
  events: () => ({
    columns: ["event", "direction", "category", "parameters"],
    rows: EVENTS.map(eventRow),
  }),
  syscalls: () => ({
    columns: ["system call", "x86_64", "aarch64", "event", "always captured"],
    rows: SYSCALLS.map(syscallRow),
  }),
  config: () => ({
    columns: ["key", "takes", "default", "effect", "description"],
    rows: keysOf(KEYS).map(configRow),
  }),
};

function operatorRow({ name, families, lists, syntax, comparesFields, help }: Operator): Row {
  const types = [...families, ...(lists ? ["list"] : [])];
  const right = RIGHT_SIDES[syntax] + (comparesFields && syntax !== "exists" ? " or field" : "");
  return {
    name,
    text: `${name.padEnd(12)} ${right.padEnd(16)} ${help}`,
    json: { name, types, right, description: help },
    cells: [name, types.join(", "), right, help],
  };
}

const RIGHT_SIDES: Readonly<Record<Operator["syntax"], string>> = {
  exists: "nothing",
  order: "number",
  symbol: "value",
  word: "value",
  list: "list",
};

function fieldRow(field: Field): Row {
  const { name, type, argument, flags, help, lifetime } = field;
  const isList = field.list;
  const asked = argument === null ? "" : argument.required ? argument.kind : `${argument.kind}?`;
  const written = argument === null ? name : `${name}[${asked.replace("?", "")}]`;
  const shownType = isList ? `${type} list` : type;
  const available = field.accessor !== null;
  const missing = available ? "" : " (not in this version)";
  const shown = `${help}${missing}`;
  return {
    name,
    text: `${written.padEnd(36)} ${shownType.padEnd(16)} ${lifetime.padEnd(10)} ${shown}`,
    json: {
      name,
      type,
      list: isList,
      argument,
      class: field.class,
      lifetime,
      flags,
      help,
      available,
    },
    cells: [`\`${argument === null ? name : `${name}[${asked}]`}\``, shownType, lifetime, shown],
  };
}

function eventRow(event: EventSchema): Row {
  const params = event.params.map((param) => `${param.name} ${param.type}`).join(", ");
  const direction = event.code % 2 === 0 ? ">" : "<";
  return {
    name: event.name,
    text: `${direction} ${event.name}(${params})`,
    json: {
      name: event.name,
      direction,
      category: event.category,
      params: event.params.map(({ name, type }) => ({ name, type })),
    },
    cells: [`\`${event.name}\``, direction === ">" ? "enter" : "exit", event.category, params],
  };
}

function syscallRow({ name, x86_64, aarch64, event, state }: Syscall): Row {
  const number = (value: number | null): string => (value === null ? "" : String(value));
  return {
    name,
    text: name,
    json: { name, x86_64, aarch64, event, state },
    cells: [`\`${name}\``, number(x86_64), number(aarch64), event ?? "", state ? "yes" : ""],
  };
}

function configRow({ path, key }: PlacedKey): Row {
  const { type, fallback, help, idle } = key;
  const effective = idle === undefined;
  const shown = JSON.stringify(fallback);
  const note = effective ? "" : " (no effect in this version)";
  return {
    name: path,
    text: `${path.padEnd(48)} ${shown.padEnd(16)} ${help}${note}`,
    json: { name: path, takes: type.wants, default: fallback, effective, help },
    cells: [`\`${path}\``, type.wants, `\`${shown}\``, effective ? "yes" : "not yet", help],
  };
}
