/** Transformers in outputs: text computed of the values that the engine rendered. */
import type { OutputOperand } from "../schema/manifest.ts";
import type { FieldValue } from "../schema/value.ts";

/** Null when something that it takes is missing, or when nothing can be computed of it. */
export function computeText(operand: OutputOperand, values: readonly FieldValue[]): string | null {
  if ("constant" in operand) return operand.constant;
  if ("value" in operand) return asText(values[operand.value] ?? null);
  if ("list" in operand) return allOf(operand.list, values)?.join(",") ?? null;
  const { transformer, operands } = operand;
  if (transformer === "join") return join(operands, values);
  const texts = allOf(operands, values);
  return texts === null ? null : (TRANSFORMERS[transformer]?.(texts) ?? null);
}

type Transformer = (texts: readonly string[]) => string | null;

/** `len` has no text with Falco; `getopt` makes a list, which no output shows. */
const TRANSFORMERS: Readonly<Record<string, Transformer>> = {
  toupper: ([text = ""]) => text.replace(/[a-z]+/g, (part) => part.toUpperCase()),
  tolower: ([text = ""]) => text.replace(/[A-Z]+/g, (part) => part.toLowerCase()),
  basename: ([text = ""]) => text.slice(text.lastIndexOf("/") + 1),
  concat: (texts) => texts.join(""),
  b64: ([text = ""]) => decoded(text),
};

/**
 * Padding may lack. Text that is no base64 has no decoded form, nor has one whose last digit says
 * more than the bytes do.
 */
function decoded(text: string): string | null {
  const digits = text.replace(/={1,2}$/, "");
  const bytes = Buffer.from(digits, "base64");
  const isBase64 = bytes.toString("base64").replace(/=+$/, "") === digits;
  return isBase64 ? bytes.toString("utf8") : null;
}

function join(operands: readonly OutputOperand[], values: readonly FieldValue[]): string | null {
  const [separator, list] = operands;
  if (separator === undefined || list === undefined || !("list" in list)) return null;
  const between = computeText(separator, values);
  return between === null ? null : (allOf(list.list, values)?.join(between) ?? null);
}

function allOf(
  operands: readonly OutputOperand[],
  values: readonly FieldValue[],
): readonly string[] | null {
  const texts: string[] = [];
  for (const operand of operands) {
    const text = computeText(operand, values);
    if (text === null) return null;
    texts.push(text);
  }
  return texts;
}

function asText(value: FieldValue): string | null {
  return value === null ? null : String(value);
}
