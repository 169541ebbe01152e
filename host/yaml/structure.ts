/**
 * What the tokens of YAML nest in: lists and maps by indentation, brackets, and what may turn out
 * to be a key once its colon is seen. Holds the tokens until that is known.
 */
import type { Cursor } from "./cursor.ts";
import { isSpaceOrEnd } from "./cursor.ts";
import type { Token, TokenKind } from "./token.ts";
import { tooDeep, YAML_DEPTH_MAX } from "./yaml-error.ts";

const KEY_BYTES_MAX = 1024;

const DASH = 45;
/** Fewer dropped tokens are not worth a copy of the queue. */
const DROPPED_MIN = 64;

const NOTHING: Partial<Token> = {};
const NO_PARAMETERS: readonly string[] = [];

interface Indent {
  readonly column: number;
  readonly kind: "none" | "sequence" | "map";
  state: Token["state"];
}

/** Something that becomes a key if a colon follows it. */
interface PossibleKey {
  readonly at: number;
  readonly line: number;
  readonly flowLevel: number;
  /** What becomes valid, or invalid, with it. */
  readonly parts: readonly (Indent | Token)[];
}

export class Structure {
  readonly #cursor: Cursor;
  readonly #text: string;
  #queue: Token[] = [];
  #head = 0;
  readonly #keys: PossibleKey[] = [];
  readonly #indents: Indent[] = [{ column: -1, kind: "none", state: "valid" }];
  readonly #flows: ("sequence" | "map")[] = [];
  /** Whether what follows can be a key. */
  allowsKey = true;

  constructor(cursor: Cursor) {
    this.#cursor = cursor;
    this.#text = cursor.file.text;
  }

  get isInFlow(): boolean {
    return this.#flows.length > 0;
  }

  /** What the innermost bracket began. */
  get flow(): "sequence" | "map" | undefined {
    return this.#flows.at(-1);
  }

  /** A bracket waits for its end before the parser sees it, so its depth has a bound here. */
  openFlow(kind: "sequence" | "map"): void {
    this.#flows.push(kind);
    if (this.#flows.length > YAML_DEPTH_MAX) throw tooDeep(this.#cursor.at);
  }

  closeFlow(): void {
    this.#flows.pop();
  }

  /** The first token; it may still be open, or invalid. */
  first(): Token | undefined {
    return this.#queue[this.#head];
  }

  drop(): void {
    this.#head += 1;
    // A long flow sequence on one line may be a key, so all of its tokens are in the queue at once.
    if (this.#head < DROPPED_MIN || this.#head * 2 < this.#queue.length) return;
    this.#queue = this.#queue.slice(this.#head);
    this.#head = 0;
  }

  // Keys that may be

  allowKeyHere(): void {
    const flowLevel = this.#flows.length;
    if (!this.allowsKey || this.#keys.at(-1)?.flowLevel === flowLevel) return;
    const { at, line } = this.#cursor;
    const parts: (Indent | Token)[] = [];
    const begun = this.isInFlow ? null : this.indentTo("map");
    if (begun !== null) parts.push(begun.indent, begun.token);
    parts.push(this.push("key", at));
    for (const part of parts) part.state = "open";
    this.#keys.push({ at, line, flowLevel, parts });
  }

  refuseKey(): void {
    if (this.#keys.at(-1)?.flowLevel !== this.#flows.length) return;
    for (const part of this.#keys.pop()?.parts ?? []) part.state = "invalid";
  }

  /** Whether there was one that a colon can follow here. */
  acceptKey(): boolean {
    const key = this.#keys.at(-1);
    if (key?.flowLevel !== this.#flows.length) return false;
    this.#keys.pop();
    const isValid = key.line === this.#cursor.line && this.#bytesFrom(key.at) <= KEY_BYTES_MAX;
    for (const part of key.parts) part.state = isValid ? "valid" : "invalid";
    return isValid;
  }

  #bytesFrom(from: number): number {
    const units = this.#cursor.at - from;
    if (units <= KEY_BYTES_MAX / 3 || units > KEY_BYTES_MAX) return units;
    return Buffer.byteLength(this.#text.slice(from, this.#cursor.at));
  }

  /** They stay open. */
  forgetKeys(): void {
    this.#keys.length = 0;
  }

  // Indentation

  indent(): number {
    return this.#indents.at(-1)?.column ?? 0;
  }

  /** Begins a list or map at this column, unless there is one already. */
  indentTo(kind: "sequence" | "map"): { indent: Indent; token: Token } | null {
    const { column, at } = this.#cursor;
    const top = this.#indents.at(-1);
    if (this.isInFlow || top === undefined || column < top.column) return null;
    if (column === top.column && !(kind === "sequence" && top.kind === "map")) return null;
    const indent: Indent = { column, kind, state: "valid" };
    this.#indents.push(indent);
    return { indent, token: this.push(`block-${kind}-start`, at) };
  }

  endIndentsTo(column: number): void {
    if (this.isInFlow) return;
    const isEntry = this.#cursor.peek() === DASH && isSpaceOrEnd(this.#cursor.peek(1));
    for (let top = this.#indents.at(-1); top !== undefined; top = this.#indents.at(-1)) {
      if (top.column < column) break;
      if (top.column === column && (top.kind !== "sequence" || isEntry)) break;
      this.#endIndent();
    }
    while (this.#indents.at(-1)?.state === "invalid") this.#endIndent();
  }

  endAllIndents(): void {
    if (this.isInFlow) return;
    while (this.#indents.length > 1) this.#endIndent();
  }

  #endIndent(): void {
    const indent = this.#indents.pop();
    if (indent === undefined) return;
    if (indent.state !== "valid") this.refuseKey();
    else if (indent.kind !== "none") this.push(`block-${indent.kind}-end`, this.#cursor.at);
  }

  // Tokens

  pushMark(kind: TokenKind, length: number): void {
    const offset = this.#cursor.at;
    this.#cursor.skip(length);
    this.push(kind, offset);
  }

  push(kind: TokenKind, offset: number, more: Partial<Token> = NOTHING): Token {
    // Spelled out: there are as many of these as words in a file.
    const token: Token = {
      kind,
      offset,
      end: more.end ?? this.#cursor.at,
      text: more.text ?? "",
      style: more.style ?? "plain",
      parameters: more.parameters ?? NO_PARAMETERS,
      state: "valid",
    };
    this.#queue.push(token);
    return token;
  }
}
