/** Presence, equality and membership: what every type of value can be asked. */
import type { Family, Operator } from "./operator.ts";

const COMPARABLE: readonly Family[] = ["number", "truth", "text", "bytes", "address", "network"];
const COMMON = { lists: false, comparesFields: true, hexadecimal: false } as const;
const EQUALITY = { ...COMMON, syntax: "symbol", families: COMPARABLE } as const;
const SET = { ...COMMON, syntax: "list", families: COMPARABLE, lists: true } as const;

export const PRESENCE = [
  {
    ...COMMON,
    name: "exists",
    syntax: "exists",
    families: [...COMPARABLE, "opaque"],
    lists: true,
    help: "The field has a value.",
  },
] as const satisfies readonly Operator[];

export const EQUALITIES = [
  { ...EQUALITY, name: "==", help: "The same as =." },
  { ...EQUALITY, name: "=", help: "The value equals the other one." },
  { ...EQUALITY, name: "!=", help: "There is a value, and it differs from the other one." },
] as const satisfies readonly Operator[];

export const SETS = [
  { ...SET, name: "intersects", help: "At least one value is in the list." },
  { ...SET, name: "in", help: "The value, or each value of a list, is in the list." },
] as const satisfies readonly Operator[];
