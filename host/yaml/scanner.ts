/**
 * Tokens of YAML by the rules of yaml-cpp, which Falco reads its files with: what it takes is taken
 * here and what it refuses is refused. The rules that differ from the specification or are easily
 * forgotten:
 *
 *   - inside of brackets indentation means nothing, so a closing one may stand at the margin
 *   - `#` begins a comment wherever a token could begin, also right behind a bracket or a quote
 *   - a key ends on its line, within 1,024 bytes
 *   - a tab in front of a key keeps it from being one
 */
import {
  Cursor,
  isBlank,
  isBreak,
  isDocumentMark,
  isSpace,
  isSpaceOrEnd,
  oneOf,
} from "./cursor.ts";
import { scanBlock, scanPlain, scanQuoted } from "./scan-scalar.ts";
import { scanTag } from "./scan-tag.ts";
import type { SourceFile } from "./source-file.ts";
import { Structure } from "./structure.ts";
import type { Token } from "./token.ts";
import { YamlError } from "./yaml-error.ts";

const TAB = 9;
const DOUBLE_QUOTE = 34;
const HASH = 35;
const PERCENT = 37;
const AMPERSAND = 38;
const SINGLE_QUOTE = 39;
const ASTERISK = 42;
const COMMA = 44;
const DASH = 45;
const DOT = 46;
const COLON = 58;
const EXCLAMATION = 33;
const GREATER = 62;
const QUESTION = 63;
const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;
const OPEN_BRACE = 123;
const BAR = 124;
const CLOSE_BRACE = 125;

const startsNoPlain = oneOf(",[]{}#&*!|>'\"%@`");
const endsName = oneOf("[]{},");
const followsName = oneOf("?:,]}%@`");
const followsColonInFlow = oneOf(",]}");

export class Scanner {
  readonly #cursor: Cursor;
  readonly #structure: Structure;
  #ended = false;
  /** False behind quoted text, up to the end of its line. */
  #allowsScalar = true;
  /** Behind a bracket or a quote a colon needs no blank. */
  #afterClosed = false;

  constructor(file: SourceFile) {
    this.#cursor = new Cursor(file);
    this.#structure = new Structure(this.#cursor);
  }

  /** Where reading is. */
  get at(): number {
    return this.#cursor.at;
  }

  /** The next token, null at the end. Throws YamlError. */
  peek(): Token | null {
    for (;;) {
      const token = this.#structure.first();
      if (token?.state === "valid") return token;
      if (token?.state === "invalid") this.#structure.drop();
      // What is still open at the end of the text is a key without a colon.
      else if (this.#ended) return token ?? null;
      else this.#scan();
    }
  }

  next(): void {
    if (this.peek() !== null) this.#structure.drop();
  }

  get #isInFlow(): boolean {
    return this.#structure.isInFlow;
  }

