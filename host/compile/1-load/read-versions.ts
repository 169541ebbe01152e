import type { MapNode, YamlNode } from "../../yaml/nodes.ts";
import type { EngineVersionItem, PluginRequirement, PluginVersionsItem } from "./items.ts";
import { find, present, requireText } from "./read-values.ts";
import type { Context, Sink } from "./sink.ts";
import { inside } from "./sink.ts";

/** The version of Falco's engine whose rule language this is. */
export const ENGINE_VERSION: readonly [number, number, number] = [0, 63, 0];

const SEMVER = /^(\d+)\.(\d+)\.(\d+)(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/;

export function parseVersion(text: string): readonly [number, number, number] | null {
  const [, major, minor, patch] = SEMVER.exec(text) ?? [];
  return major === undefined ? null : [Number(major), Number(minor), Number(patch)];
}

/** Same major version, and `own` at least `wanted`. */
export function isCompatible(
  own: readonly [number, number, number],
  wanted: readonly [number, number, number],
): boolean {
  if (own[0] !== wanted[0]) return false;
  return own[1] !== wanted[1] ? own[1] > wanted[1] : own[2] >= wanted[2];
}

export function readEngineVersion(
  map: MapNode,
  outer: Context,
  sink: Sink,
): EngineVersionItem | null {
  const context = inside(outer, "required_engine_version", "", map);
  const node = requireText(map, "required_engine_version", context, sink);
  if (node === null) return null;
  const version = /^\d{1,9}$/.test(node.text)
    ? ([0, Number(node.text), 0] as const)
    : parseVersion(node.text);
  if (version === null) {
    const expected = "a number or a version like 0.57.0";
    return sink.error(context, {
      code: "bad-value",
      key: "required_engine_version",
      value: node.text,
      expected,
    });
  }
  if (!isCompatible(ENGINE_VERSION, version)) {
    return sink.error(context, {
      code: "engine-version",
      wanted: version.join("."),
      own: ENGINE_VERSION.join("."),
    });
  }
  return { kind: "engine-version", version, context };
}

export function readPluginVersions(
  map: MapNode,
  outer: Context,
  sink: Sink,
): PluginVersionsItem | null {
  const context = inside(outer, "required plugin versions", "", map);
  const node = find(map, "required_plugin_versions");
  if (node?.kind !== "sequence") {
    return sink.error(context, {
      code: "wrong-type",
      key: "required_plugin_versions",
      expected: "a sequence",
    });
  }
  const entries: PluginVersionsItem["entries"][number][] = [];
  for (const item of node.items) {
    const place = (name: string): Context =>
      inside(context, "required plugin versions entry", name, item);
    const first = readRequirement(item, place, sink);
    if (first === null) return null;
    const at = place(first.name);
    const alternatives = item.kind === "map" ? readAlternatives(item, at, sink) : null;
    if (alternatives === null) return null;
    const names = [first, ...alternatives].map((requirement) => requirement.name);
    if (new Set(names).size !== names.length) {
      return sink.error(at, {
        code: "plugin-version",
        reason: `plugin '${first.name}' is required more than once`,
      });
    }
    entries.push({ first, alternatives, context: at });
  }
  return { kind: "plugin-versions", entries, context };
}

function readAlternatives(map: MapNode, outer: Context, sink: Sink): PluginRequirement[] | null {
  const node = present(map, "alternatives");
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
  const name = requireText(node, "name", place(""), sink);
  const context = place(name?.text ?? "");
  const version = name === null ? null : requireText(node, "version", context, sink);
  if (name === null || version === null) return null;
  if (parseVersion(version.text) === null) {
    return sink.error(context, {
      code: "plugin-version",
      reason: `'${version.text}' is no version of plugin '${name.text}'`,
    });
  }
  return { name: name.text, version: version.text };
}
