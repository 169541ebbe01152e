import type { MapNode, YamlNode } from "../../yaml/nodes.ts";
import type { ExceptionEntry, ExceptionItem } from "./items.ts";
import type { Place } from "./read-values.ts";
import { find, isNull, requireText, valueFor } from "./read-values.ts";
import type { Context, Sink } from "./sink.ts";
import { inside } from "./sink.ts";
import { warnUnknownNested } from "./unknown-keys.ts";

const KEYS = ["name", "fields", "comps", "values"];

/** Null after an error. When appended, exceptions need no fields. */
export function readExceptions(
  { map, context: rule, sink }: Place,
  isAppend: boolean,
): ExceptionItem[] | null {
  const node = find(map, "exceptions");
  if (node === null || isNull(node)) return [];
  const outer = inside(rule, "exceptions", "", node);
  if (node.kind !== "sequence") {
    return sink.error(outer, { code: "wrong-type", key: "exceptions", expected: "a sequence" });
  }
  const found: ExceptionItem[] = [];
  const names = new Set<string>();
  for (const entry of node.items) {
    const bare = inside(outer, "exception", "", entry);
    if (entry.kind !== "map") {
      const expected = "a sequence of maps";
      return sink.error(bare, { code: "wrong-type", key: "exceptions", expected });
    }
    const name = requireText({ map: entry, context: bare, sink }, "name");
    if (name === null) return null;
    const context = inside(rule, "exception", name.text, entry);
    if (names.has(name.text)) sink.warn(context, { code: "exception-twice", name: name.text });
    names.add(name.text);
    const exception = readException(name.text, { map: entry, context, sink }, isAppend);
    if (exception === null) return null;
    found.push(exception);
  }
  return found;
}

function readException(name: string, place: Place, isAppend: boolean): ExceptionItem | null {
  const { map, context, sink } = place;
  warnUnknownNested(map, KEYS, context, sink);
  const fields = readEntry(place, "fields");
  if (fields === undefined && !isAppend && !sink.failed) {
    return sink.error(context, { code: "missing-key", key: "fields" });
  }
  const comps = sink.failed ? undefined : readEntry(place, "comps");
  const values = sink.failed ? undefined : readValues(map, context, sink);
  if (sink.failed) return null;
  if (values === undefined && isAppend) {
    sink.warn(context, { code: "exception-no-values", name });
  }
  return { name, fields: fields ?? null, comps: comps ?? null, values: values ?? [], context };
}

function readEntry({ map, context, sink }: Place, key: string): ExceptionEntry | undefined {
  const node = find(map, key);
  return node === null ? undefined : entryOf(node, key, context, sink);
}

function readValues(map: MapNode, outer: Context, sink: Sink): ExceptionEntry[] | undefined {
  const node = find(map, "values");
  if (node === null) return undefined;
  const context = inside(outer, "exception values", "", node);
  if (node.kind !== "sequence") {
    sink.error(context, { code: "wrong-type", key: "values", expected: "a sequence" });
    return undefined;
  }
  const found: ExceptionEntry[] = [];
  for (const item of node.items) {
    found.push(entryOf(item, "", inside(context, "exception value", "", item), sink));
    if (sink.failed) return undefined;
  }
  return found;
}

/** A map, and null, are read as nothing. */
function entryOf(node: YamlNode, key: string, outer: Context, sink: Sink): ExceptionEntry {
  const context = valueFor(key, node, outer);
  if (node.kind === "map" || isNull(node)) return null;
  if (node.kind === "scalar") {
    if (node.text !== "") return node;
    return sink.error(context, { code: "empty-value", key: key === "" ? "values" : key });
  }
  const items: ExceptionEntry[] = [];
  for (const item of node.items) {
    items.push(entryOf(item, "", inside(context, "exception", "", item), sink));
    if (sink.failed) return null;
  }
  return items;
}
