/**
 * YAML reduced to what rules and configuration need: scalars are text (whatever YAML would make of
 * them), maps keep their order and their repeated keys, aliases are followed, and everything knows
 * where it stands.
 */
import type { SourceFile } from "./source-file.ts";

export type ScalarStyle = "plain" | "single" | "double" | "block";

/** Offsets of nodes are those that yaml-cpp reports: of their anchor or tag, if they have one. */
export interface ScalarNode {
  readonly kind: "scalar";
  readonly text: string;
  /** Nothing, `~` or `null`, not quoted and without a tag. */
  readonly isNull: boolean;
  readonly style: ScalarStyle;
  readonly file: SourceFile;
  readonly offset: number;
  /** Where its text is written, with its quotes or its indicator. */
  readonly start: number;
  readonly end: number;
}
export interface SequenceNode {
  readonly kind: "sequence";
  readonly items: readonly YamlNode[];
  readonly file: SourceFile;
  readonly offset: number;
}
export interface MapEntry {
  /** Null when it is a list or a map: no name finds it. */
  readonly key: ScalarNode;
  readonly value: YamlNode;
  readonly hasCollectionKey?: true;
}
export interface MapNode {
  readonly kind: "map";
  readonly entries: readonly MapEntry[];
  readonly file: SourceFile;
  readonly offset: number;
}
export type YamlNode = ScalarNode | SequenceNode | MapNode;
