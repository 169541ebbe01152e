/**
 * Sections as Falco sees them while it looks for their keys: what is empty becomes a map, a list
 * one with numbers as names, and a single value stops it. Of the engines only the one that was
 * chosen is looked at.
 */
import type { MapNode, YamlNode } from "../yaml/nodes.ts";
import { isKey, type Section } from "./key.ts";
import type { Report } from "./report.ts";
import { emptyMap, member, scalar, valueAt, withMember } from "./tree.ts";
import { isNothing } from "./values.ts";

const ENGINES = ["kmod", "modern_ebpf", "replay"];

/** Whether Falco looks at the key or section at this path. */
export function isLookedAt(root: MapNode, path: string): boolean {
  const [section, name, key] = path.split(".");
  if (section === "engine" && name !== undefined && ENGINES.includes(name)) {
    return engineOf(root) === name;
  }
  if (section === "libs_logger" && name === "severity" && key === undefined) {
    return !/^(?:n|no|false|off)$/i.test(textAt(root, "libs_logger.enabled"));
  }
  return true;
}

/** `kmod` when nothing is said, for Falco; its keys and those of `modern_ebpf` are the same. */
function engineOf(root: MapNode): string {
  return textAt(root, "engine.kind") || "modern_ebpf";
}

function textAt(root: MapNode, path: string): string {
  const node = valueAt(root, path);
  return node?.kind === "scalar" ? node.text : "";
}

/** `root` with every section of the table that it has as a map; what cannot be one is reported. */
export function withSections(root: MapNode, table: Section, report: Report): MapNode {
  return shape(root, table, "");

  function shape(map: MapNode, section: Section, prefix: string): MapNode {
    let shaped = map;
    for (const [name, entry] of Object.entries(section)) {
      const value = member(shaped, name);
      const path = `${prefix}${name}`;
      if (isKey(entry) || value === undefined || !isLookedAt(root, path)) continue;
      const inner = asSection(value, path, entry);
      if (inner === undefined) continue;
      const key = scalar(name, value.file, value.offset);
      shaped = withMember(shaped, key, shape(inner, entry, `${path}.`));
    }
    return shaped;
  }

  function asSection(value: YamlNode, path: string, entry: Section): MapNode | undefined {
    if (value.kind === "map") return value;
    if (isNothing(value)) return { ...emptyMap(value.file), offset: value.offset };
    const wanted = `${path} must be a map of ${Object.keys(entry).join(", ")}`;
    if (value.kind === "scalar") {
      report.error(value, wanted);
      return undefined;
    }
    report.warn(value, wanted);
    const entries = value.items.map((item, i) => ({
      key: scalar(String(i), item.file, item.offset),
      value: item,
    }));
    return { ...emptyMap(value.file), offset: value.offset, entries };
  }
}
