/**
 * Nodes from tokens, by the rules of yaml-cpp: a document ends where its first node ends, so text
 * behind it begins another one; a key needs no value; a place without a node is null.
 * Bounds: depth, and nodes (aliases count as often as they are used).
 */
import { Directives } from "./directives.ts";
import type { MapEntry, MapNode, ScalarNode, YamlNode } from "./nodes.ts";
import { Scanner } from "./scanner.ts";
import type { SourceFile } from "./source-file.ts";
import type { Token, TokenKind } from "./token.ts";
import { tooDeep, YAML_DEPTH_MAX, YamlError, YamlLimit } from "./yaml-error.ts";

interface Anchor {
  /** Null while it is being read. */
  node: YamlNode | null;
  nodes: number;
  height: number;
}

interface Properties {
  readonly tag: string;
  readonly anchor: string | null;
}

type Collection = "block-sequence" | "flow-sequence" | "block-map" | "flow-map" | "pair";

const NULLS: ReadonlySet<string> = new Set(["", "~", "null", "Null", "NULL"]);

export class Parser {
  readonly #file: SourceFile;
  readonly #scanner: Scanner;
  readonly #nodesMax: number;
  #directives = new Directives();
  #anchors = new Map<string, Anchor>();
  readonly #collections: Collection[] = [];
  #nodes = 0;
  #depth = 0;
  #deepest = 0;

  constructor(file: SourceFile, nodesMax: number) {
    this.#file = file;
    this.#scanner = new Scanner(file);
    this.#nodesMax = nodesMax;
  }

  /** The next one, null at the end. Throws YamlError and YamlLimit. */
  document(): YamlNode | null {
    this.#readDirectives();
    if (this.#kind() === null) return null;
    this.#anchors = new Map();
    if (this.#kind() === "document-start") this.#scanner.next();
    const node = this.#node();
    while (this.#kind() === "document-end") this.#scanner.next();
    return node;
  }

  /** Where something follows. */
  nextOffset(): number | null {
    return this.#scanner.peek()?.offset ?? null;
  }

  #readDirectives(): void {
    let isFirst = true;
    for (let token = this.#scanner.peek(); token?.kind === "directive"; ) {
      if (isFirst) this.#directives = new Directives();
      isFirst = false;
      this.#directives.add(token);
      this.#scanner.next();
      token = this.#scanner.peek();
    }
  }

  #kind(): TokenKind | null {
    return this.#scanner.peek()?.kind ?? null;
  }

  #node(): YamlNode {
    const token = this.#scanner.peek();
    const offset = token?.offset ?? this.#scanner.at;
    this.#depth += 1;
    if (this.#depth > YAML_DEPTH_MAX) throw tooDeep(offset);
    this.#deepest = Math.max(this.#deepest, this.#depth);
    this.#count(1, offset);
    const node = token === null ? this.#null(offset) : this.#nodeOf(token);
    this.#depth -= 1;
    return node;
  }

  #count(nodes: number, offset: number): void {
    this.#nodes += nodes;
    if (this.#nodes > this.#nodesMax) throw new YamlLimit("YAML nodes", this.#nodesMax, offset);
  }

  #nodeOf(token: Token): YamlNode {
    const { offset } = token;
    if (token.kind === "value") return this.#map(offset, this.#pairWithoutKey());
    if (token.kind === "alias") return this.#alias(token);
    const { tag, anchor } = this.#properties();
    if (anchor === null) return this.#content(offset, tag);
    const before = { nodes: this.#nodes, deepest: this.#deepest };
    this.#deepest = this.#depth;
    const named: Anchor = { node: null, nodes: 0, height: 0 };
    this.#anchors.set(anchor, named);
    named.node = this.#content(offset, tag);
    named.nodes = this.#nodes - before.nodes;
    named.height = this.#deepest - this.#depth;
    this.#deepest = Math.max(this.#deepest, before.deepest);
    return named.node;
  }

  #alias({ text, offset }: Token): YamlNode {
    const anchor = this.#anchors.get(text);
    if (anchor === undefined) throw new YamlError(`there is no anchor '&${text}'`, offset);
    if (anchor.node === null) throw new YamlError(`'&${text}' cannot contain itself`, offset);
    this.#scanner.next();
    this.#count(anchor.nodes, offset);
    const depth = this.#depth + anchor.height;
    if (depth > YAML_DEPTH_MAX) throw tooDeep(offset);
    this.#deepest = Math.max(this.#deepest, depth);
    return anchor.node;
  }

