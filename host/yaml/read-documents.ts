/** Documents of a file, or what is wrong with it. */
import type { Problem } from "../diagnostics/diagnostic.ts";
import type { YamlNode } from "./nodes.ts";
import { Parser } from "./parser.ts";
import type { SourceFile } from "./source-file.ts";
import { YamlError, YamlLimit } from "./yaml-error.ts";

export const FILE_BYTES_MAX = 16 * 1024 * 1024;
export const NODES_MAX = 1_000_000;

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

export interface Documents {
  readonly documents: readonly YamlNode[];
  readonly failure: YamlFailure | null;
}

/** All documents of a file, up to one that is empty: it ends the file, as it does for Falco. */
export function readDocuments(file: SourceFile, bounds: YamlBounds = RULES_BOUNDS): Documents {
  const documents: YamlNode[] = [];
  const failure = read(file, bounds, (parser) => {
    for (let node = parser.document(); !isNothing(node); node = parser.document()) {
      documents.push(node);
    }
  });
  return { documents, failure };
}

export interface FirstDocument {
  /** Null when there is none, or nothing is in it. */
  readonly document: YamlNode | null;
  /** Where the next one begins, which is not read. */
  readonly next: number | null;
  readonly failure: YamlFailure | null;
}

/** The first document alone; what is behind it is not looked at. */
export function readDocument(file: SourceFile, bounds: YamlBounds): FirstDocument {
  let document: YamlNode | null = null;
  let next: number | null = null;
  const failure = read(file, bounds, (parser) => {
    const node = parser.document();
    document = isNothing(node) ? null : node;
    next = parser.nextOffset();
  });
  return { document, next, failure };
}

function isNothing(node: YamlNode | null): node is null {
  return node === null || (node.kind === "scalar" && node.isNull);
}

function read(
  file: SourceFile,
  { bytesMax, nodesMax }: YamlBounds,
  use: (parser: Parser) => void,
): YamlFailure | null {
  const bytes = Buffer.byteLength(file.text);
  if (bytes > bytesMax) {
    return { problem: { code: "file-too-large", bytes, bytesMax }, offset: 0 };
  }
  try {
    use(new Parser(file, nodesMax));
    return null;
  } catch (error) {
    if (error instanceof YamlLimit) {
      const { what, max, offset } = error;
      return { problem: { code: "too-much", what, max }, offset };
    }
    if (!(error instanceof YamlError)) throw error;
    const { message: reason, offset } = error;
    return { problem: { code: "yaml-syntax", reason }, offset };
  }
}
