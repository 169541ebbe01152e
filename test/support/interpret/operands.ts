/** What a side of a check is worth in an event; undefined where a part of it is missing. */
import type { Operand, TransformerArgument } from "../../../host/compile/2-parse/ast.ts";
import { bytesOf } from "./constants.ts";
import { transform } from "./transformers.ts";
import { askedField, type EventFields, readField, type Shape, type Value } from "./values.ts";

export function valueOf(operand: TransformerArgument, event: EventFields): Value | undefined {
  switch (operand.kind) {
    case "value":
      return { kind: "bytes", bytes: bytesOf(operand.text) };
    case "field":
      return readField(askedField(operand), event);
    case "list": {
      const values = operand.items.map((item) => valueOf(item, event));
      if (values.includes(undefined)) return undefined;
      return { kind: "list", items: values.map((value) => printed(value)) };
    }
    case "transformer": {
      const values = operand.operands.map((item) => valueOf(item, event));
      const present = values.filter((value) => value !== undefined);
      if (present.length < values.length) return undefined;
      return transform(operand.name, present, operand.argument);
    }
  }
}

function printed(value: Value | undefined): string {
  if (value?.kind === "number") return value.number.toString();
  if (value?.kind === "double") return value.double.toString();
  if (value?.kind === "bytes") return value.bytes;
  throw new Error("a list holds texts and numbers only");
}

/** How the values of an operand are compared. */
export function operandShape(operand: Operand): Shape {
  if (operand.kind === "field") return askedField(operand).shape;
  return operand.name === "len" ? { kind: "integer", signed: false, bits: 64 } : { kind: "text" };
}
