/**
 * A place in a text that only moves forward. Columns and lines count as yaml-cpp counts them: the
 * first line end of a file decides whether lines end in CR alone or in LF (with or without a CR
 * before it). The other of the two is a break, too, but begins no new column.
 */
import type { SourceFile } from "./source-file.ts";

/** What is read behind the end: END OF TRANSMISSION, which yaml-cpp takes for the end anyway. */
export const END = 4;

const LF = 10;
const CR = 13;

export class Cursor {
  readonly file: SourceFile;
  readonly #text: string;
  readonly #lineEnd: number;
  #lineStart = 0;
  at = 0;
  line = 0;

  constructor(file: SourceFile) {
    this.file = file;
    this.#text = file.text;
    const first = /[\r\n]/.exec(this.#text);
    const isCr = first?.[0] === "\r" && this.#text.charCodeAt(first.index + 1) !== LF;
    this.#lineEnd = isCr ? CR : LF;
  }

  get ended(): boolean {
    return this.at >= this.#text.length;
  }
  get column(): number {
    return this.at - this.#lineStart;
  }

  /** The UTF-16 unit so many places ahead. */
  peek(ahead = 0): number {
    const at = this.at + ahead;
    return at < this.#text.length ? this.#text.charCodeAt(at) : END;
  }

  slice(from: number): string {
    return this.#text.slice(from, this.at);
  }

  /** Takes what holds no line break. */
  skip(units = 1): void {
    this.at = Math.min(this.at + units, this.#text.length);
  }

  /** Takes one line break: LF, CR LF, or CR. */
  skipBreak(): void {
    if (this.peek() === CR && this.peek(1) === LF) this.#skipEnd();
    this.#skipEnd();
  }

  #skipEnd(): void {
    const isEnd = this.peek() === this.#lineEnd;
    this.at += 1;
    if (!isEnd) return;
    this.line += 1;
    this.#lineStart = this.at;
  }

  /** At the end of a text everything that was indented ends, as at the margin. */
  toMargin(): void {
    this.#lineStart = this.at;
  }

  /** The code point here, taken. */
  take(): string {
    const from = this.at;
    const unit = this.peek();
    const isPair = unit >= 0xd800 && unit < 0xdc00;
    this.skip(isPair ? 2 : 1);
    return this.slice(from);
  }

  skipBlanks(): void {
    while (isBlank(this.peek())) this.at += 1;
  }

  /** To the end of the line, in front of its break. */
  skipLine(): void {
    while (!this.ended && !isBreak(this.peek())) this.at += 1;
  }
}

export function isBlank(unit: number): boolean {
  return unit === 32 || unit === 9;
}

export function isBreak(unit: number): boolean {
  return unit === LF || unit === CR;
}

export function isSpace(unit: number): boolean {
  return isBlank(unit) || isBreak(unit);
}

/** What has to follow an indicator such as `-` or `:` for it to be one. */
export function isSpaceOrEnd(unit: number): boolean {
  return isSpace(unit) || unit === END;
}

/** Tests for one of a set of ASCII characters. */
export function oneOf(characters: string): (unit: number) => boolean {
  const table = new Uint8Array(128);
  for (const character of characters) table[character.charCodeAt(0)] = 1;
  return (unit) => unit < 128 && table[unit] === 1;
}

/** `---` or `...` at the margin, alone. */
export function isDocumentMark(cursor: Cursor, mark: number): boolean {
  return (
    cursor.column === 0 &&
    cursor.peek() === mark &&
    cursor.peek(1) === mark &&
    cursor.peek(2) === mark &&
    isSpaceOrEnd(cursor.peek(3))
  );
}
