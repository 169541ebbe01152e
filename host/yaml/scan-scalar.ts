/**
 * The text of a scalar, folded, chomped and unescaped as yaml-cpp does it, which is not always what
 * the specification says: line breaks at the end of quoted text are clipped to one, and a NUL in a
 * scalar without quotes escapes what follows it.
 */
import { type Cursor, isBlank, isBreak, isDocumentMark, isSpace, oneOf } from "./cursor.ts";
import { escaped } from "./escape.ts";
import { YamlError } from "./yaml-error.ts";

const SPACE = 32;
const TAB = 9;
const HASH = 35;
const DASH = 45;
const DOT = 46;
const COLON = 58;
const SINGLE_QUOTE = 39;
const DOUBLE_QUOTE = 34;
const BACKSLASH = 92;
const NUL = 0;
const END_UNIT = 4;

export interface ScannedScalar {
  readonly text: string;
  /** Behind its last character. */
  readonly end: number;
  /** It was ended by a line that is indented less. */
  readonly endedByIndent: boolean;
}

/** How one kind of scalar on the line of its key ends and what escapes in it. */
interface FlowRules {
  readonly isEnd: (cursor: Cursor) => boolean;
  readonly escape: number;
  readonly indent: number;
  readonly isPlain: boolean;
}

const endsPlainInFlow = oneOf(",?[]{}");
const followsColonInFlow = oneOf(",]}");

function endsPlain(cursor: Cursor): boolean {
  const unit = cursor.peek();
  if (unit === COLON) return isSpace(cursor.peek(1)) || cursor.peek(1) === END_UNIT;
  return isSpace(unit) && cursor.peek(1) === HASH;
}

function endsPlainOfFlow(cursor: Cursor): boolean {
  const unit = cursor.peek();
  if (endsPlainInFlow(unit)) return true;
  return endsPlain(cursor) || (unit === COLON && followsColonInFlow(cursor.peek(1)));
}

export function scanPlain(cursor: Cursor, indent: number, isInFlow: boolean): ScannedScalar {
  const isEnd = isInFlow ? endsPlainOfFlow : endsPlain;
  return scanFlow(cursor, { isEnd, escape: NUL, indent, isPlain: true });
}

/** The cursor is behind the opening quote. */
export function scanQuoted(cursor: Cursor, isSingle: boolean): ScannedScalar {
  const quote = isSingle ? SINGLE_QUOTE : DOUBLE_QUOTE;
  const isEnd = (at: Cursor): boolean =>
    at.peek() === quote && !(isSingle && at.peek(1) === SINGLE_QUOTE);
  const escape = isSingle ? SINGLE_QUOTE : BACKSLASH;
  return scanFlow(cursor, { isEnd, escape, indent: 0, isPlain: false });
}

/** The text so far, and how much of it white space at the end must not be taken off. */
class Text {
  text = "";
  /** Behind the last escape, -1 without one: nothing before it is trimmed. */
  escapedTo = -1;

  /** Without trailing `characters`, but for `kept` of them. */
  trimEnd(characters: string, kept: number): void {
    let end = this.text.length;
    while (end > 0 && characters.includes(this.text.charAt(end - 1))) end -= 1;
    // yaml-cpp keeps the character behind an escape, whatever it is.
    if (this.escapedTo >= end) end = this.escapedTo + 1;
    this.text = end === 0 ? "" : this.text.slice(0, end + kept);
  }
}

function scanFlow(cursor: Cursor, rules: FlowRules): ScannedScalar {
  const out = new Text();
  const { isPlain } = rules;
  let wasEmpty = false;
  let endedByIndent = false;
  let end = cursor.at;
  while (!cursor.ended) {
    const line = scanLine(cursor, rules, out);
    end = line.end;
    if (line.isLast) {
      if (!isPlain) throw new YamlError("a quoted text has no closing quote", cursor.at);
      break;
    }
    if (isPlain && isDocumentEdge(cursor)) break;
    if (rules.isEnd(cursor)) {
      if (!isPlain) cursor.skip();
      break;
    }
    out.text = out.text.slice(0, line.length);
    cursor.skipBreak();
    skipIndent(cursor, rules);
    const isEmpty = isBreak(cursor.peek());
    if (isEmpty) out.text += "\n";
    else if (!wasEmpty && !line.isContinued) out.text += " ";
    wasEmpty = isEmpty;
    if (isEmpty || cursor.column >= rules.indent) continue;
    endedByIndent = true;
    break;
  }
  if (isPlain) {
    out.trimEnd(" \t", 0);
    out.trimEnd("\n", 0);
  } else {
    out.trimEnd("\n", 1);
  }
  return { text: out.text, end: isPlain ? end : cursor.at, endedByIndent };
}

interface Line {
  /** Length of the text without the white space at the end of the line. */
  readonly length: number;
  /** Behind the last character of the line that is no white space. */
  readonly end: number;
  /** The break at its end is escaped. */
  readonly isContinued: boolean;
  /** The text ends with it. */
  readonly isLast: boolean;
}

