/**
 * Regular expressions as RE2 reads them in its POSIX mode: no Perl classes, no flags, no lazy
 * repetition. Characters are Unicode; a pattern is UTF-8, one string character per byte.
 */

/** Inclusive ranges of code points, in order, apart from each other. */
export type Ranges = readonly (readonly [first: number, last: number])[];

export type Regex =
  | { readonly kind: "set"; readonly ranges: Ranges }
  | { readonly kind: "cat" | "alt"; readonly parts: readonly Regex[] }
  | {
      readonly kind: "repeat";
      readonly part: Regex;
      readonly min: number;
      readonly max: number | null;
    }
  | { readonly kind: "line-start" | "line-end" };

export const CODE_POINT_MAX = 0x10_ffff;
const REPEAT_MAX = 1000;
const DEPTH_MAX = 200;

export class RegexError extends Error {}

/** Throws `RegexError` with RE2's words for what is wrong. */
export function parseRegex(pattern: string): Regex {
  const parser = new Parser(Array.from(Buffer.from(pattern, "latin1").toString("utf8")));
  return parser.whole();
}

const CLASSES: Readonly<Record<string, Ranges>> = {
  alnum: [
    [0x30, 0x39],
    [0x41, 0x5a],
    [0x61, 0x7a],
  ],
  alpha: [
    [0x41, 0x5a],
    [0x61, 0x7a],
  ],
  ascii: [[0, 0x7f]],
  blank: [
    [9, 9],
    [0x20, 0x20],
  ],
  cntrl: [
    [0, 0x1f],
    [0x7f, 0x7f],
  ],
  digit: [[0x30, 0x39]],
  graph: [[0x21, 0x7e]],
  lower: [[0x61, 0x7a]],
  print: [[0x20, 0x7e]],
  punct: [
    [0x21, 0x2f],
    [0x3a, 0x40],
    [0x5b, 0x60],
    [0x7b, 0x7e],
  ],
  space: [
    [9, 13],
    [0x20, 0x20],
  ],
  upper: [[0x41, 0x5a]],
  word: [
    [0x30, 0x39],
    [0x41, 0x5a],
    [0x5f, 0x5f],
    [0x61, 0x7a],
  ],
  xdigit: [
    [0x30, 0x39],
    [0x41, 0x46],
    [0x61, 0x66],
  ],
};

const NEWLINE = 10;
const LETTER_ESCAPES: Readonly<Record<string, number>> = {
  a: 7,
  f: 12,
  n: NEWLINE,
  r: 13,
  t: 9,
  v: 11,
};

class Parser {
  readonly #text: readonly string[];
  #at = 0;
  #depth = 0;

  constructor(text: readonly string[]) {
    this.#text = text;
  }

  whole(): Regex {
    const regex = this.#alternatives();
    if (this.#at < this.#text.length) throw new RegexError(`unexpected ): ${this.#text.join("")}`);
    return regex;
  }

  #peek(offset = 0): string {
    return this.#text[this.#at + offset] ?? "";
  }

  #alternatives(): Regex {
    const parts = [this.#sequence()];
    while (this.#peek() === "|") {
      this.#at++;
      parts.push(this.#sequence());
    }
    const [only] = parts;
    return parts.length === 1 && only !== undefined ? only : { kind: "alt", parts };
  }

  #sequence(): Regex {
    const parts: Regex[] = [];
    while (this.#at < this.#text.length && this.#peek() !== "|" && this.#peek() !== ")") {
      parts.push(this.#repeated());
    }
    return { kind: "cat", parts };
  }

  #repeated(): Regex {
    const part = this.#atom();
    const first = this.#repetition();
    if (first === null) return part;
    const start = this.#at;
    if (this.#repetition() !== null) {
      const operators = this.#text.slice(start - 1, this.#at).join("");
      throw new RegexError(`bad repetition operator: ${operators}`);
    }
    return { kind: "repeat", part, ...first };
  }

