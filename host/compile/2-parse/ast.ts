/** Conditions as they are written. `at` and `end` are offsets in the parsed text. */
import type { MappedText } from "../1-load/mapped-text.ts";
import type { OperatorName } from "../operators/table.ts";

export type Modifier = "oneof" | "anyof" | "allof";

export interface FieldOperand {
  readonly kind: "field";
  readonly name: string;
  /** Text between the brackets, unescaped; null without brackets. */
  readonly argument: string | null;
  readonly at: number;
  readonly end: number;
}
export interface TransformerOperand {
  readonly kind: "transformer";
  readonly name: string;
  readonly operands: readonly TransformerArgument[];
  readonly argument: string | null;
  readonly at: number;
  readonly end: number;
}
export type Operand = FieldOperand | TransformerOperand;

/** A byte 0x80–0xff that an escape named is kept as the lone surrogate U+DC80–U+DCFF. */
export interface Value {
  readonly kind: "value";
  readonly text: string;
  readonly at: number;
}
export interface OperandList {
  readonly kind: "list";
  readonly items: readonly TransformerArgument[];
  readonly at: number;
}
export type TransformerArgument = Operand | Value | OperandList;

export interface ValueList {
  readonly kind: "values";
  readonly items: readonly Value[];
  /** A name without parentheses: what is left of a list that nobody defined. */
  readonly bare: boolean;
  readonly at: number;
}
/** On the right a field stands for `val(field)`. */
export type RightSide = Value | ValueList | Operand;

export interface Check {
  readonly kind: "check";
  readonly left: Operand;
  readonly operator: OperatorName;
  readonly modifier: Modifier | null;
  /** Null for `exists`. */
  readonly right: RightSide | null;
  readonly at: number;
}
export interface MacroUse {
  readonly kind: "macro";
  readonly name: string;
  readonly at: number;
  /** What it stands for; null until macros are resolved. Offsets inside are in `body.text`. */
  readonly body: { readonly expression: Expression; readonly text: MappedText } | null;
}
export interface Group {
  readonly kind: "and" | "or";
  readonly children: readonly Expression[];
  readonly at: number;
}
export interface Negation {
  readonly kind: "not";
  readonly child: Expression;
  readonly at: number;
}
export type Expression = Group | Negation | Check | MacroUse;
