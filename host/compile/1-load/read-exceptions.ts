import type { MapNode, YamlNode } from "../../yaml/nodes.ts";
import type { ExceptionItem, ExceptionValue } from "./items.ts";
import { present, requireText, scalars } from "./read-values.ts";
import type { Context, Sink } from "./sink.ts";
import { inside } from "./sink.ts";

export function readExceptions(node: YamlNode, outer: Context, sink: Sink): ExceptionItem[] | null {
  const context = inside(outer, "exceptions", "", node);
  if (node.kind !== "sequence") {
    return sink.error(context, { code: "wrong-type", key: "exceptions", expected: "a sequence" });
  }
  const found: ExceptionItem[] = [];
  for (const entry of node.items) {
    const exception = readException(entry, context, sink);
    if (exception === null) return null;
    if (found.some((other) => other.name === exception.name)) {
      sink.warn(exception.context, { code: "exception-twice", name: exception.name });
    }
    found.push(exception);
  }
  return found;
}

function readException(node: YamlNode, outer: Context, sink: Sink): ExceptionItem | null {
  const bare = inside(outer, "exception", "", node);
  if (node.kind !== "map")
    return sink.error(bare, {
      code: "wrong-type",
      key: "exceptions",
      expected: "a sequence of maps",
    });
  const name = requireText(node, "name", bare, sink);
  if (name === null) return null;
  const context = inside(outer, "exception", name.text, node);
  const fields = readNames(node, "fields", context, sink);
  const comps = readNames(node, "comps", context, sink);
  const values = readValues(node, context, sink);
  if (sink.failed) return null;
  return { name: name.text, fields, comps, values, context };
}

function readNames(
  map: MapNode,
  key: string,
  context: Context,
  sink: Sink,
): string | readonly string[] | null {
  const node = present(map, key);
  if (node === null) return null;
  if (node.kind === "scalar") return node.text;
  return scalars(node, key, context, sink)?.map((scalar) => scalar.text) ?? null;
}

function readValues(map: MapNode, outer: Context, sink: Sink): ExceptionItem["values"] {
  const node = present(map, "values");
  if (node === null) return null;
  const context = inside(outer, "exception values", "", node);
  if (node.kind !== "sequence") {
    return sink.error(context, { code: "wrong-type", key: "values", expected: "a sequence" });
  }
  const found: (ExceptionValue | readonly ExceptionValue[])[] = [];
  for (const item of node.items) {
    const value = readValue(item, context, sink);
    if (value === null) return null;
    found.push(value);
  }
  return found;
}

/** A scalar, or a tuple whose elements are scalars or sequences of scalars. */
function readValue(
  node: YamlNode,
  outer: Context,
  sink: Sink,
): ExceptionValue | ExceptionValue[] | null {
  if (node.kind === "scalar") return node;
  const context = inside(outer, "exception value", "", node);
  const shape = {
    code: "wrong-type",
    key: "values",
    expected: "a sequence of values or of tuples",
  } as const;
  if (node.kind !== "sequence") return sink.error(context, shape);
  const tuple: ExceptionValue[] = [];
  for (const item of node.items) {
    if (item.kind === "map") return sink.error(context, shape);
    const element = item.kind === "scalar" ? item : scalars(item, "values", context, sink);
    if (element === null) return null;
    tuple.push(element);
  }
  return tuple;
}
