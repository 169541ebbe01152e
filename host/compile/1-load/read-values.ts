/**
 * Typed reads of one key of a map. Each says what is wrong and returns null, or the value. A
 * missing key is a matter of the map, anything else of the key's value.
 */
import type { MapNode, ScalarNode, SequenceNode, YamlNode } from "../../yaml/nodes.ts";
import type { Context, Sink } from "./sink.ts";
import { inside } from "./sink.ts";

/** The place of what a key holds. */
export function valueFor(key: string, node: YamlNode, outer: Context): Context {
  return inside(outer, "value for", key, node);
}

function notSequence(key: string, node: YamlNode, outer: Context, sink: Sink): null {
  const place = valueFor(key, node, outer);
  return sink.error(place, { code: "wrong-type", key, expected: "a sequence" });
}

/** The first of equal keys counts. */
export function find(map: MapNode, key: string): YamlNode | null {
  return map.entries.find((entry) => entry.key.text === key)?.value ?? null;
}

/** A key that is there and not null. */
export function present(map: MapNode, key: string): YamlNode | null {
  const node = find(map, key);
  return node === null || (node.kind === "scalar" && node.isNull) ? null : node;
}

/** Text that has to be there and not be empty. */
export function requireText(
  map: MapNode,
  key: string,
  context: Context,
  sink: Sink,
): ScalarNode | null {
  const node = find(map, key);
  if (node === null) return sink.error(context, { code: "missing-key", key });
  if (node.kind !== "scalar") {
    const place = valueFor(key, node, context);
    return sink.error(place, { code: "wrong-type", key, expected: "text" });
  }
  // Null is as good as no key, for its place, too.
  if (node.isNull) return sink.error(context, { code: "empty-value", key });
  if (node.text === "") {
    return sink.error(valueFor(key, node, context), { code: "empty-value", key });
  }
  return node;
}

export function optionalText(
  map: MapNode,
  key: string,
  context: Context,
  sink: Sink,
): ScalarNode | null {
  return find(map, key) === null ? null : requireText(map, key, context, sink);
}

export function requireSequence(
  map: MapNode,
  key: string,
  context: Context,
  sink: Sink,
): SequenceNode | null {
  const node = find(map, key);
  if (node === null) return sink.error(context, { code: "missing-key", key });
  if (node.kind !== "sequence") return notSequence(key, node, context, sink);
  return node;
}

/** The items of a sequence that may only hold scalars. */
export function scalars(
  node: YamlNode,
  key: string,
  context: Context,
  sink: Sink,
): ScalarNode[] | null {
  if (node.kind !== "sequence") return notSequence(key, node, context, sink);
  const found: ScalarNode[] = [];
  for (const item of node.items) {
    if (item.kind !== "scalar" || item.isNull) {
      const place = inside(valueFor(key, node, context), "list item", "", item);
      return sink.error(place, { code: "wrong-type", key, expected: "a sequence of scalars" });
    }
    found.push(item);
  }
  return found;
}

const TRUE = /^(?:y|Y|yes|Yes|YES|true|True|TRUE|on|On|ON)$/;
const FALSE = /^(?:n|N|no|No|NO|false|False|FALSE|off|Off|OFF)$/;

export function optionalTruth(
  map: MapNode,
  key: string,
  context: Context,
  sink: Sink,
): boolean | null {
  const node = find(map, key);
  if (node === null) return null;
  if (node.kind === "scalar" && TRUE.test(node.text)) return true;
  if (node.kind === "scalar" && FALSE.test(node.text)) return false;
  const place = valueFor(key, node, context);
  return sink.error(place, { code: "wrong-type", key, expected: "true or false" });
}

const UINT32_MAX = 0xffff_ffff;

export function optionalUnsigned(
  map: MapNode,
  key: string,
  context: Context,
  sink: Sink,
): number | null {
  const node = find(map, key);
  if (node === null) return null;
  if (node.kind === "scalar" && /^(?:\d{1,10}|0x[0-9a-fA-F]{1,8})$/.test(node.text)) {
    const value = Number(node.text);
    if (value <= UINT32_MAX) return value;
  }
  const place = valueFor(key, node, context);
  return sink.error(place, { code: "wrong-type", key, expected: "an unsigned number" });
}
