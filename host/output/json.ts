/**
 * JSON as Falco prints it: keys in order of their bytes, no blanks, integers of 64 bits in full,
 * doubles never without a fraction, text beyond ASCII as it is.
 */
export type JsonValue =
  | null
  | boolean
  | string
  | bigint
  | number
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/** One line of JSON. Numbers are doubles; use a bigint for a number without a fraction. */
export function toJson(value: JsonValue): string {
  switch (typeof value) {
    case "string":
      return quote(value);
    case "number":
      return double(value);
    case "object":
      return value === null ? "null" : composite(value);
    default:
      return String(value);
  }
}

/**
 * Text as the inside of a JSON string: what a text alert passes through before it is printed. What
 * JSON leaves alone but a terminal obeys is escaped as well: the control characters from U+0080,
 * line separators, and marks that turn the direction of writing.
 */
export function escapeText(text: string): string {
  return quote(text)
    .slice(1, -1)
    .replace(/[\u0080-\u009f\p{Zl}\p{Zp}\p{Bidi_Control}]/gu, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

function quote(text: string): string {
  return JSON.stringify(text);
}

/** The fewest digits that say it; below 0.0001 and from 10^15 with an exponent of two digits. */
function double(value: number): string {
  if (!Number.isFinite(value)) return "null";
  const size = Math.abs(value);
  if (size === 0 || (size >= 1e-4 && size < 1e15)) {
    const text = String(value);
    return text.includes(".") ? text : `${text}.0`;
  }
  const [digits = "", exponent = ""] = value.toExponential().split("e");
  return `${digits}e${exponent.slice(0, 1)}${exponent.slice(1).padStart(2, "0")}`;
}

function composite(value: readonly JsonValue[] | { readonly [key: string]: JsonValue }): string {
  if (Array.isArray(value)) return `[${value.map(toJson).join(",")}]`;
  const members = Object.entries(value as Readonly<Record<string, JsonValue>>)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${quote(key)}:${toJson(member)}`);
  return `{${members.join(",")}}`;
}
