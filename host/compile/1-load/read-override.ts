import type { MapEntry, YamlNode } from "../../yaml/nodes.ts";
import type { Place } from "./read-values.ts";
import { find, valueFor } from "./read-values.ts";
import type { Context } from "./sink.ts";
import { inside, outermost } from "./sink.ts";

export interface Overrides {
  readonly append: ReadonlySet<string>;
  readonly replace: ReadonlySet<string>;
}

/** Which keys an item may override, by operation. */
export interface Overridable {
  readonly append: readonly string[];
  readonly replace: readonly string[];
}

/** Null after an error. A single value under `override` says nothing, as for Falco. */
export function readOverride(place: Place, overridable: Overridable): Overrides | null {
  const { map, context, sink } = place;
  const found = { append: new Set<string>(), replace: new Set<string>() };
  const node = find(map, "override");
  const outer = inside(context, "overrides", "", map);
  if (node?.kind === "sequence" && node.items.length > 0) {
    const at = outermost(valueFor("override", node, context));
    return sink.error(at, { code: "override-shape" });
  }
  for (const entry of node?.kind === "map" ? node.entries : []) {
    const read = readEntry(place, entry);
    if (read === null) return null;
    const { key, operation } = read;
    if (operation !== "append" && operation !== "replace") {
      const at = valueFor(key, entry.value, outer);
      return sink.error(at, { code: "override-operation", operation });
    }
    if (!overridable[operation].includes(key)) {
      return sink.error(overrideOf(key, entry.key, outer), {
        code: "override-key",
        key,
        operation,
      });
    }
    found[operation].add(key);
  }
  return found;
}

/** Null is read as the text "null" here. */
function readEntry(
  { context, sink }: Place,
  { key, value, hasCollectionKey }: MapEntry,
): { key: string; operation: string } | null {
  if (hasCollectionKey === true || value.kind !== "scalar") {
    const node = hasCollectionKey === true ? key : value;
    return sink.error(outermost(valueFor("override", node, context)), { code: "override-shape" });
  }
  return { key: nullText(key.text, key.isNull), operation: nullText(value.text, value.isNull) };
}

function nullText(text: string, isNull: boolean): string {
  return isNull ? "null" : text;
}

/** The place of one key under `override`, or of one that should be there. */
export function overrideOf(key: string, node: YamlNode, outer: Context): Context {
  return inside(outer, "overrides", key, node);
}
