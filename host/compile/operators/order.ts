/** Order: numbers by value, texts by byte. */
import type { Operator } from "./operator.ts";

const ORDER = {
  syntax: "order",
  families: ["number", "text"],
  lists: false,
  comparesFields: true,
  hexadecimal: false,
} as const;

/** The longer one comes first: the parser takes the first that fits. */
export const ORDERS = [
  { ...ORDER, name: "<=", help: "The value is less than the other one, or equal." },
  { ...ORDER, name: "<", help: "The value is less than the other one." },
  { ...ORDER, name: ">=", help: "The value is greater than the other one, or equal." },
  { ...ORDER, name: ">", help: "The value is greater than the other one." },
] as const satisfies readonly Operator[];
