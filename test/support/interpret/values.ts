/** What fields are worth, and where they come from. */

import type { FieldOperand } from "../../../host/compile/2-parse/ast.ts";
import { EVENTS } from "../../../host/schema/events.ts";
import { FIELDS } from "../../../host/schema/fields.ts";
import type { Field, FieldType } from "../../../host/schema/types.ts";

/** Bytes as characters 0–255. */
export type Bytes = string;

export type Value =
  | { readonly kind: "bytes"; readonly bytes: Bytes }
  | { readonly kind: "number"; readonly number: bigint }
  | { readonly kind: "double"; readonly double: number }
  | { readonly kind: "list"; readonly items: readonly Bytes[] }
  /** A constant only. */
  | { readonly kind: "network"; readonly bytes: Bytes; readonly bits: number };

/** A field as the engine renders it: bytes for texts, a number for numbers; lists as texts. */
export interface Rendered {
  readonly bytes: Bytes;
  readonly number: bigint;
  readonly isNumber: boolean;
}

/** One event, to be asked for its fields. */
export interface EventFields {
  /** Event type code. */
  readonly type: number;
  /** Undefined for a missing value. */
  read(field: string, argument: string | null): Rendered | undefined;
}

/** What is known of the event does not tell what a condition sees. */
export class UnknownValue extends Error {
  override readonly name = "UnknownValue";
}

/** How the values of a type are compared. */
export type Shape =
  | { readonly kind: "integer"; readonly signed: boolean; readonly bits: number }
  | { readonly kind: "double" | "truth" | "text" | "buffer" | "address" | "network" | "opaque" };

const WORDS: Readonly<Record<string, Shape>> = {
  ERRNO: { kind: "integer", signed: true, bits: 64 },
  FD: { kind: "integer", signed: true, bits: 64 },
  PID: { kind: "integer", signed: true, bits: 64 },
  FD32: { kind: "integer", signed: true, bits: 32 },
  PID32: { kind: "integer", signed: true, bits: 32 },
  RELTIME: { kind: "integer", signed: false, bits: 64 },
  ABSTIME: { kind: "integer", signed: false, bits: 64 },
  PORT: { kind: "integer", signed: false, bits: 16 },
  SYSCALLID: { kind: "integer", signed: false, bits: 16 },
  SIGTYPE: { kind: "integer", signed: false, bits: 8 },
  L4PROTO: { kind: "integer", signed: false, bits: 8 },
  SOCKFAMILY: { kind: "integer", signed: false, bits: 8 },
  UID: { kind: "integer", signed: false, bits: 32 },
  GID: { kind: "integer", signed: false, bits: 32 },
  MODE: { kind: "integer", signed: false, bits: 32 },
  DOUBLE: { kind: "double" },
  BOOL: { kind: "truth" },
  CHARBUF: { kind: "text" },
  FSPATH: { kind: "text" },
  FSRELPATH: { kind: "text" },
  BYTEBUF: { kind: "buffer" },
  IPADDR: { kind: "address" },
  IPNET: { kind: "network" },
};

export function shapeOf(type: FieldType): Shape {
  const sized = /^(U?INT|FLAGS|ENUMFLAGS)(\d+)$/.exec(type);
  if (sized !== null)
    return { kind: "integer", signed: sized[1] === "INT", bits: Number(sized[2]) };
  return WORDS[type] ?? { kind: "opaque" };
}

export interface AskedField {
  readonly field: Field;
  readonly argument: string | null;
  readonly shape: Shape;
}

/** The type of a raw parameter is that of the first event in the table that has one of the name. */
const RAW_TYPES: ReadonlyMap<string, FieldType> = rawTypes();

function rawTypes(): Map<string, FieldType> {
  const found = new Map<string, FieldType>();
  for (const { name, type } of EVENTS.flatMap((event) => event.params)) {
    if (!found.has(name)) found.set(name, type);
  }
  return found;
}

const BY_NAME = new Map(FIELDS.map((field) => [field.name, field]));

/** The field that is named, whether its argument stands in brackets or behind a dot. */
export function askedField({ name, argument }: FieldOperand): AskedField {
  const plain = BY_NAME.get(name);
  if (plain !== undefined) return asked(plain, argument);
  for (let dot = name.lastIndexOf("."); dot > 0; dot = name.lastIndexOf(".", dot - 1)) {
    const field = BY_NAME.get(name.slice(0, dot));
    if (field !== undefined) return asked(field, name.slice(dot + 1));
  }
  throw new Error(`no field ${name}`);
}

function asked(field: Field, argument: string | null): AskedField {
  if (field.name !== "evt.rawarg") return { field, argument, shape: shapeOf(field.type) };
  const type = RAW_TYPES.get(argument ?? "") ?? "DYN";
  // Of a buffer in its raw form nothing but its being there can be asked.
  return { field, argument, shape: type === "BYTEBUF" ? { kind: "opaque" } : shapeOf(type) };
}

export function readField({ field, argument, shape }: AskedField, event: EventFields) {
  const rendered = event.read(field.name, argument);
  return rendered && toValue(rendered, field.list, shape);
}

function toValue(
  { bytes, number, isNumber }: Rendered,
  list: boolean,
  shape: Shape,
): Value | undefined {
  if (list)
    return { kind: "list", items: bytes === "" ? [] : bytes.replace(/\0$/, "").split("\0") };
  switch (shape.kind) {
    case "integer":
      if (!isNumber) return undefined;
      return {
        kind: "number",
        number: shape.signed ? BigInt.asIntN(64, number) : BigInt.asUintN(64, number),
      };
    case "truth":
      return { kind: "number", number };
    case "double": {
      const view = new DataView(new ArrayBuffer(8));
      view.setBigUint64(0, BigInt.asUintN(64, number));
      return { kind: "double", double: view.getFloat64(0) };
    }
    case "opaque":
      return { kind: "bytes", bytes };
    default:
      return isNumber ? undefined : { kind: "bytes", bytes };
  }
}