function scanLine(cursor: Cursor, rules: FlowRules, out: Text): Line {
  let length = out.text.length;
  let end = cursor.at;
  let from = cursor.at;
  const flush = (): void => {
    out.text += cursor.slice(from);
  };
  while (!cursor.ended && !rules.isEnd(cursor) && !isBreak(cursor.peek())) {
    if (cursor.column === 0 && isDocumentEdge(cursor)) {
      if (rules.isPlain) break;
      throw new YamlError("a document begins or ends inside of a quoted text", cursor.at);
    }
    const unit = cursor.peek();
    if (unit === rules.escape) {
      flush();
      const isContinued = unit === BACKSLASH && isBreak(cursor.peek(1));
      if (isContinued) cursor.skip();
      else out.text += escaped(cursor);
      length = out.text.length;
      out.escapedTo = length;
      end = cursor.at;
      from = cursor.at;
      if (isContinued) return { length, end, isContinued, isLast: cursor.ended };
      continue;
    }
    cursor.skip();
    if (!isBlank(unit)) {
      length = out.text.length + cursor.at - from;
      end = cursor.at;
    }
  }
  flush();
  return { length, end, isContinued: false, isLast: cursor.ended };
}

function isDocumentEdge(cursor: Cursor): boolean {
  return isDocumentMark(cursor, DASH) || isDocumentMark(cursor, DOT);
}

function skipIndent(cursor: Cursor, rules: FlowRules): void {
  while (isBlank(cursor.peek()) && !rules.isEnd(cursor)) {
    if (cursor.peek() === TAB && cursor.column < rules.indent) throw tabInIndent(cursor);
    cursor.skip();
  }
}

function tabInIndent(cursor: Cursor): YamlError {
  return new YamlError("a tab cannot indent; use spaces", cursor.at);
}

export interface BlockRules {
  readonly isFolded: boolean;
  readonly chomp: "clip" | "keep" | "strip";
  readonly indent: number;
  /** The first line with text says how far the text is indented. */
  readonly detectsIndent: boolean;
}

/** The cursor is at the end of the line of the indicator. */
export function scanBlock(cursor: Cursor, rules: BlockRules): ScannedScalar {
  const out = new Text();
  const folding = new Folding(out, rules.isFolded);
  let { indent } = rules;
  let hasText = false;
  let isPastHeader = false;
  while (!cursor.ended) {
    if (scanBlockLine(cursor, out)) {
      hasText = true;
      isPastHeader = true;
    }
    if (cursor.peek() === END_UNIT) break;
    cursor.skipBreak();
    const detects = rules.detectsIndent && !hasText;
    while (cursor.peek() === SPACE && (cursor.column < indent || detects)) cursor.skip();
    if (detects) indent = Math.max(indent, cursor.column);
    if (cursor.peek() === TAB && cursor.column < indent) throw tabInIndent(cursor);
    const next = {
      isEmpty: isBreak(cursor.peek()),
      isIndentedMore: isBlank(cursor.peek()),
      isInside: cursor.column >= indent,
    };
    if (isPastHeader) folding.line(next, hasText);
    else folding.skip(next);
    isPastHeader = true;
    if (!next.isEmpty && !next.isInside) break;
  }
  if (rules.chomp !== "keep") out.trimEnd("\n", rules.chomp === "clip" ? 1 : 0);
  return { text: out.text, end: cursor.at, endedByIndent: true };
}

/** Whether the line had any text. */
function scanBlockLine(cursor: Cursor, out: Text): boolean {
  const start = cursor.at;
  let from = start;
  while (cursor.peek() !== END_UNIT && !isBreak(cursor.peek())) {
    if (cursor.peek() !== NUL) {
      cursor.skip();
      continue;
    }
    out.text += cursor.slice(from) + escaped(cursor);
    out.escapedTo = out.text.length;
    from = cursor.at;
  }
  out.text += cursor.slice(from);
  return cursor.at > start;
}

interface NextLine {
  readonly isEmpty: boolean;
  readonly isIndentedMore: boolean;
  readonly isInside: boolean;
}

/** What line breaks of a block scalar become. */
class Folding {
  readonly #out: Text;
  readonly #isFolded: boolean;
  #wasEmpty = false;
  #wasIndentedMore = false;
  /** Empty lines since the last text. */
  #empty = 0;
  #beganIndentedMore = false;

  constructor(out: Text, isFolded: boolean) {
    this.#out = out;
    this.#isFolded = isFolded;
  }

  /** The break behind the indicator is none of the text. */
  skip(next: NextLine): void {
    if (this.#empty === 0 && next.isEmpty) this.#beganIndentedMore = this.#wasIndentedMore;
    this.#wasEmpty = next.isEmpty;
    this.#wasIndentedMore = next.isIndentedMore;
  }

  line(next: NextLine, hasText: boolean): void {
    const folds = !this.#wasEmpty && !this.#wasIndentedMore;
    if (this.#empty === 0 && next.isEmpty) this.#beganIndentedMore = this.#wasIndentedMore;
    if (!this.#isFolded) this.#out.text += "\n";
    else if (folds && !next.isEmpty && !next.isIndentedMore && next.isInside) this.#out.text += " ";
    else if (next.isEmpty) this.#empty += 1;
    else this.#out.text += "\n";
    if (this.#isFolded && !next.isEmpty && this.#empty > 0) {
      const isKept = this.#beganIndentedMore || next.isIndentedMore || !hasText;
      this.#out.text += "\n".repeat(this.#empty - 1 + (isKept ? 1 : 0));
      this.#empty = 0;
    }
    this.#wasEmpty = next.isEmpty;
    this.#wasIndentedMore = next.isIndentedMore;
  }
}