  #scan(): void {
    const cursor = this.#cursor;
    this.#skipToToken();
    this.#structure.endIndentsTo(cursor.column);
    if (cursor.ended) {
      this.#end();
      return;
    }
    if (cursor.column === 0 && this.#scanAtMargin()) return;
    if (this.#scanIndicator(cursor.peek())) return;
    this.#scanContent(cursor.peek());
  }

  #skipToToken(): void {
    const cursor = this.#cursor;
    for (;;) {
      while (isBlank(cursor.peek())) {
        if (cursor.peek() === TAB && !this.#isInFlow) this.#structure.allowsKey = false;
        cursor.skip();
      }
      if (cursor.peek() === HASH) cursor.skipLine();
      if (!isBreak(cursor.peek())) return;
      cursor.skipBreak();
      this.#structure.refuseKey();
      if (!this.#isInFlow) this.#structure.allowsKey = true;
      this.#allowsScalar = true;
    }
  }

  #scanAtMargin(): boolean {
    const cursor = this.#cursor;
    if (cursor.peek() === PERCENT) this.#scanDirective();
    else if (isDocumentMark(cursor, DASH)) this.#scanDocumentMark("document-start");
    else if (isDocumentMark(cursor, DOT)) this.#scanDocumentMark("document-end");
    else return false;
    return true;
  }

  /** Structure: false when the character begins content. */
  #scanIndicator(unit: number): boolean {
    const next = this.#cursor.peek(1);
    if (unit === OPEN_BRACKET || unit === OPEN_BRACE) this.#openFlow(unit);
    else if (unit === CLOSE_BRACKET || unit === CLOSE_BRACE) this.#closeFlow(unit);
    else if (unit === COMMA) this.#scanComma();
    else if (unit === DASH && isSpaceOrEnd(next)) this.#scanEntry();
    else if (unit === QUESTION && isSpace(next)) this.#scanQuestion();
    else if (unit === COLON && this.#isValueMark(next)) this.#scanColon();
    else return false;
    return true;
  }

  #isValueMark(next: number): boolean {
    if (!this.#isInFlow) return isSpaceOrEnd(next);
    return this.#afterClosed || isSpace(next) || followsColonInFlow(next);
  }

  #scanContent(unit: number): void {
    if (unit === ASTERISK || unit === AMPERSAND) this.#scanName(unit === ASTERISK);
    else if (unit === EXCLAMATION) this.#scanTag();
    else if (!this.#isInFlow && (unit === BAR || unit === GREATER)) this.#scanBlock();
    else if (!this.#allowsScalar) throw this.#error("text cannot follow a closing quote here");
    else if (unit === SINGLE_QUOTE || unit === DOUBLE_QUOTE) this.#scanQuoted(unit);
    else if (this.#startsPlain(unit)) this.#scanPlain();
    else {
      const character = String.fromCodePoint(unit);
      throw this.#error(`text cannot begin with '${character}'; put it in quotes`);
    }
  }

  #startsPlain(unit: number): boolean {
    if (startsNoPlain(unit) || isSpace(unit)) return false;
    const next = this.#cursor.peek(1);
    if (unit === QUESTION) return !this.#isInFlow && !isSpaceOrEnd(next);
    if (unit !== DASH && unit !== COLON) return true;
    return this.#isInFlow ? !(isBlank(next) || next === 4) : !isSpaceOrEnd(next);
  }

  // Documents

  #scanDirective(): void {
    const cursor = this.#cursor;
    this.#endBlocks();
    const offset = cursor.at;
    cursor.skip();
    const text = this.#takeWord();
    const parameters: string[] = [];
    for (;;) {
      cursor.skipBlanks();
      if (cursor.ended || isBreak(cursor.peek()) || cursor.peek() === HASH) break;
      parameters.push(this.#takeWord());
    }
    this.#structure.push("directive", offset, { text, parameters });
  }

  #takeWord(): string {
    const from = this.#cursor.at;
    while (!this.#cursor.ended && !isSpace(this.#cursor.peek())) this.#cursor.skip();
    return this.#cursor.slice(from);
  }

  #scanDocumentMark(kind: "document-start" | "document-end"): void {
    this.#endBlocks();
    this.#structure.pushMark(kind, 3);
  }

  #endBlocks(): void {
    this.#structure.endAllIndents();
    this.#structure.forgetKeys();
    this.#structure.allowsKey = false;
    this.#afterClosed = false;
  }

