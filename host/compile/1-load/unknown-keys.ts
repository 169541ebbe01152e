/** Keys that nobody reads, with the name that was meant. */
import { nearest } from "../../diagnostics/nearest.ts";
import type { MapNode } from "../../yaml/nodes.ts";
import type { Context, Sink } from "./sink.ts";
import { outermost, shownAt } from "./sink.ts";

/** Of an item. A key that is no text stops the file, as with Falco. */
export function warnUnknownKeys(
  map: MapNode,
  known: readonly string[],
  context: Context,
  sink: Sink,
): void {
  for (const { key: node, hasCollectionKey } of map.entries) {
    if (hasCollectionKey === true) {
      sink.error(outermost(shownAt(context, node)), { code: "key-shape" });
      return;
    }
    const key = node.isNull ? "null" : node.text;
    if (known.includes(key)) continue;
    sink.warn(shownAt(context, node), { code: "unknown-key", key, near: nearest(key, known) });
  }
}

/** Of a map inside of an item: Falco's schema knows these, its loader does not look at them. */
export function warnUnknownNested(
  map: MapNode,
  known: readonly string[],
  context: Context,
  sink: Sink,
): void {
  for (const { key: node } of map.entries) {
    const key = node.isNull ? "null" : node.text;
    if (known.includes(key)) continue;
    const near = nearest(key, known);
    sink.warn(shownAt(context, node), { code: "unknown-nested-key", key, near });
  }
}
