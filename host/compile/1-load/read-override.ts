import type { MapNode } from "../../yaml/nodes.ts";
import type { Operation } from "./items.ts";
import { find, valueFor } from "./read-values.ts";
import type { Context, Sink } from "./sink.ts";
import { inside } from "./sink.ts";

/** Empty when there is none, null after an error. */
export function readOverride(
  map: MapNode,
  outer: Context,
  sink: Sink,
): Map<string, Operation> | null {
  const found = new Map<string, Operation>();
  const node = find(map, "override");
  if (node === null) return found;
  const context = inside(outer, "overrides", "", node);
  if (node.kind !== "map") {
    return node.kind === "scalar" && node.isNull
      ? found
      : sink.error(context, { code: "wrong-type", key: "override", expected: "a map" });
  }
  for (const { key, value } of node.entries) {
    const operation = value.kind === "scalar" ? value.text : "";
    if (operation !== "append" && operation !== "replace") {
      const place = valueFor(key.text, value, context);
      return sink.error(place, { code: "override-operation", operation });
    }
    if (!found.has(key.text)) found.set(key.text, operation);
  }
  return found;
}

/** The place of one key under `override`, or of one that should be there. */
export function overrideOf(key: string, map: MapNode, outer: Context): Context {
  const node = find(map, "override");
  const isNamed = node?.kind === "map" && find(node, key) !== null;
  if (!isNamed) return inside(outer, "overrides", key, find(map, key) ?? map);
  const place = find(node, key) ?? node;
  return inside(inside(outer, "overrides", "", node), "overrides", key, place);
}