  #end(): void {
    this.#cursor.toMargin();
    this.#structure.endAllIndents();
    this.#structure.forgetKeys();
    this.#structure.allowsKey = false;
    this.#ended = true;
  }

  // Flow: brackets, braces, commas

  #openFlow(unit: number): void {
    this.#structure.allowKeyHere();
    this.#structure.allowsKey = true;
    this.#afterClosed = false;
    const kind = unit === OPEN_BRACKET ? "sequence" : "map";
    this.#structure.openFlow(kind);
    this.#structure.pushMark(`flow-${kind}-start`, 1);
  }

  #closeFlow(unit: number): void {
    const close = String.fromCharCode(unit);
    const open = unit === CLOSE_BRACKET ? "[" : "{";
    if (!this.#isInFlow)
      throw this.#error(`there is no '${open}' that this '${close}' could close`);
    this.#endFlowItem();
    this.#structure.allowsKey = false;
    this.#afterClosed = true;
    const kind = unit === CLOSE_BRACKET ? "sequence" : "map";
    if (this.#structure.flow !== kind) {
      const wanted = kind === "sequence" ? "}" : "]";
      throw this.#error(`expected '${wanted}' instead of '${close}'`);
    }
    this.#structure.closeFlow();
    this.#structure.pushMark(`flow-${kind}-end`, 1);
  }

  #scanComma(): void {
    if (this.#cursor.column === 0) throw this.#error("a line cannot begin with a comma");
    if (!this.#allowsScalar) throw this.#error("a comma cannot follow a closing quote here");
    this.#endFlowItem();
    this.#structure.allowsKey = true;
    this.#afterClosed = false;
    this.#structure.pushMark("flow-entry", 1);
  }

  /** What stands alone in braces is a key without a value. */
  #endFlowItem(): void {
    const flow = this.#structure.flow;
    if (flow === "sequence") this.#structure.refuseKey();
    if (flow === "map" && this.#structure.acceptKey())
      this.#structure.push("value", this.#cursor.at);
  }

  // Block: entries, keys, values

  #scanEntry(): void {
    if (this.#isInFlow) throw this.#error("a list of lines cannot stand inside of brackets");
    if (!this.#structure.allowsKey) throw this.#error("a list cannot begin here");
    this.#structure.indentTo("sequence");
    this.#structure.allowsKey = true;
    this.#afterClosed = false;
    this.#structure.pushMark("block-entry", 1);
  }

  #scanQuestion(): void {
    if (!this.#isInFlow) {
      if (!this.#structure.allowsKey) throw this.#error("a key cannot stand here");
      this.#structure.indentTo("map");
    }
    this.#structure.allowsKey = !this.#isInFlow;
    this.#structure.pushMark("key", 1);
  }

  #scanColon(): void {
    const isOfKey = this.#structure.acceptKey();
    this.#afterClosed = false;
    if (!isOfKey && !this.#isInFlow) {
      if (!this.#structure.allowsKey) {
        throw this.#error("a colon cannot follow here; put text with ': ' in quotes");
      }
      this.#structure.indentTo("map");
    }
    this.#structure.allowsKey = !isOfKey && !this.#isInFlow;
    this.#allowsScalar = true;
    this.#structure.pushMark("value", 1);
  }

  // Content

  #scanName(isAlias: boolean): void {
    const cursor = this.#cursor;
    this.#beginContent();
    const offset = cursor.at;
    cursor.skip();
    const from = cursor.at;
    while (!cursor.ended && !endsName(cursor.peek()) && !isSpace(cursor.peek())) cursor.skip();
    const text = cursor.slice(from);
    if (text === "") throw this.#error(`expected a name after '${isAlias ? "*" : "&"}'`);
    if (!cursor.ended && !followsName(cursor.peek()) && !isSpace(cursor.peek())) {
      throw this.#error("this character cannot be in the name of an anchor");
    }
    this.#structure.push(isAlias ? "alias" : "anchor", offset, { text });
  }

  #scanTag(): void {
    this.#beginContent();
    const offset = this.#cursor.at;
    const { text, parameters } = scanTag(this.#cursor);
    this.#structure.push("tag", offset, { text, parameters });
  }

  #beginContent(): void {
    this.#structure.allowKeyHere();
    this.#structure.allowsKey = false;
    this.#afterClosed = false;
  }

  #scanPlain(): void {
    const indent = this.#isInFlow ? 0 : this.#structure.indent() + 1;
    this.#structure.allowKeyHere();
    const offset = this.#cursor.at;
    const { text, end, endedByIndent } = scanPlain(this.#cursor, indent, this.#isInFlow);
    this.#structure.allowsKey = endedByIndent;
    this.#afterClosed = false;
    this.#structure.push("scalar", offset, { text, end });
  }

  #scanQuoted(unit: number): void {
    const isSingle = unit === SINGLE_QUOTE;
    this.#structure.allowKeyHere();
    const offset = this.#cursor.at;
    this.#cursor.skip();
    const { text } = scanQuoted(this.#cursor, isSingle);
    this.#structure.allowsKey = false;
    this.#allowsScalar = this.#isInFlow;
    this.#afterClosed = true;
    this.#structure.push("scalar", offset, { text, style: isSingle ? "single" : "double" });
  }

  #scanBlock(): void {
    const cursor = this.#cursor;
    const offset = cursor.at;
    const isFolded = cursor.peek() === GREATER;
    cursor.skip();
    const { chomp, digit } = this.#scanBlockHeader();
    const outer = Math.max(this.#structure.indent(), 0);
    const indent = outer + (digit ?? 1);
    const rules = { isFolded, chomp, indent, detectsIndent: digit === null };
    const { text } = scanBlock(cursor, rules);
    this.#structure.allowsKey = true;
    this.#afterClosed = false;
    this.#structure.push("scalar", offset, { text, style: "block" });
  }

  /** `+` and `-` (line breaks at the end) and a digit (indentation), in any order. */
  #scanBlockHeader(): { chomp: "clip" | "keep" | "strip"; digit: number | null } {
    const cursor = this.#cursor;
    let chomp: "clip" | "keep" | "strip" | null = null;
    let digit: number | null = null;
    for (;;) {
      const character = String.fromCharCode(cursor.peek());
      if (chomp === null && "+-".includes(character)) chomp = character === "+" ? "keep" : "strip";
      else if (digit === null && /\d/.test(character)) digit = Number(character);
      else break;
      cursor.skip();
      if (digit === 0) throw this.#error("a text cannot be indented by 0");
    }
    cursor.skipBlanks();
    if (cursor.peek() === HASH) cursor.skipLine();
    if (!cursor.ended && !isBreak(cursor.peek())) {
      throw this.#error("the text of '|' and '>' begins on the next line");
    }
    return { chomp: chomp ?? "clip", digit };
  }

  #error(reason: string): YamlError {
    return new YamlError(reason, this.#cursor.at);
  }
}
