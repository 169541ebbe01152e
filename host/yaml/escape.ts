import type { Cursor } from "./cursor.ts";
import { YamlError } from "./yaml-error.ts";

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["0", "\0"],
  ["a", "\x07"],
  ["b", "\b"],
  ["t", "\t"],
  ["\t", "\t"],
  ["n", "\n"],
  ["v", "\v"],
  ["f", "\f"],
  ["r", "\r"],
  ["e", "\x1b"],
  [" ", " "],
  ['"', '"'],
  ["'", "'"],
  ["\\", "\\"],
  ["/", "/"],
  ["N", "\u0085"],
  ["_", "\u00a0"],
  ["L", "\u2028"],
  ["P", "\u2029"],
]);

const DIGITS: ReadonlyMap<string, number> = new Map([
  ["x", 2],
  ["u", 4],
  ["U", 8],
]);

/** What an escape sequence stands for; takes it. The cursor is at the character that escapes. */
export function escaped(cursor: Cursor): string {
  const start = cursor.at;
  cursor.skip();
  const name = cursor.ended ? "" : cursor.take();
  const plain = ESCAPES.get(name);
  if (plain !== undefined) return plain;
  const digits = DIGITS.get(name);
  if (digits === undefined) throw new YamlError(`'\\${name}' is no escape sequence`, start);
  const from = cursor.at;
  cursor.skip(digits);
  const hex = cursor.slice(from);
  if (hex.length !== digits || !/^[0-9a-fA-F]+$/.test(hex)) {
    const wanted = `${String(digits)} hexadecimal digits`;
    throw new YamlError(`'\\${name}' must be followed by ${wanted}`, start);
  }
  const code = Number.parseInt(hex, 16);
  if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) {
    throw new YamlError(`'\\${name}${hex}' is not a Unicode character`, start);
  }
  return String.fromCodePoint(code);
}
