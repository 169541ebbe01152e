/**
 * Typed reads of one key of a map, with the checks of Falco in its order. Each says what is wrong
 * and returns null, or the value. A missing key, and null, are a matter of the map, anything else
 * one of the key's value.
 */
import type { MapNode, ScalarNode, YamlNode } from "../../yaml/nodes.ts";
import type { Context, Sink } from "./sink.ts";
import { inside } from "./sink.ts";

/** The place of what a key holds. */
export function valueFor(key: string, node: YamlNode, outer: Context): Context {
  return inside(outer, "value for", key, node);
}

/** The first of equal keys counts. */
export function find(map: MapNode, key: string): YamlNode | null {
  const entry = map.entries.find((each) => each.key.text === key && !each.key.isNull);
  return entry?.value ?? null;
}

export function isDefined(map: MapNode, key: string): boolean {
  return find(map, key) !== null;
}

export function isNull(node: YamlNode): boolean {
  return node.kind === "scalar" && node.isNull;
}

/** Where a key is read, and where it is said when that fails. */
export interface Place {
  readonly map: MapNode;
  readonly context: Context;
  readonly sink: Sink;
}

/** Text that has to be there and not be empty. */
export function requireText({ map, context, sink }: Place, key: string): ScalarNode | null {
  const node = find(map, key);
  if (node === null) return sink.error(context, { code: "missing-key", key });
  if (isNull(node)) return sink.error(context, { code: "empty-value", key });
  const place = valueFor(key, node, context);
  if (node.kind !== "scalar") {
    return sink.error(place, { code: "wrong-type", key, expected: "text" });
  }
  return node.text === "" ? sink.error(place, { code: "empty-value", key }) : node;
}

/** Undefined when the key is not there. */
export function optionalText(place: Place, key: string): ScalarNode | null | undefined {
  return isDefined(place.map, key) ? requireText(place, key) : undefined;
}

/** The items of a sequence that may only hold scalars. */
export function requireScalars({ map, context, sink }: Place, key: string): ScalarNode[] | null {
  const node = find(map, key);
  if (node === null) return sink.error(context, { code: "missing-key", key });
  const place = valueFor(key, node, context);
  if (node.kind !== "sequence") {
    return sink.error(place, { code: "wrong-type", key, expected: "a sequence" });
  }
  const found: ScalarNode[] = [];
  for (const item of node.items) {
    if (item.kind !== "scalar" || item.isNull) {
      const at = inside(place, "list item", "", item);
      return sink.error(at, { code: "wrong-type", key, expected: "a sequence of scalars" });
    }
    found.push(item);
  }
  return found;
}

const TRUE = /^(?:y|Y|yes|Yes|YES|true|True|TRUE|on|On|ON)$/;
const FALSE = /^(?:n|N|no|No|NO|false|False|FALSE|off|Off|OFF)$/;

export function requireTruth(place: Place, key: string): boolean | null {
  const node = requireText(place, key);
  if (node === null) return null;
  if (TRUE.test(node.text)) return true;
  if (FALSE.test(node.text)) return false;
  const at = valueFor(key, node, place.context);
  return place.sink.error(at, { code: "wrong-type", key, expected: "true or false" });
}

const UINT32_MAX = 0xffff_ffff;

export function requireUnsigned(place: Place, key: string): number | null {
  const node = requireText(place, key);
  if (node === null) return null;
  const value = parseUnsigned(node.text);
  if (value !== null) return value;
  const at = valueFor(key, node, place.context);
  return place.sink.error(at, { code: "wrong-type", key, expected: "an unsigned number" });
}

/** As C++ reads numbers from a stream: 0x for hexadecimal, 0 for octal, blanks behind. */
export function parseUnsigned(text: string): number | null {
  const number = /^\+?(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9]\d*)\s*$/.exec(text)?.[1];
  if (number === undefined) return null;
  const value = /^0[0-7]+$/.test(number) ? Number.parseInt(number, 8) : Number(number);
  return value <= UINT32_MAX ? value : null;
}
