/** Everything that the files so far define, by name, in the order of first definition. */
import type { Priority } from "../../schema/manifest.ts";
import type { ExceptionEntry, PluginVersionsItem } from "../1-load/items.ts";
import type { MappedText } from "../1-load/mapped-text.ts";
import type { Context } from "../1-load/sink.ts";

export interface ListDefinition {
  readonly name: string;
  /** Place of the first definition among all items. */
  readonly index: number;
  /** Lists with a lower index can be seen from here; moves with each redefinition. */
  readonly visibility: number;
  readonly items: readonly string[];
  readonly context: Context;
}

export interface MacroDefinition {
  readonly name: string;
  readonly index: number;
  readonly visibility: number;
  readonly condition: MappedText;
  readonly context: Context;
  readonly conditionContext: Context;
}

export interface RuleDefinition {
  readonly name: string;
  readonly index: number;
  readonly visibility: number;
  readonly source: string;
  /** It is left out, but later items can change it. */
  readonly isOfUnknownSource: boolean;
  readonly condition: MappedText;
  readonly output: MappedText;
  readonly desc: string;
  readonly priority: Priority;
  readonly enabled: boolean;
  readonly tags: readonly string[];
  readonly capture: boolean;
  /** Milliseconds, 0 for the configured length. */
  readonly captureDuration: number;
  readonly warnEvttypes: boolean;
  readonly skipIfUnknownFilter: boolean;
  readonly exceptions: readonly Exception[];
  readonly context: Context;
  readonly conditionContext: Context;
  readonly outputContext: Context;
}

/** One field of the list form, with its comparison. */
export interface ExceptionPart {
  readonly field: string;
  readonly comparison: string;
}

export interface Exception {
  readonly name: string;
  readonly form: "single" | "tuples";
  readonly parts: readonly ExceptionPart[];
  readonly values: readonly ExceptionEntry[];
  readonly context: Context;
}

export interface Definitions {
  readonly lists: ReadonlyMap<string, ListDefinition>;
  readonly macros: ReadonlyMap<string, MacroDefinition>;
  readonly rules: ReadonlyMap<string, RuleDefinition>;
  readonly engineVersion: readonly [number, number, number];
  readonly pluginVersions: PluginVersionsItem["entries"];
}
