/**
 * RE2's expressions in its POSIX syntax, as JavaScript's: both mean the same for groups,
 * alternatives, repetitions and sets; the rest is rewritten. The whole text has to match.
 */
import type { Bytes } from "./values.ts";

const cache = new Map<string, RegExp>();

export function regexMatches(text: Bytes, pattern: Bytes): boolean {
  const expression = cache.get(pattern) ?? new RegExp(`^(?:${rewrite(pattern)})$`, "u");
  cache.set(pattern, expression);
  return expression.test(characters(text));
}

const UTF8 = new TextDecoder("utf-8", { ignoreBOM: true });

/** UTF-8, with U+FFFD for a character that breaks off and for each byte that begins none. */
export function characters(bytes: Bytes): string {
  return UTF8.decode(Buffer.from(bytes, "latin1"));
}

function decode(bytes: Bytes): string {
  return Buffer.from(bytes, "latin1").toString("utf8");
}

const CLASSES: Readonly<Record<string, string>> = {
  alpha: "a-zA-Z",
  alnum: "a-zA-Z0-9",
  ascii: "\\x00-\\x7f",
  blank: " \\t",
  cntrl: "\\x00-\\x1f\\x7f",
  digit: "0-9",
  graph: "!-~",
  lower: "a-z",
  print: " -~",
  punct: "!-\\/:-@\\[-`\\{-~",
  space: " \\t\\n\\v\\f\\r",
  upper: "A-Z",
  word: "a-zA-Z0-9_",
  xdigit: "0-9a-fA-F",
};

function rewrite(bytes: Bytes): string {
  const pattern = decode(bytes);
  let result = "";
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern[i] ?? "";
    if (c === "\\") {
      const [length, text] = escape(pattern.slice(i));
      result += text;
      i += length - 1;
    } else if (c === "[") {
      const [length, text] = set(pattern.slice(i));
      result += text;
      i += length - 1;
    } else if (c === ".") result += "[^\\n]";
    else if (c === "^") result += "(?<![^\\n])";
    else if (c === "$") result += "(?![^\\n])";
    else if (c === "{" && !/^\{\d+(?:,\d*)?\}/.test(pattern.slice(i))) result += "\\{";
    else if (c === "}" && !/\{\d+(?:,\d*)?$/.test(pattern.slice(0, i))) result += "\\}";
    else if (c === "]") result += "\\]";
    else result += c;
  }
  return result;
}

/** How much of the pattern the escape takes, and what it is here. */
function escape(rest: string): readonly [number, string] {
  const hex = /^\\x(?:\{([0-9a-fA-F]+)\}|([0-9a-fA-F]{2}))/.exec(rest);
  if (hex !== null) return [hex[0].length, `\\u{${hex[1] ?? hex[2] ?? ""}}`];
  const c = rest[1] ?? "";
  if (/[nrtfv]/.test(c)) return [2, `\\${c}`];
  return [2, quoted(c)];
}

function quoted(c: string): string {
  return /[\^$\\.*+?()[\]{}|/-]/.test(c) ? `\\${c === "-" ? "x2d" : c}` : c;
}

function set(rest: string): readonly [number, string] {
  const negated = rest[1] === "^";
  let i = negated ? 2 : 1;
  let inner = "";
  for (let first = true; first || rest[i] !== "]"; first = false) {
    const named = /^\[:(\^?)([a-z]+):\]/.exec(rest.slice(i));
    if (named !== null) {
      const members = CLASSES[named[2] ?? ""] ?? "";
      inner += named[1] === "^" ? complement(members) : members;
      i += named[0].length;
    } else if (rest[i] === "\\") {
      const [length, text] = escape(rest.slice(i));
      inner += text;
      i += length;
    } else {
      const c = rest[i++] ?? "";
      const isRange = c === "-" && !first && rest[i] !== "]";
      inner += isRange ? "-" : quoted(c);
    }
  }
  return [i + 1, `[${negated ? "^" : ""}${inner}]`];
}

/** Everything outside of ASCII sets. */
function complement(members: string): string {
  const one = new RegExp(`[${members}]`, "u");
  const codes = Array.from({ length: 128 }, (_, code) => code);
  const others = codes.filter((code) => !one.test(String.fromCharCode(code)));
  return `${others.map((code) => `\\u{${code.toString(16)}}`).join("")}\\u{80}-\\u{10ffff}`;
}
