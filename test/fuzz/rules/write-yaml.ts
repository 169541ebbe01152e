/** A tree as YAML, in one of the many ways to write it. */
import type { Random } from "../random.ts";
import { type Branch, isBranch, type Tree } from "./tree.ts";

/** Reads the same for everyone without quotes, also inside of brackets and as a key. */
const PLAIN = /^[A-Za-z0-9_./=]+(?: [A-Za-z0-9_./=()%]+)*$/;
const NULL = /^(?:~|null|Null|NULL|)$/;
/** What a block can hold without saying how far it is indented. */
const BLOCK = /^(?![ \t\n])[^\r\0]*[^\s\r\0]\n?$/;

export class Writer {
  readonly #random: Random;
  readonly #end: string;
  /** A comment behind the lines of a literal would be of its text. */
  #isAfterLiteral = false;

  constructor(random: Random) {
    this.#random = random;
    this.#end = random.pick(["\n", "\n", "\r\n"]);
  }

  document(tree: Tree): string {
    const text = isBranch(tree) || Array.isArray(tree) ? this.#block(tree, 0) : this.#inline(tree);
    const start = this.#random.chance(0.2) ? "---\n" : "";
    return `${start}${text.replace(/^\n/, "")}\n`.replaceAll("\n", this.#end);
  }

  /** A collection on lines of its own, from the end of the line before. */
  #block(tree: Tree, indent: number): string {
    if (typeof tree === "string" || tree === null) return ` ${this.#scalar(tree, indent)}`;
    const isEmpty = isBranch(tree) ? tree.entries.length === 0 : tree.length === 0;
    if (isEmpty || this.#random.chance(0.2)) return ` ${this.#inline(tree)}${this.#comment()}`;
    const blanks = " ".repeat(indent);
    const begin = (): string => `${this.#comment()}\n${blanks}`;
    if (!isBranch(tree)) {
      return tree.map((item) => `${begin()}-${this.#block(item, indent + 1)}`).join("");
    }
    return tree.entries
      .map(([key, value]) => `${begin()}${this.#key(key)}:${this.#nested(value, indent)}`)
      .join("");
  }

  /**
   * The value of a key. In a list an anchor would raise the indentation that yaml-cpp wants of a
   * literal behind it.
   */
  #nested(tree: Tree, indent: number): string {
    const deeper = indent + 1 + this.#random.below(3);
    return `${this.#anchor()}${this.#block(tree, deeper)}`;
  }

  #inline(tree: Tree): string {
    if (tree === null) return this.#random.pick(["null", "~"]);
    if (typeof tree === "string") return this.#quoted(tree, this.#random.chance(0.5));
    const gap = this.#random.pick(["", " ", "\n ", " # c\n "]);
    const join = (parts: readonly string[]): string => parts.join(`,${gap || " "}`);
    if (!isBranch(tree)) return `[${gap}${join(tree.map((item) => this.#inline(item)))}${gap}]`;
    return `{${gap}${join(this.#pairs(tree))}${gap}}`;
  }

  #pairs({ entries }: Branch): string[] {
    return entries.map(([key, value]) => `${this.#key(key)}: ${this.#inline(value)}`);
  }

  #key(key: string): string {
    return this.#quoted(key, this.#random.chance(0.8));
  }

  #scalar(text: string | null, indent: number): string {
    if (text === null) return this.#random.pick(["", "null", "~", "Null"]);
    if (BLOCK.test(text) && this.#random.chance(0.4)) return this.#literal(text, indent);
    return this.#quoted(text, this.#random.chance(0.6));
  }

  #literal(text: string, indent: number): string {
    this.#isAfterLiteral = true;
    const chomp = text.endsWith("\n") ? "" : "-";
    const blanks = " ".repeat(indent + 1);
    const lines = text.replace(/\n$/, "").split("\n");
    return `|${chomp}\n${lines.map((line) => (line === "" ? "" : blanks + line)).join("\n")}`;
  }

  #quoted(text: string, mayBePlain: boolean): string {
    this.#isAfterLiteral = false;
    if (mayBePlain && PLAIN.test(text) && !NULL.test(text)) return text;
    const isSimple = !/[\n\t\\]/.test(text);
    if (isSimple && this.#random.chance(0.5)) return `'${text.replaceAll("'", "''")}'`;
    const escapes: Readonly<Record<string, string>> = { "\n": "\\n", "\t": "\\t" };
    return `"${text.replace(/["\\]/g, "\\$&").replace(/[\n\t]/g, (one) => escapes[one] ?? one)}"`;
  }

  #anchor(): string {
    return this.#random.chance(0.05) ? ` &a${String(this.#random.below(100))}` : "";
  }

  #comment(): string {
    if (this.#isAfterLiteral || this.#random.chance(0.9)) return "";
    return this.#random.pick([" # c", " #: [", "\n# '", "\n\n"]);
  }
}
