/** One predicate of the plan in words: what is read and what is asked. */
import type { Bytes } from "../4-check/predicate.ts";
import type { Ask } from "./graph.ts";
import type { Read } from "./read.ts";

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

export function countOf(ask: Ask): number {
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
