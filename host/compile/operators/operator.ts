/** What the phases of the compiler ask of an operator. */
import type { Code } from "../code.ts";

/** What a value is, as far as operators are concerned. */
export type Family = "number" | "truth" | "text" | "bytes" | "address" | "network" | "opaque";

/**
 * What may follow: nothing, a number, a value directly, a value after a space, or a list. Words and
 * symbols take a modifier and then a list as well.
 */
export type Syntax = "exists" | "order" | "symbol" | "word" | "list";

export interface Operator {
  readonly name: string;
  readonly syntax: Syntax;
  /** Types of a single value on the left. */
  readonly families: readonly Family[];
  /** Whether a field that has a list of values may be on the left. */
  readonly lists: boolean;
  /** False where only constants may be on the right. */
  readonly comparesFields: boolean;
  /** Constants are written in hexadecimal digits. */
  readonly hexadecimal: boolean;
  readonly help: string;
}

/** Where the constants of a search are; each member gives the address of a table. */
export interface SearchConstants {
  text(text: string): Code;
  list(texts: readonly string[]): Code;
  paths(prefixes: readonly string[]): Code;
  regex(pattern: string): Code;
}

/** A question to a text that only text can answer. Several operators may ask the same one. */
export interface Search {
  /** Whether `f op a or f op b` is one question with two constants. */
  readonly merges: boolean;
  /** The constants as the question holds them. */
  constants(texts: readonly string[]): readonly string[];
  /** Expected nanoseconds; decides the order of evaluation only. */
  cost(texts: readonly string[]): number;
  /** By which means it is answered, for `lanner explain`. */
  means(count: number): string;
  /** Asks the value in `Value`; the functions called are in 6-emit/prelude.ts. */
  code(texts: readonly string[], constants: SearchConstants): Code;
  /**
   * The same with another field: the left text is in the locals `at` and `length`, the right one in
   * `Value`. Null where only constants may be on the right.
   */
  readonly fieldCode: Code | null;
  /** Decides it for a text that is known when rules are compiled; null leaves it to the pack. */
  readonly holds: ((value: string, text: string) => boolean) | null;
}