  #properties(): Properties {
    let tag = "";
    let anchor: string | null = null;
    for (;;) {
      const token = this.#scanner.peek();
      if (token?.kind === "tag") {
        if (tag !== "") throw new YamlError("a value has one tag at most", token.offset);
        tag = this.#directives.tagOf(token);
      } else if (token?.kind === "anchor") {
        if (anchor !== null) throw new YamlError("a value has one anchor at most", token.offset);
        anchor = token.text;
      } else {
        return { tag, anchor };
      }
      this.#scanner.next();
    }
  }

  /** What follows tag and anchor. */
  #content(offset: number, tag: string): YamlNode {
    const token = this.#scanner.peek();
    const file = this.#file;
    const isUntagged = tag === "" || tag === "?";
    switch (token?.kind) {
      case "scalar": {
        this.#scanner.next();
        const { text, style, offset: start, end } = token;
        const isNull = isUntagged && style === "plain" && NULLS.has(text);
        return { kind: "scalar", text, isNull, style, file, offset, start, end };
      }
      case "block-sequence-start":
        return { kind: "sequence", items: this.#blockItems(), file, offset };
      case "flow-sequence-start":
        return { kind: "sequence", items: this.#flowItems(), file, offset };
      case "block-map-start":
        return this.#map(offset, this.#blockEntries());
      case "flow-map-start":
        return this.#map(offset, this.#flowEntries());
      default:
        break;
    }
    if (token?.kind === "key" && this.#collections.at(-1) === "flow-sequence") {
      return this.#map(offset, [this.#pair()]);
    }
    return { ...this.#null(offset), isNull: token === null || isUntagged };
  }

  #null(offset: number): ScalarNode {
    const [file, start, end] = [this.#file, offset, offset];
    return { kind: "scalar", text: "", isNull: true, style: "plain", file, offset, start, end };
  }

  #map(offset: number, entries: readonly MapEntry[]): MapNode {
    return { kind: "map", entries, file: this.#file, offset };
  }

  #within<T>(collection: Collection, read: () => T): T {
    this.#collections.push(collection);
    const value = read();
    this.#collections.pop();
    return value;
  }

  #blockItems(): YamlNode[] {
    this.#scanner.next();
    return this.#within("block-sequence", () => {
      const items: YamlNode[] = [];
      for (;;) {
        const token = this.#expect("an item of the list ('- …')", [
          "block-entry",
          "block-sequence-end",
        ]);
        this.#scanner.next();
        if (token.kind === "block-sequence-end") return items;
        const next = this.#scanner.peek();
        if (next?.kind === "block-entry" || next?.kind === "block-sequence-end") {
          this.#count(1, next.offset);
          items.push(this.#null(next.offset));
        } else {
          items.push(this.#node());
        }
      }
    });
  }

  #flowItems(): YamlNode[] {
    this.#scanner.next();
    return this.#within("flow-sequence", () => {
      const items: YamlNode[] = [];
      for (;;) {
        this.#expect("',' or ']'", null);
        if (this.#kind() === "flow-sequence-end") break;
        items.push(this.#node());
        const { kind } = this.#expect("',' or ']'", ["flow-entry", "flow-sequence-end"]);
        if (kind === "flow-entry") this.#scanner.next();
      }
      this.#scanner.next();
      return items;
    });
  }

  #blockEntries(): MapEntry[] {
    this.#scanner.next();
    return this.#within("block-map", () => {
      const entries: MapEntry[] = [];
      for (;;) {
        const token = this.#expect("a key ('name: …')", ["key", "value", "block-map-end"]);
        if (token.kind === "block-map-end") break;
        entries.push(this.#entry(token.offset));
      }
      this.#scanner.next();
      return entries;
    });
  }

  #flowEntries(): MapEntry[] {
    this.#scanner.next();
    return this.#within("flow-map", () => {
      const entries: MapEntry[] = [];
      for (;;) {
        const token = this.#expect("',' or '}'", null);
        if (token.kind === "flow-map-end") break;
        entries.push(this.#entry(token.offset));
        const { kind } = this.#expect("',' or '}'", ["flow-entry", "flow-map-end"]);
        if (kind === "flow-entry") this.#scanner.next();
      }
      this.#scanner.next();
      return entries;
    });
  }

  /** A key and its value; either may be left out. */
  #entry(offset: number): MapEntry {
    let key: YamlNode;
    if (this.#kind() === "key") {
      this.#scanner.next();
      key = this.#node();
    } else {
      key = this.#null(offset);
    }
    const value = this.#value(offset);
    if (key.kind === "scalar") return { key, value };
    return { key: this.#null(key.offset), value, hasCollectionKey: true };
  }

  #value(offset: number): YamlNode {
    this.#count(1, offset);
    if (this.#kind() !== "value") return this.#null(offset);
    this.#scanner.next();
    return this.#node();
  }

  /** `key: value` as an item of `[…]`. */
  #pair(): MapEntry {
    return this.#within("pair", () => this.#entry(this.#scanner.peek()?.offset ?? 0));
  }

  #pairWithoutKey(): MapEntry[] {
    const offset = this.#scanner.peek()?.offset ?? 0;
    return this.#within("pair", () => [{ key: this.#null(offset), value: this.#value(offset) }]);
  }

  /** The next token, of one of these kinds. */
  #expect(what: string, kinds: readonly TokenKind[] | null): Token {
    const token = this.#scanner.peek();
    if (token !== null && (kinds === null || kinds.includes(token.kind))) return token;
    const place = token?.offset ?? this.#scanner.at;
    throw new YamlError(`expected ${what}${token === null ? " before the end" : ""}`, place);
  }
}
