/**
 * YAML reduced to what rules and configuration need: scalars are text (whatever YAML would make of
 * them), maps keep their order and their repeated keys, aliases are followed, and everything knows
 * where it stands.
 * Bounds: bytes, nodes (aliases count as often as they are used) and depth.
 */

import type { Document, ParsedNode } from "yaml";
import { isAlias, isMap, isScalar, isSeq, parseAllDocuments } from "yaml";
import type { Problem } from "../diagnostics/diagnostic.ts";
import type { SourceFile } from "./source-file.ts";

export const FILE_BYTES_MAX = 16 * 1024 * 1024;
export const NODES_MAX = 1_000_000;
export const YAML_DEPTH_MAX = 64;

export type ScalarStyle = "plain" | "single" | "double" | "block";

export interface ScalarNode {
  readonly kind: "scalar";
  readonly text: string;
  /** Nothing, `~` or `null`, not quoted. */
  readonly isNull: boolean;
  readonly style: ScalarStyle;
  readonly file: SourceFile;
  readonly offset: number;
  readonly end: number;
}
export interface SequenceNode {
  readonly kind: "sequence";
  readonly items: readonly YamlNode[];
  readonly file: SourceFile;
  readonly offset: number;
}
export interface MapNode {
  readonly kind: "map";
  readonly entries: readonly { readonly key: ScalarNode; readonly value: YamlNode }[];
  readonly file: SourceFile;
  readonly offset: number;
}
export type YamlNode = ScalarNode | SequenceNode | MapNode;

export interface YamlFailure {
  readonly problem: Problem;
  readonly offset: number;
}

/** What is accepted of one file. */
export interface YamlBounds {
  readonly bytesMax: number;
  /** Aliases count as often as they are used. */
  readonly nodesMax: number;
}

const RULES_BOUNDS: YamlBounds = { bytesMax: FILE_BYTES_MAX, nodesMax: NODES_MAX };

/** The documents up to an error or an empty one (which ends the file, as it does for Falco). */
export function readDocuments(
  file: SourceFile,
  bounds: YamlBounds = RULES_BOUNDS,
): {
  documents: YamlNode[];
  failure: YamlFailure | null;
} {
  const { bytesMax } = bounds;
  const bytes = Buffer.byteLength(file.text);
  if (bytes > bytesMax) return failed([], { code: "file-too-large", bytes, bytesMax }, 0);
  if (opensTooDeep(file.text)) return failed([], tooDeep(), 0);
  const documents: YamlNode[] = [];
  for (const document of parse(file)) {
    const error = document.errors[0];
    if (error !== undefined) {
      if (error.message.startsWith("Maximum call stack")) {
        return failed(documents, tooDeep(), error.pos[0]);
      }
      const reason = error.message.split("\n")[0]?.replace(/ at line \d+, column \d+:$/, "") ?? "";
      return failed(documents, { code: "yaml-syntax", reason }, error.pos[0]);
    }
    const reader = new Reader(file, bounds.nodesMax);
    const node = document.contents === null ? null : reader.read(document.contents, 0);
    if (reader.failure !== null) return { documents, failure: reader.failure };
    if (node === null || (node.kind === "scalar" && node.isNull)) break;
    documents.push(node);
  }
  return { documents, failure: null };
}

function parse(file: SourceFile): Document.Parsed[] {
  const parsed = parseAllDocuments(file.text, {
    schema: "failsafe",
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: "silent",
  });
  return Array.isArray(parsed) ? parsed : [];
}

function failed(
  documents: YamlNode[],
  problem: Problem,
  offset: number,
): { documents: YamlNode[]; failure: YamlFailure } {
  return { documents, failure: { problem, offset } };
}

function tooDeep(): Problem {
  return { code: "too-much", what: "levels of YAML", max: YAML_DEPTH_MAX };
}

/**
 * The YAML parser recurses; a file of brackets or indicators would exhaust the stack. Lines that
 * open more than twice the levels that are accepted are refused before it sees them.
 */
function opensTooDeep(text: string): boolean {
  return /(?:[[{]\s*){128}|(?:[-?]\s+){128}/.test(text);
}

class Reader {
  readonly #file: SourceFile;
  /** Nodes that were named so far; a name that is given again means the later one. */
  readonly #anchors = new Map<string, ParsedNode>();
  readonly #nodesMax: number;
  #nodes = 0;
  failure: YamlFailure | null = null;

  constructor(file: SourceFile, nodesMax: number) {
    this.#file = file;
    this.#nodesMax = nodesMax;
  }

  read(node: ParsedNode | null, depth: number): YamlNode {
    const offset = node?.range[0] ?? 0;
    if (depth > YAML_DEPTH_MAX) return this.#fail(tooDeep(), offset);
    if (++this.#nodes > this.#nodesMax) {
      return this.#fail({ code: "too-much", what: "YAML nodes", max: this.#nodesMax }, offset);
    }
    if (this.failure !== null || node === null) return this.#empty(offset);
    if (isAlias(node)) {
      const target = this.#anchors.get(node.source);
      if (target !== undefined) return this.read(target, depth + 1);
      return this.#fail({ code: "yaml-syntax", reason: `no anchor '${node.source}'` }, offset);
    }
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, node);
    if (isScalar(node)) return this.#scalar(node);
    if (isSeq(node)) {
      const items = node.items.map((item) => this.read(item as ParsedNode | null, depth + 1));
      return { kind: "sequence", items, file: this.#file, offset };
    }
    if (isMap(node)) return this.#map(node.items, offset, depth);
    return this.#empty(offset);
  }

  #map(pairs: Pairs, offset: number, depth: number): YamlNode {
    const entries: { key: ScalarNode; value: YamlNode }[] = [];
    for (const pair of pairs) {
      const key = this.read(pair.key, depth + 1);
      if (key.kind !== "scalar") {
        return this.#fail({ code: "yaml-syntax", reason: "a key has to be text" }, key.offset);
      }
      const value = pair.value === null ? this.#empty(key.end) : this.read(pair.value, depth + 1);
      entries.push({ key, value });
    }
    return { kind: "map", entries, file: this.#file, offset };
  }

  #scalar(node: { value: unknown; type?: string; range?: readonly number[] | null }): ScalarNode {
    const text = typeof node.value === "string" ? node.value : "";
    const style = STYLES[node.type ?? "PLAIN"] ?? "plain";
    const isNull = style === "plain" && NULLS.has(text);
    const [offset = 0, end = 0] = node.range ?? [];
    return { kind: "scalar", text, isNull, style, file: this.#file, offset, end };
  }

  #empty(offset: number): ScalarNode {
    const file = this.#file;
    return { kind: "scalar", text: "", isNull: true, style: "plain", file, offset, end: offset };
  }

  #fail(problem: Problem, offset: number): ScalarNode {
    this.failure ??= { problem, offset };
    return this.#empty(offset);
  }
}

type Pairs = readonly { readonly key: ParsedNode; readonly value: ParsedNode | null }[];

const NULLS: ReadonlySet<string> = new Set(["", "~", "null", "Null", "NULL"]);

const STYLES: Readonly<Record<string, ScalarStyle>> = {
  PLAIN: "plain",
  QUOTE_SINGLE: "single",
  QUOTE_DOUBLE: "double",
  BLOCK_FOLDED: "block",
  BLOCK_LITERAL: "block",
};
