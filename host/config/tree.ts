/**
 * The merged configuration as one tree of YAML nodes. Scalars stay text until a key's type reads
 * them, every node knows the file or the option that it came from, and no node is ever changed:
 * merging and setting give new nodes.
 */
import type { MapNode, ScalarNode, YamlNode } from "../yaml/nodes.ts";
import type { SourceFile } from "../yaml/source-file.ts";

/** An empty map that belongs to `file`. */
export function emptyMap(file: SourceFile): MapNode {
  return { kind: "map", entries: [], file, offset: 0 };
}

/** A text that stands at `offset` of `file`. */
export function scalar(text: string, file: SourceFile, offset: number): ScalarNode {
  const end = offset + text.length;
  return { kind: "scalar", text, isNull: false, style: "plain", file, offset, start: offset, end };
}

/** The first value with this name, as yaml-cpp looks names up. */
export function member(map: YamlNode | undefined, name: string): YamlNode | undefined {
  if (map?.kind !== "map") return undefined;
  return map.entries.find(({ key }) => key.text === name && !key.isNull)?.value;
}

/** The value at a dotted path of names without dots; undefined when a step leads nowhere. */
export function valueAt(root: MapNode, path: string): YamlNode | undefined {
  return path.split(".").reduce<YamlNode | undefined>((at, name) => member(at, name), root);
}

/** `map` with a member set: under the key that is there, or at the end. */
export function withMember(map: MapNode, key: ScalarNode, value: YamlNode): MapNode {
  const at = map.entries.findIndex((entry) => entry.key.text === key.text);
  const entries = [...map.entries];
  const there = entries[at];
  if (there === undefined) entries.push({ key, value });
  else entries[at] = { key: there.key, value };
  return { ...map, entries };
}

/** What the tree holds, every scalar as text: the form of `falco --support`. */
export function plainOf(node: YamlNode): unknown {
  if (node.kind === "scalar") return node.isNull ? null : node.text;
  if (node.kind === "sequence") return node.items.map(plainOf);
  const members = new Map<string, unknown>();
  for (const { key, value } of node.entries) {
    if (!members.has(key.text)) members.set(key.text, plainOf(value));
  }
  return Object.fromEntries(members);
}
