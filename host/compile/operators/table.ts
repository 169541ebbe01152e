/**
 * The operators of the rule language. Parser, checker, planner, emitter, `lanner explain` and
 * `lanner list operators` read them from here; the order of the rows is the one in which the parser
 * tries them and messages name them.
 */
import { EQUALITIES, PRESENCE, SETS } from "./equality.ts";
import type { Operator, Syntax } from "./operator.ts";
import { ORDERS } from "./order.ts";
import { SEARCHES, type SearchName, TEXT_LISTS, TEXT_WORDS } from "./text.ts";

const ROWS = [
  ...PRESENCE,
  ...ORDERS,
  ...EQUALITIES,
  ...TEXT_WORDS,
  ...SETS,
  ...TEXT_LISTS,
] as const satisfies readonly Operator[];

export type OperatorName = (typeof ROWS)[number]["name"];

export const OPERATORS: readonly (Operator & { readonly name: OperatorName })[] = ROWS;

type NameOf<S extends Syntax> = Extract<(typeof ROWS)[number], { readonly syntax: S }>["name"];

/** Names of the operators that are written in this way. */
export function operatorsOf<S extends Syntax>(syntax: S): readonly NameOf<S>[] {
  return ROWS.filter((row) => row.syntax === syntax).map((row) => row.name as NameOf<S>);
}

const BY_NAME: ReadonlyMap<string, Operator> = new Map(ROWS.map((row) => [row.name, row]));

export function operatorOfName(name: OperatorName): Operator {
  const row = BY_NAME.get(name);
  if (row === undefined) throw new Error(`no operator ${name}`);
  return row;
}

const ASKED: ReadonlyMap<string, SearchName> = new Map(
  [...TEXT_WORDS, ...TEXT_LISTS].map((row) => [row.name, row.asks]),
);

/** The search that an operator asks for; null for equality, order and sets. */
export function searchOf(name: string): SearchName | null {
  return ASKED.get(name) ?? null;
}

/** Null for a question of the plan that is no search. */
export function asSearch(op: string): SearchName | null {
  return Object.hasOwn(SEARCHES, op) ? (op as SearchName) : null;
}