  /** Null when no repetition stands here; a brace that is none is an ordinary character. */
  #repetition(): { min: number; max: number | null } | null {
    const c = this.#peek();
    if (c === "*" || c === "+" || c === "?") {
      this.#at++;
      return { min: c === "+" ? 1 : 0, max: c === "?" ? 1 : null };
    }
    if (c !== "{") return null;
    const ahead = this.#text.slice(this.#at, this.#at + 16).join("");
    const [whole, low, comma, high] = /^\{(\d+)(,?)(\d*)\}/.exec(ahead) ?? [];
    if (whole === undefined || low === undefined) return null;
    if (comma === "" && high !== "") return null;
    const min = Number(low);
    const max = comma === "" ? min : high === "" || high === undefined ? null : Number(high);
    if (min > REPEAT_MAX || (max ?? 0) > REPEAT_MAX || (max !== null && max < min)) {
      throw new RegexError(`invalid repetition size: ${whole}`);
    }
    this.#at += whole.length;
    return { min, max };
  }

  #atom(): Regex {
    const c = this.#peek();
    switch (c) {
      case "(":
        return this.#group();
      case "[":
        return { kind: "set", ranges: this.#brackets() };
      case ".":
        this.#at++;
        return { kind: "set", ranges: complement([[NEWLINE, NEWLINE]]) };
      case "^":
      case "$":
        this.#at++;
        return { kind: c === "^" ? "line-start" : "line-end" };
      case "*":
      case "+":
      case "?":
        throw new RegexError(`no argument for repetition operator: ${c}`);
      case "\\":
        return single(this.#escape());
      default:
        this.#at++;
        return single(c.codePointAt(0) ?? 0);
    }
  }

  #group(): Regex {
    const rest = this.#text.slice(this.#at).join("");
    this.#at++;
    if (++this.#depth > DEPTH_MAX) throw new RegexError("expression nests too deeply");
    const inner = this.#alternatives();
    this.#depth--;
    if (this.#peek() !== ")") throw new RegexError(`missing ): ${rest}`);
    this.#at++;
    return inner;
  }

  #escape(): number {
    const c = this.#peek(1);
    if (c === "") throw new RegexError("trailing \\");
    this.#at += 2;
    const letter = LETTER_ESCAPES[c];
    if (letter !== undefined) return letter;
    const ahead = this.#text.slice(this.#at, this.#at + 10).join("");
    if (c === "x") {
      const hex = /^(?:([0-9a-fA-F]{2})|\{([0-9a-fA-F]{1,6})\})/.exec(ahead);
      const code = Number.parseInt(hex?.[1] ?? hex?.[2] ?? "", 16);
      if (hex === null || code > CODE_POINT_MAX)
        throw new RegexError(`invalid escape sequence: \\x${ahead.slice(0, 1)}`);
      this.#at += hex[0].length;
      return code;
    }
    if (/[0-7]/.test(c)) {
      const octal = c + (/^[0-7]{0,2}/.exec(ahead)?.[0] ?? "");
      // A single digit other than 0 would be a back reference.
      if (c !== "0" && octal.length === 1) throw new RegexError(`invalid escape sequence: \\${c}`);
      this.#at += octal.length - 1;
      return Number.parseInt(octal, 8);
    }
    if (/[A-Za-z0-9]/.test(c)) throw new RegexError(`invalid escape sequence: \\${c}`);
    return c.codePointAt(0) ?? 0;
  }

  #brackets(): Ranges {
    const rest = this.#text.slice(this.#at).join("");
    this.#at++;
    const negated = this.#peek() === "^";
    if (negated) this.#at++;
    const found: (readonly [number, number])[] = [];
    let first = true;
    while (this.#peek() !== "]" || first) {
      if (this.#at >= this.#text.length) throw new RegexError(`missing ]: ${rest}`);
      first = false;
      found.push(...(this.#namedClass() ?? [this.#range(rest)]));
    }
    this.#at++;
    return negated ? complement(found) : normal(found);
  }

  #namedClass(): Ranges | null {
    const ahead = this.#text.slice(this.#at, this.#at + 16).join("");
    const found = /^\[:(\^?)([^:\]]*):\]/.exec(ahead);
    if (found === null) return null;
    const [whole, negation = "", name = ""] = found;
    const ranges = new Map(Object.entries(CLASSES)).get(name);
    if (ranges === undefined) throw new RegexError(`invalid character class range: ${whole}`);
    this.#at += whole.length;
    return negation === "^" ? complement(ranges) : ranges;
  }

  #range(rest: string): readonly [number, number] {
    const start = this.#at;
    const low = this.#member(rest);
    if (this.#peek() !== "-" || this.#peek(1) === "]" || this.#peek(1) === "") return [low, low];
    this.#at++;
    const high = this.#member(rest);
    if (high < low) {
      throw new RegexError(
        `invalid character class range: ${this.#text.slice(start, this.#at).join("")}`,
      );
    }
    return [low, high];
  }

  #member(rest: string): number {
    const c = this.#peek();
    if (c === "") throw new RegexError(`missing ]: ${rest}`);
    if (c === "\\") return this.#escape();
    this.#at++;
    return c.codePointAt(0) ?? 0;
  }
}

function single(code: number): Regex {
  return { kind: "set", ranges: [[code, code]] };
}

function normal(ranges: Ranges): Ranges {
  const sorted = [...ranges].sort((a, b) => a[0] - b[0]);
  const merged: [number, number][] = [];
  for (const [first, last] of sorted) {
    const previous = merged.at(-1);
    if (previous === undefined || first > previous[1] + 1) merged.push([first, last]);
    else previous[1] = Math.max(previous[1], last);
  }
  return merged;
}

function complement(ranges: Ranges): Ranges {
  const result: [number, number][] = [];
  let next = 0;
  for (const [first, last] of normal(ranges)) {
    if (first > next) result.push([next, first - 1]);
    next = last + 1;
  }
  if (next <= CODE_POINT_MAX) result.push([next, CODE_POINT_MAX]);
  return result;
}
