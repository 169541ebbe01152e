/**
 * One rules file → its items in order, up to the first error. Whoever takes an item applies it
 * before the next one is read: an error of an earlier item comes before those of later ones.
 */
import type { MapNode, YamlNode } from "../../yaml/nodes.ts";
import { readDocuments } from "../../yaml/read-documents.ts";
import type { SourceFile } from "../../yaml/source-file.ts";
import type { Item, ListItem, MacroItem, Operation } from "./items.ts";
import { readOverride } from "./read-override.ts";
import { RULE_KEYS, readRule } from "./read-rule.ts";
import type { Place } from "./read-values.ts";
import { isDefined, isNull, requireScalars, requireText, requireTruth } from "./read-values.ts";
import { readEngineVersion, readPluginVersions } from "./read-versions.ts";
import type { Context, Sink } from "./sink.ts";
import { inside } from "./sink.ts";
import { warnUnknownKeys } from "./unknown-keys.ts";

export function* readFile(file: SourceFile, sink: Sink): Generator<Item> {
  const { documents, failure } = readDocuments(file);
  if (failure !== null) {
    const at = file.position(failure.offset);
    const chain = [
      { itemType: "rules content", itemName: "", at } as const,
      { itemType: "value for", itemName: "", at } as const,
    ];
    sink.error({ chain, at }, failure.problem);
    return;
  }
  for (const document of documents) {
    yield* readContent(document, sink);
    if (sink.failed) return;
  }
}

function* readContent(node: YamlNode, sink: Sink): Generator<Item> {
  const start = { file: node.file.name, offset: 0, line: 0, column: 0 };
  const context: Context = {
    chain: [{ itemType: "rules content", itemName: "", at: start }],
    at: node.file.position(node.offset),
  };
  if (node.kind !== "sequence") {
    sink.error(context, { code: "content-shape" });
    return;
  }
  for (const entry of node.items) {
    if (isNull(entry)) continue;
    if (entry.kind !== "map") {
      sink.error(inside(context, "rules content item", "", entry), { code: "item-shape" });
      return;
    }
    yield* readItem(entry, context, sink);
    if (sink.failed) return;
  }
}

function* readItem(map: MapNode, context: Context, sink: Sink): Generator<Item> {
  const kind = KINDS.find(({ key }) => isDefined(map, key));
  if (kind === undefined) {
    sink.warn(inside(context, "rules content item", "", map), { code: "unknown-item" });
    return;
  }
  let at = context;
  for (const item of kind.read({ map, context, sink })) {
    at = item.context;
    yield item;
    if (sink.failed) return;
  }
  if (!sink.failed) warnUnknownKeys(map, kind.keys, at, sink);
}

type ItemReader = (place: Place) => Generator<Item>;

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

function* readList({ map, context: outer, sink }: Place): Generator<ListItem> {
  const bare = inside(outer, "list", "", map);
  const name = requireText({ map, context: bare, sink }, "list");
  if (name === null) return;
  const context = inside(outer, "list", name.text, map);
  if (!LIST_NAME.test(name.text)) sink.warn(context, { code: "list-name", name: name.text });
  const items = requireScalars({ map, context, sink }, "items");
  if (items === null) return;
  const mode = readMode({ map, context, sink }, "items");
  if (mode !== null) yield { kind: "list", name: name.text, items, mode, context };
}

function* readMacro({ map, context: outer, sink }: Place): Generator<MacroItem> {
  const bare = inside(outer, "macro", "", map);
  const name = requireText({ map, context: bare, sink }, "macro");
  if (name === null) return;
  const context = inside(outer, "macro", name.text, map);
  if (!MACRO_NAME.test(name.text)) sink.warn(context, { code: "macro-name", name: name.text });
  const condition = requireText({ map, context, sink }, "condition");
  if (condition === null) return;
  const mode = readMode({ map, context, sink }, "condition");
  if (mode === null) return;
  const conditionContext = inside(context, "macro condition", "", condition);
  yield { kind: "macro", name: name.text, condition, conditionContext, mode, context };
}

/** `append: true` or `override: {key: append|replace}` of a list or macro. */
function readMode(place: Place, key: string): "define" | Operation | null {
  const { map, context, sink } = place;
  const isAppend = isDefined(map, "append") && requireTruth(place, "append");
  if (isAppend === null) return null;
  if (isAppend) sink.warn(context, { code: "deprecated-key", key: "append", instead: "override" });
  const overrides = readOverride(place, { append: [key], replace: [key] });
  if (overrides === null) return null;
  if (overrides.append.has(key)) return isAppend ? refuseBoth(context, sink) : "append";
  if (overrides.replace.has(key)) return isAppend ? refuseBoth(context, sink) : "replace";
  return isAppend ? "append" : "define";
}

function refuseBoth(context: Context, sink: Sink): null {
  return sink.error(context, { code: "append-and-override" });
}
