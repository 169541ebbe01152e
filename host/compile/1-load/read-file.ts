/** One rules file → its items in order, up to the first error. */
import { nearest } from "../../diagnostics/nearest.ts";
import type { MapNode, YamlNode } from "../../yaml/nodes.ts";
import { readDocuments } from "../../yaml/nodes.ts";
import type { SourceFile } from "../../yaml/source-file.ts";
import type { Item, ListItem, MacroItem, Operation } from "./items.ts";
import { overrideOf, readOverride } from "./read-override.ts";
import { RULE_KEYS, readRule } from "./read-rule.ts";
import { find, optionalTruth, requireSequence, requireText, scalars } from "./read-values.ts";
import { readEngineVersion, readPluginVersions } from "./read-versions.ts";
import type { Context, Sink } from "./sink.ts";
import { inside } from "./sink.ts";

export function readFile(file: SourceFile, sink: Sink): Item[] {
  const { documents, failure } = readDocuments(file);
  const items: Item[] = [];
  if (failure !== null) {
    const at = file.position(failure.offset);
    const chain = [
      { itemType: "rules content", itemName: "", at } as const,
      { itemType: "value for", itemName: "", at } as const,
    ];
    sink.error({ chain, at }, failure.problem);
    return items;
  }
  for (const document of documents) {
    if (!readContent(document, items, sink)) break;
  }
  return items;
}

const EMPTY: Context = { chain: [], at: { file: "", offset: 0, line: 0, column: 0 } };

/** False when an error stops the file. */
function readContent(node: YamlNode, items: Item[], sink: Sink): boolean {
  const context = inside(EMPTY, "rules content", "", node);
  if (node.kind !== "sequence") {
    sink.error(context, { code: "content-shape" });
    return false;
  }
  for (const entry of node.items) {
    if (entry.kind === "scalar" && entry.isNull) continue;
    if (entry.kind !== "map") {
      sink.error(inside(context, "rules content item", "", entry), { code: "item-shape" });
      return false;
    }
    const item = readItem(entry, context, sink);
    if (sink.failed) return false;
    if (item !== null) items.push(item);
  }
  return true;
}

function readItem(map: MapNode, outer: Context, sink: Sink): Item | null {
  const kind = KINDS.find(({ key }) => find(map, key) !== null);
  if (kind === undefined) {
    return sink.warn(inside(outer, "rules content item", "", map), { code: "unknown-item" });
  }
  const item = kind.read(map, outer, sink);
  if (item !== null) warnUnknownKeys(map, kind.keys, item.context, sink);
  return item;
}

function warnUnknownKeys(
  map: MapNode,
  known: readonly string[],
  context: Context,
  sink: Sink,
): void {
  for (const { key } of map.entries) {
    if (known.includes(key.text)) continue;
    sink.warn(context, { code: "unknown-key", key: key.text, near: nearest(key.text, known) });
  }
}

type ItemReader = (map: MapNode, outer: Context, sink: Sink) => Item | null;

/** The first key found decides what an item is. */
const KINDS: readonly {
  readonly key: string;
  readonly keys: readonly string[];
  readonly read: ItemReader;
}[] = [
  { key: "required_engine_version", keys: ["required_engine_version"], read: readEngineVersion },
  { key: "required_plugin_versions", keys: ["required_plugin_versions"], read: readPluginVersions },
  { key: "list", keys: ["list", "items", "append", "override"], read: readList },
  { key: "macro", keys: ["macro", "condition", "append", "override"], read: readMacro },
  { key: "rule", keys: RULE_KEYS, read: readRule },
];

const LIST_NAME = /^[^()"' \t\n\v\f\r=,]+$/;
const MACRO_NAME = /^[a-zA-Z]+[a-zA-Z0-9_]*$/;

function readList(map: MapNode, outer: Context, sink: Sink): ListItem | null {
  const name = requireText(map, "list", inside(outer, "list", "", map), sink);
  if (name === null) return null;
  const context = inside(outer, "list", name.text, map);
  if (!LIST_NAME.test(name.text)) sink.warn(context, { code: "list-name", name: name.text });
  const sequence = requireSequence(map, "items", context, sink);
  const items = sequence === null ? null : scalars(sequence, "items", context, sink);
  const mode = readMode(map, "items", context, sink);
  if (items === null || mode === null) return null;
  return { kind: "list", name: name.text, items, mode, context };
}

function readMacro(map: MapNode, outer: Context, sink: Sink): MacroItem | null {
  const name = requireText(map, "macro", inside(outer, "macro", "", map), sink);
  if (name === null) return null;
  const context = inside(outer, "macro", name.text, map);
  if (!MACRO_NAME.test(name.text)) sink.warn(context, { code: "macro-name", name: name.text });
  const condition = requireText(map, "condition", context, sink);
  const mode = readMode(map, "condition", context, sink);
  if (condition === null || mode === null) return null;
  const conditionContext = inside(context, "macro condition", "", condition);
  return { kind: "macro", name: name.text, condition, conditionContext, mode, context };
}

/** `append: true` or `override: {key: append|replace}` of a list or macro. */
function readMode(
  map: MapNode,
  key: string,
  context: Context,
  sink: Sink,
): "define" | Operation | null {
  const append = optionalTruth(map, "append", context, sink);
  const override = readOverride(map, context, sink);
  if (override === null || sink.failed) return null;
  if (append === true) {
    sink.warn(context, { code: "deprecated-key", key: "append", instead: "override" });
    if (override.size > 0) return sink.error(context, { code: "append-and-override" });
  }
  for (const [name, operation] of override) {
    if (name === key) continue;
    return sink.error(overrideOf(name, map, context), {
      code: "override-key",
      key: name,
      operation,
    });
  }
  if (append === true) return "append";
  return override.get(key) ?? "define";
}
