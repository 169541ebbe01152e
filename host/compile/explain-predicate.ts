/** One predicate of the plan in words: what is read, what is asked, and by which means. */
import type { Bytes } from "./4-check/predicate.ts";
import type { Ask } from "./5-plan/graph.ts";
import type { Read } from "./5-plan/read.ts";

export function readText(read: Read): string {
  switch (read.kind) {
    case "constant":
      return `"${text(read.bytes)}"`;
    case "list":
      return `(${read.items.map(readText).join(", ")})`;
    case "transform":
      return `${read.name}(${read.operands.map(readText).join(", ")})${bracketed(read.argument)}`;
    case "field":
      return read.mode === "param" && !/^\d*$/.test(read.argument ?? "")
        ? `${read.field.name}.${read.argument ?? ""}`
        : read.field.name + bracketed(read.argument);
  }
}

export function operatorOf(ask: Ask): string {
  switch (ask.op) {
    case "text-in":
    case "number-in":
    case "address-in":
      return countOf(ask) === 1 ? "=" : "in";
    case "text-not":
    case "number-not":
    case "address-not":
    case "network-not":
      return "!=";
    case "text-order":
    case "number-order":
    case "float-order":
    case "same-field":
      return ask.operator;
    case "network-in":
      return "in";
    case "list-all":
      return "in";
    case "list-any":
      return "intersects";
    default:
      return ask.op;
  }
}

export function valuesOf(ask: Ask): readonly string[] {
  switch (ask.op) {
    case "exists":
      return [];
    case "number-in":
    case "number-not":
    case "number-order":
    case "float-order":
      return ask.numbers.map(String);
    case "address-in":
    case "address-not":
      return ask.texts.map(address);
    case "network-in":
    case "network-not":
      return ask.networks.map(({ bytes, bits }) => `${address(bytes)}/${bits}`);
    case "same-field":
      return [readText(ask.right)];
    default:
      return ask.texts.map(text);
  }
}

/** The means, as `6-emit/ask-code.ts` chooses them. */
export function answerOf(ask: Ask): string {
  const count = countOf(ask);
  switch (ask.op) {
    case "exists":
      return "presence";
    case "text-in":
      return count === 1 ? "comparison" : `hash set of ${count}`;
    case "list-all":
    case "list-any":
      return `hash set of ${count}, for each element`;
    case "number-in":
      return count > 3 ? `table of ${count} numbers` : "comparison";
    case "startswith":
    case "endswith":
      return count === 1 ? "comparison" : `${count} comparisons`;
    case "contains":
    case "icontains":
      return count === 1 ? "search" : `${count} searches`;
    case "glob":
    case "iglob":
      return count === 1 ? "pattern" : `${count} patterns`;
    case "regex":
      return "automaton";
    case "pmatch":
      return `trie of ${count} paths`;
    case "network-in":
    case "network-not":
      return count === 1 ? "mask" : `${count} masks`;
    case "address-in":
      return count === 1 ? "comparison" : `${count} addresses`;
    case "same-field":
      return "comparison of two fields";
    default:
      return "comparison";
  }
}

function countOf(ask: Ask): number {
  if ("texts" in ask) return ask.texts.length;
  if ("numbers" in ask) return ask.numbers.length;
  return "networks" in ask ? ask.networks.length : 1;
}

function bracketed(argument: string | null): string {
  return argument === null ? "" : `[${argument}]`;
}

function text(bytes: Bytes): string {
  return Buffer.from(bytes, "latin1").toString("utf8");
}

function address(bytes: Bytes): string {
  const numbers = [...Buffer.from(bytes, "latin1")];
  if (numbers.length === 4) return numbers.join(".");
  const hex = numbers.map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return (hex.match(/.{4}/g) ?? []).join(":");
}
