/** Finds the field that a condition or output names, with its argument. */
import type { Problem } from "../../diagnostics/diagnostic.ts";
import { nearest } from "../../diagnostics/nearest.ts";
import { EVENTS } from "../../schema/events.ts";
import { FIELDS } from "../../schema/fields.ts";
import type { Field, FieldType } from "../../schema/types.ts";
import type { FieldOperand } from "../2-parse/ast.ts";
import type { FieldSource } from "./predicate.ts";

const BY_NAME: ReadonlyMap<string, Field> = new Map(FIELDS.map((field) => [field.name, field]));

/** Their argument follows a dot. evt.arg and evt.rawarg take a number in brackets, too. */
const DOTTED: readonly string[] = [
  "evt.arg",
  "evt.rawarg",
  "evt.type.is",
  "evt.abspath",
  "thread.cgroup",
];

const DOTTED_ARGUMENTS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ["evt.abspath", new Set(["src", "dst"])],
  ["evt.type.is", new Set(EVENTS.map((event) => event.name))],
]);

const PARAM_TYPES: ReadonlyMap<string, FieldType> = new Map(
  EVENTS.toReversed().flatMap((event) =>
    event.params.map((param) => [param.name, param.type] as const),
  ),
);

export type FoundField =
  | { readonly source: FieldSource; readonly problem: null }
  | { readonly source: null; readonly problem: Problem };

export function fieldNames(): Iterable<string> {
  return BY_NAME.keys();
}

export function findField(operand: FieldOperand): FoundField {
  const exact = BY_NAME.get(operand.name);
  if (exact !== undefined) return withArgument(exact, operand);
  const dotted = DOTTED.find((name) => operand.name.startsWith(`${name}.`)) ?? "";
  const field = BY_NAME.get(dotted);
  if (field === undefined || operand.argument !== null) {
    const near = nearest(operand.name, BY_NAME.keys());
    return { source: null, problem: { code: "unknown-field", field: operand.name, near } };
  }
  return dottedArgument(field, operand.name.slice(field.name.length + 1));
}

function refuse(field: string, reason: string): FoundField {
  return { source: null, problem: { code: "field-argument", field, reason } };
}

function accept(field: Field, argument: string | null, type: FieldType = field.type): FoundField {
  return { source: { kind: "field", field, type, list: field.list, argument }, problem: null };
}

function withArgument(field: Field, operand: FieldOperand): FoundField {
  const { argument } = operand;
  if (argument === null) {
    // evt.abspath says that it needs one and does without.
    return field.argument?.required === true && (field.accessor?.plain ?? null) === null
      ? refuse(field.name, "it needs an argument")
      : accept(field, null);
  }
  if (field.argument === null) return refuse(field.name, "it takes no argument");
  if (field.argument.kind === "index") {
    if (!/^-?\d{1,9}$/.test(argument)) return refuse(field.name, `'${argument}' is no index`);
    return accept(field, String(Number(argument)));
  }
  if (field.name === "evt.arg" || field.name === "evt.rawarg") {
    if (!/^\d{1,2}$/.test(argument)) return refuse(field.name, `'${argument}' is no index`);
    return accept(field, argument, field.name === "evt.arg" ? field.type : "DYN");
  }
  if (DOTTED.includes(field.name)) return refuse(field.name, "its argument follows a dot");
  if (argument === "") return refuse(field.name, "its argument is empty");
  return accept(field, argument);
}

function dottedArgument(field: Field, argument: string): FoundField {
  if (field.name !== "evt.arg" && field.name !== "evt.rawarg") {
    const known = DOTTED_ARGUMENTS.get(field.name);
    if (known === undefined || known.has(argument)) return accept(field, argument);
    return {
      source: null,
      problem: {
        code: "unknown-field",
        field: `${field.name}.${argument}`,
        near: nearest(argument, known),
      },
    };
  }
  const type = PARAM_TYPES.get(argument);
  if (type === undefined) {
    const near = nearest(argument, PARAM_TYPES.keys());
    return { source: null, problem: { code: "unknown-event-argument", name: argument, near } };
  }
  if (field.name === "evt.arg") return accept(field, argument);
  // Buffers are known to be there or not; nothing else can be asked of them in this form.
  return accept(field, argument, type === "BYTEBUF" ? "DYN" : type);
}
