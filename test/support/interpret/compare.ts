/** The operators, on a value that is there. */
import { type OperatorName, searchOf } from "../../../host/compile/operators/table.ts";
import type { SearchName } from "../../../host/compile/operators/text.ts";
import { globMatches } from "./glob.ts";
import { regexMatches } from "./regex.ts";
import type { Bytes, Value } from "./values.ts";

/** One value against one other. */
export function holds(operator: OperatorName, left: Value, right: Value): boolean {
  if (right.kind === "network") return isInside(left, right) === (operator !== "!=");
  if (left.kind === "number" && right.kind === "number")
    return inOrder(operator, left.number, right.number);
  if (left.kind === "double" && right.kind === "double")
    return inOrder(operator, left.double, right.double);
  if (left.kind === "list" && right.kind === "list")
    return holdsForList(operator, left.items, right.items);
  if (left.kind === "bytes" && right.kind === "bytes")
    return textHolds(operator, left.bytes, right.bytes);
  throw new Error(`a ${left.kind} cannot be compared with a ${right.kind}`);
}

/** A list against a list: every element is in the other (so of nothing, too), or one is. */
export function holdsForList(
  operator: OperatorName,
  left: readonly Bytes[],
  right: readonly Bytes[],
): boolean {
  const isIn = (item: Bytes): boolean => right.includes(item);
  return operator === "in" ? left.every(isIn) : left.some(isIn);
}

function inOrder<T extends bigint | number | Bytes>(
  operator: OperatorName,
  left: T,
  right: T,
): boolean {
  switch (operator) {
    case "!=":
      return left !== right;
    case "<":
      return left < right;
    case "<=":
      return left <= right;
    case ">":
      return left > right;
    case ">=":
      return left >= right;
    case "=":
    case "==":
    case "in":
    case "intersects":
      return left === right;
    default:
      throw new Error(`${operator} is no order`);
  }
}

/** What each search finds; a missing one does not compile. */
const FINDS: Readonly<Record<SearchName, (left: Bytes, right: Bytes) => boolean>> = {
  contains: (left, right) => left.includes(right),
  icontains: (left, right) => folded(left).includes(folded(right)),
  startswith: (left, right) => left.startsWith(right),
  endswith: (left, right) => left.endsWith(right),
  glob: (left, right) => globMatches(left, right, false),
  iglob: (left, right) => globMatches(left, right, true),
  regex: regexMatches,
  pmatch: isBelow,
};

function folded(bytes: Bytes): Bytes {
  return bytes.replace(/[A-Z]/g, (c) => c.toLowerCase());
}

function textHolds(operator: OperatorName, left: Bytes, right: Bytes): boolean {
  const search = searchOf(operator);
  return search === null ? inOrder(operator, left, right) : FINDS[search](left, right);
}

/** The path is the prefix or lies below it, by whole components. */
function isBelow(path: Bytes, prefix: Bytes): boolean {
  const parts = (text: Bytes): Bytes[] => text.split("/").filter((part) => part !== "");
  const components = parts(path);
  return parts(prefix).every((part, i) => {
    const component = components[i];
    if (component === undefined) return false;
    return /[?*[]/.test(part) ? globMatches(component, part, false) : component === part;
  });
}

/** Addresses of the other family are never inside. */
function isInside(left: Value, network: Extract<Value, { kind: "network" }>): boolean {
  if (left.kind !== "bytes" || left.bytes.length !== network.bytes.length) return false;
  const bits = (bytes: Bytes): string =>
    Array.from(bytes)
      .map((c) => c.charCodeAt(0).toString(2).padStart(8, "0"))
      .join("");
  return bits(left.bytes).slice(0, network.bits) === bits(network.bytes).slice(0, network.bits);
}
