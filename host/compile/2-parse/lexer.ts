/** The terminal symbols of conditions. Nothing here knows what may follow what. */
import type { Problem } from "../../diagnostics/diagnostic.ts";

/** Ends a parse; caught by the function that started it, which returns the problem. */
export class SyntaxFailure extends Error {
  readonly problem: Problem;
  readonly offset: number;
  constructor(problem: Problem, offset: number) {
    super(problem.code);
    this.problem = problem;
    this.offset = offset;
  }
}

const BLANKS = /[ \t\b\r\n]*/y;
const FIELD = /[a-zA-Z][a-zA-Z0-9_]*(?:\.[a-zA-Z][a-zA-Z0-9_]*)+/y;
const IDENTIFIER = /[a-zA-Z][a-zA-Z0-9_]*/y;
// Space is that of ASCII: others, as the no-break space, are part of a word, as they are for Falco.
const BARE_ARGUMENT = /[^[\]"' \t\n\v\f\r]+/y;
const BARE = /[^()"' \t\n\v\f\r=,]+/y;
const HEX = /0[xX][0-9a-zA-Z]+/y;
const NUMBER = /[+-]?[0-9]+\.?[0-9]*(?:[eE][+-][0-9]+)?/y;

export class Lexer {
  readonly text: string;
  at = 0;
  /** The last token taken, for messages. */
  last = "";

  constructor(text: string) {
    this.text = text;
  }

  get ended(): boolean {
    return this.at >= this.text.length;
  }

  fail(expected: string, after: string | null = null): never {
    throw new SyntaxFailure({ code: "syntax", expected, after }, this.at);
  }

  /** True when there was at least one blank. */
  blank(): boolean {
    BLANKS.lastIndex = this.at;
    BLANKS.test(this.text);
    const moved = BLANKS.lastIndex > this.at;
    this.at = BLANKS.lastIndex;
    return moved;
  }

  isBlankAt(offset: number): boolean {
    const c = this.text[offset];
    return c === " " || c === "\t" || c === "\b" || c === "\r" || c === "\n";
  }

  take(symbol: string): boolean {
    if (!this.text.startsWith(symbol, this.at)) return false;
    this.at += symbol.length;
    this.last = symbol;
    return true;
  }

  /** A word that has to be followed by a blank, which is not taken. */
  takeWord(word: string): boolean {
    return this.isBlankAt(this.at + word.length) && this.take(word);
  }

  field(): string | null {
    return this.#match(FIELD);
  }
  identifier(): string | null {
    return this.#match(IDENTIFIER);
  }
  bareArgument(): string | null {
    return this.#match(BARE_ARGUMENT);
  }
  bare(): string | null {
    return this.#match(BARE);
  }
  number(): string | null {
    return this.#match(HEX) ?? this.#match(NUMBER);
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found === undefined) return null;
    this.at += found.length;
    this.last = found;
    return found;
  }

  /** Null when no quote stands here or none ends the string. */
  quoted(): string | null {
    const quote = this.text[this.at];
    if (quote !== "'" && quote !== '"') return null;
    let end = this.at + 1;
    // Only the character before a quote is looked at: "\\" stays open, as it does for Falco.
    while (end < this.text.length && (this.text[end] !== quote || this.text[end - 1] === "\\"))
      end++;
    if (end >= this.text.length) return null;
    const raw = this.text.slice(this.at + 1, end);
    const start = this.at + 1;
    this.at = end + 1;
    const value = unescape(raw, quote, start);
    this.last = value;
    return value;
  }
}

const LETTER_ESCAPES: Readonly<Record<string, string>> = {
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  " ": "\\",
  "\\": "\\",
  "/": "/",
};

function unescape(raw: string, quote: string, start: number): string {
  if (!raw.includes("\\")) return raw;
  let value = "";
  for (let i = 0; i < raw.length; i++) {
    const c = raw[i] ?? "";
    if (c !== "\\") {
      value += c;
      continue;
    }
    const next = raw[++i] ?? "";
    const letter = next === quote ? quote : LETTER_ESCAPES[next];
    const hex = next === "x" ? /^[0-9a-fA-F]{2}/.exec(raw.slice(i + 1, i + 3))?.[0] : undefined;
    if (letter !== undefined) value += letter;
    else if (hex !== undefined) {
      const byte = Number.parseInt(hex, 16);
      value += String.fromCharCode(byte < 0x80 ? byte : 0xdc00 + byte);
      i += 2;
    } else throw new SyntaxFailure({ code: "string-escape", sequence: `\\${next}` }, start + i - 1);
  }
  return value;
}
