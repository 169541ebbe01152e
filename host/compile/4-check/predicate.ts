/** Checked conditions: every name known, every constant parsed to the type it is compared with. */
import type { Field, FieldType } from "../../schema/types.ts";
import type { Modifier } from "../2-parse/ast.ts";
import type { OperatorName } from "../operators/table.ts";

/** Bytes as a string of characters 0–255: comparable, usable as a key. */
export type Bytes = string;

export type Constant =
  | { readonly kind: "text"; readonly bytes: Bytes }
  | { readonly kind: "number"; readonly value: bigint }
  | { readonly kind: "address"; readonly bytes: Bytes }
  | { readonly kind: "network"; readonly bytes: Bytes; readonly bits: number };

export interface FieldSource {
  readonly kind: "field";
  readonly field: Field;
  /** The field's own type, for evt.rawarg that of the parameter. */
  readonly type: FieldType;
  readonly list: boolean;
  readonly argument: string | null;
}
export interface TransformSource {
  readonly kind: "transform";
  readonly name: string;
  readonly type: FieldType;
  readonly list: boolean;
  readonly operands: readonly Source[];
  readonly argument: string | null;
}
export interface ConstantSource {
  readonly kind: "constant";
  readonly type: FieldType;
  readonly list: false;
  readonly bytes: Bytes;
}
export interface ListSource {
  readonly kind: "list";
  readonly type: FieldType;
  readonly list: true;
  readonly items: readonly Source[];
}
export type Source = FieldSource | TransformSource | ConstantSource | ListSource;

export interface Test {
  readonly kind: "test";
  readonly left: Source;
  readonly operator: OperatorName;
  readonly modifier: Modifier | null;
  readonly constants: readonly Constant[];
  /** Another field or transformer instead of constants. */
  readonly right: Source | null;
}
export interface Group {
  readonly kind: "and" | "or";
  readonly children: readonly Predicate[];
}
export interface Negation {
  readonly kind: "not";
  readonly child: Predicate;
}
export type Predicate = Test | Group | Negation;

/** Text of a rule, with the lone surrogates that stand for escaped bytes, as UTF-8. */
export function toBytes(text: string): Bytes {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the ASCII range is meant
  if (/^[\x00-\x7f]*$/.test(text)) return text;
  let bytes = "";
  for (const part of text.split(/([\udc80-\udcff])/u)) {
    const code = part.length === 1 ? part.charCodeAt(0) : 0;
    const isByte = code >= 0xdc80 && code <= 0xdcff;
    bytes += isByte
      ? String.fromCharCode(code - 0xdc00)
      : Buffer.from(part, "utf8").toString("latin1");
  }
  return bytes;
}
