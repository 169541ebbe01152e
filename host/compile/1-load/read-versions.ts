import type { MapNode, YamlNode } from "../../yaml/nodes.ts";
import type { EngineVersionItem, PluginRequirement, PluginVersionsItem } from "./items.ts";
import type { Place } from "./read-values.ts";
import { find, parseUnsigned, requireText } from "./read-values.ts";
import type { Context, Sink } from "./sink.ts";
import { inside } from "./sink.ts";
import { warnUnknownNested } from "./unknown-keys.ts";

/** The version of Falco's engine whose rule language this is. */
export const ENGINE_VERSION: Version = [0, 63, 0];

/** Major, minor, patch. */
export type Version = readonly [number, number, number];

const VERSION = /^\s*([+-]?\d+)\.\s*([+-]?\d+)\.\s*([+-]?\d+)/;

/** As C's `sscanf` reads three numbers: what follows them is not looked at. */
export function parseVersion(text: string): Version | null {
  const [, major, minor, patch] = VERSION.exec(text) ?? [];
  if (major === undefined || minor === undefined || patch === undefined) return null;
  return [unsigned(major), unsigned(minor), unsigned(patch)];
}

/** Of 64 bits, the largest when there are more, cut to 32. */
function unsigned(digits: string): number {
  const value = BigInt(digits.replace(/^\+/, ""));
  const isTooLarge = value >= 1n << 64n || value <= -(1n << 64n);
  return Number(BigInt.asUintN(32, isTooLarge ? -1n : value));
}

/** Same major version, and `own` at least `wanted`. */
export function isCompatible(own: Version, wanted: Version): boolean {
  if (own[0] !== wanted[0]) return false;
  return own[1] !== wanted[1] ? own[1] > wanted[1] : own[2] >= wanted[2];
}

export function* readEngineVersion({
  map,
  context: outer,
  sink,
}: Place): Generator<EngineVersionItem> {
  const key = "required_engine_version";
  const context = inside(outer, key, "", map);
  const node = requireText({ map, context, sink }, key);
  if (node === null) return;
  const minor = parseUnsigned(node.text);
  const version = minor === null ? parseVersion(node.text) : ([0, minor, 0] as const);
  if (version === null) {
    const expected = "a number or a version like 0.57.0";
    sink.error(context, { code: "bad-value", key, value: node.text, expected });
    return;
  }
  yield { kind: "engine-version", version, context };
}

export function* readPluginVersions({
  map,
  context: outer,
  sink,
}: Place): Generator<PluginVersionsItem> {
  const key = "required_plugin_versions";
  const node = find(map, key) ?? map;
  const context = inside(outer, "required plugin versions", "", node);
  if (node.kind !== "sequence") {
    sink.error(context, { code: "wrong-type", key, expected: "a sequence" });
    return;
  }
  for (const item of node.items) {
    const place = (name: string): Context =>
      inside(context, "required plugin versions entry", name, item);
    const first = readRequirement(item, place, sink);
    if (first === null || item.kind !== "map") return;
    warnUnknownNested(item, ["name", "version", "alternatives"], place(first.name), sink);
    const alternatives = readAlternatives(item, place(first.name), sink);
    if (alternatives === null) return;
    const entry = { first, alternatives, context: place(first.name) };
    yield { kind: "plugin-versions", entries: [entry], context };
    if (sink.failed) return;
  }
  // So that unknown keys are shown there when nothing is required.
  yield { kind: "plugin-versions", entries: [], context };
}

function readAlternatives(map: MapNode, outer: Context, sink: Sink): PluginRequirement[] | null {
  const node = find(map, "alternatives");
  if (node === null) return [];
  if (node.kind !== "sequence") {
    return sink.error(outer, { code: "wrong-type", key: "alternatives", expected: "a sequence" });
  }
  const found: PluginRequirement[] = [];
  for (const item of node.items) {
    const place = (name: string): Context =>
      inside(outer, "required plugin versions alternative", name, item);
    const requirement = readRequirement(item, place, sink);
    if (requirement === null) return null;
    if (item.kind === "map") warnUnknownNested(item, ["name", "version"], place(""), sink);
    found.push(requirement);
  }
  return found;
}

/** `place` says where a requirement of that name stands; "" while the name is not known. */
function readRequirement(
  node: YamlNode,
  place: (name: string) => Context,
  sink: Sink,
): PluginRequirement | null {
  if (node.kind !== "map") {
    return sink.error(place(""), {
      code: "wrong-type",
      key: "required_plugin_versions",
      expected: "a sequence of maps",
    });
  }
  const name = requireText({ map: node, context: place(""), sink }, "name");
  if (name === null) return null;
  const version = requireText({ map: node, context: place(name.text), sink }, "version");
  return version === null ? null : { name: name.text, version: version.text };
}
