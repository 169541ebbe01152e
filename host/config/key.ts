/** Shape of the table of keys, and walks over it. */
import type { Type } from "./values.ts";

export interface Key<T> {
  readonly type: Type<T>;
  /** What it is when nobody says. */
  readonly fallback: T;
  /** One sentence for the list of keys. */
  readonly help: string;
  /**
   * Only for a key that has no effect yet: nobody has to be told when this is its value. `DETAIL`
   * for keys that only matter when another one, of the same section, is set.
   */
  readonly idle?: T | typeof DETAIL;
}

/** Of a key without effect: it belongs to a feature whose switch is told already. */
export const DETAIL: unique symbol = Symbol("detail");

export interface Section {
  readonly [name: string]: AnyKey | Section;
}

// A key of any type: `unknown` would not do, since a type is read and its default written.
export type AnyKey = Key<unknown>;

/** The values of a section's keys, in the same shape. */
export type ValuesOf<S> = {
  readonly [K in keyof S]: S[K] extends Key<infer T> ? T : ValuesOf<S[K]>;
};

export function isKey(entry: AnyKey | Section): entry is AnyKey {
  return "type" in entry && "fallback" in entry;
}

export interface PlacedKey {
  readonly path: string;
  readonly key: AnyKey;
}

/** All keys below a section, with their dotted paths, in the order of the table. */
export function keysOf(section: Section, prefix = ""): readonly PlacedKey[] {
  return Object.entries(section).flatMap(([name, entry]) => {
    const path = `${prefix}${name}`;
    return isKey(entry) ? [{ path, key: entry }] : keysOf(entry, `${path}.`);
  });
}

/** A section's shape with a value for each key. */
export function valuesOf<S extends Section>(
  section: S,
  value: (placed: PlacedKey) => unknown,
  prefix = "",
): ValuesOf<S> {
  const values = Object.entries(section).map(([name, entry]) => {
    const path = `${prefix}${name}`;
    const one = isKey(entry) ? value({ path, key: entry }) : valuesOf(entry, value, `${path}.`);
    return [name, one] as const;
  });
  return Object.fromEntries(values) as ValuesOf<S>;
}
