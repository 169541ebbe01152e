/** The operators, on a value that is there. */
import type { ComparisonOperator } from "../../../host/compile/2-parse/ast.ts";
import { globMatches } from "./glob.ts";
import { regexMatches } from "./regex.ts";
import type { Bytes, Value } from "./values.ts";

/** One value against one other. */
export function holds(operator: ComparisonOperator, left: Value, right: Value): boolean {
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
  operator: ComparisonOperator,
  left: readonly Bytes[],
  right: readonly Bytes[],
): boolean {
  const isIn = (item: Bytes): boolean => right.includes(item);
  return operator === "in" ? left.every(isIn) : left.some(isIn);
}

function inOrder<T extends bigint | number | Bytes>(
  operator: ComparisonOperator,
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

function textHolds(operator: ComparisonOperator, left: Bytes, right: Bytes): boolean {
  const folded = (bytes: Bytes): Bytes => bytes.replace(/[A-Z]/g, (c) => c.toLowerCase());
  switch (operator) {
    case "contains":
    case "bcontains":
      return left.includes(right);
    case "icontains":
      return folded(left).includes(folded(right));
    case "startswith":
    case "bstartswith":
      return left.startsWith(right);
    case "endswith":
      return left.endsWith(right);
    case "glob":
      return globMatches(left, right, false);
    case "iglob":
      return globMatches(left, right, true);
    case "regex":
      return regexMatches(left, right);
    case "pmatch":
      return isBelow(left, right);
    default:
      return inOrder(operator, left, right);
  }
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
