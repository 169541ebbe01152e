/** What a rules file says, item by item, checked for shape only. */
import type { Priority } from "../../schema/manifest.ts";
import type { ScalarNode } from "../../yaml/nodes.ts";
import type { Context } from "./sink.ts";

export type Operation = "append" | "replace";

export interface ListItem {
  readonly kind: "list";
  readonly name: string;
  readonly items: readonly ScalarNode[];
  readonly mode: "define" | Operation;
  readonly context: Context;
}

export interface MacroItem {
  readonly kind: "macro";
  readonly name: string;
  readonly condition: ScalarNode;
  readonly conditionContext: Context;
  readonly mode: "define" | Operation;
  readonly context: Context;
}

/** A value, a sequence of entries, or null where a map or nothing stands. */
export type ExceptionEntry = ScalarNode | readonly ExceptionEntry[] | null;

export interface ExceptionItem {
  readonly name: string;
  /** Null when the key is absent, too. */
  readonly fields: ExceptionEntry;
  readonly comps: ExceptionEntry;
  readonly values: readonly ExceptionEntry[];
  readonly context: Context;
}

export interface RuleKeys {
  readonly condition?: ScalarNode;
  readonly output?: ScalarNode;
  readonly desc?: ScalarNode;
  readonly priority?: Priority;
  readonly enabled?: boolean;
  readonly tags?: readonly string[];
  readonly capture?: boolean;
  /** Milliseconds. */
  readonly captureDuration?: number;
  readonly warnEvttypes?: boolean;
  readonly skipIfUnknownFilter?: boolean;
  readonly exceptions?: readonly ExceptionItem[];
}

/** A rule, or a part of an item: what it appends and what it replaces are items of their own. */
export interface RuleItem {
  readonly kind: "rule";
  readonly name: string;
  readonly source: string | null;
  readonly keys: RuleKeys;
  /** `toggle`: the old item with nothing but `enabled`. */
  readonly mode: "define" | Operation | "toggle";
  readonly context: Context;
  readonly conditionContext: Context;
  readonly outputContext: Context;
}

export interface EngineVersionItem {
  readonly kind: "engine-version";
  /** Major, minor, patch. */
  readonly version: readonly [number, number, number];
  readonly context: Context;
}

export interface PluginRequirement {
  readonly name: string;
  readonly version: string;
}

export interface PluginVersionsItem {
  readonly kind: "plugin-versions";
  readonly entries: readonly {
    readonly first: PluginRequirement;
    readonly alternatives: readonly PluginRequirement[];
    readonly context: Context;
  }[];
  readonly context: Context;
}

export type Item = ListItem | MacroItem | RuleItem | EngineVersionItem | PluginVersionsItem;
