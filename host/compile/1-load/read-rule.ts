/** A rule item: a definition, an override, an append of the old kind, or the old on/off switch. */

import type { Priority } from "../../schema/manifest.ts";
import { PRIORITIES } from "../../schema/manifest.ts";
import type { MapNode, ScalarNode, YamlNode } from "../../yaml/nodes.ts";
import type { Operation, RuleItem, RuleKeys } from "./items.ts";
import { readExceptions } from "./read-exceptions.ts";
import { overrideOf, readOverride } from "./read-override.ts";
import {
  find,
  optionalText,
  optionalTruth,
  optionalUnsigned,
  present,
  requireText,
  scalars,
} from "./read-values.ts";
import type { Context, Sink } from "./sink.ts";
import { inside } from "./sink.ts";

const APPENDABLE = ["condition", "output", "desc", "tags", "exceptions"];
const REPLACEABLE = [
  ...APPENDABLE,
  "priority",
  "capture",
  "capture_duration",
  "enabled",
  "warn_evttypes",
  "skip-if-unknown-filter",
];

export const RULE_KEYS = ["rule", ...REPLACEABLE, "source", "append", "override"];

export function readRule(map: MapNode, outer: Context, sink: Sink): RuleItem | null {
  const name = requireText(map, "rule", inside(outer, "rule", "", map), sink);
  if (name === null) return null;
  const context = inside(outer, "rule", name.text, map);
  const append = optionalTruth(map, "append", context, sink);
  const override = readOverride(map, context, sink);
  if (override === null || sink.failed) return null;
  if (append === true && override.size > 0)
    return sink.error(context, { code: "append-and-override" });
  if (override.size > 0) {
    if (!checkOverride(map, override, context, sink)) return null;
    return finish(map, { name, mode: "override", override, context }, sink);
  }
  if (append === true) {
    sink.warn(context, { code: "deprecated-key", key: "append", instead: "override" });
    if (present(map, "condition") === null && present(map, "exceptions") === null) {
      return sink.error(context, { code: "append-nothing" });
    }
    return finish(map, { name, mode: "append", override, context }, sink);
  }
  const isToggle =
    DEFINING.every((key) => find(map, key) === null) && find(map, "enabled") !== null;
  if (isToggle) {
    sink.warn(context, { code: "deprecated-toggle" });
    return finish(map, { name, mode: "toggle", override, context }, sink);
  }
  for (const key of DEFINING) if (requireText(map, key, context, sink) === null) return null;
  return finish(map, { name, mode: "define", override, context }, sink);
}

const DEFINING = ["condition", "output", "desc", "priority"];

function checkOverride(
  map: MapNode,
  override: ReadonlyMap<string, Operation>,
  context: Context,
  sink: Sink,
): boolean {
  for (const [key, operation] of override) {
    if (!(operation === "append" ? APPENDABLE : REPLACEABLE).includes(key)) {
      sink.error(overrideOf(key, map, context), { code: "override-key", key, operation });
      return false;
    }
    if (find(map, key) === null) {
      sink.error(context, { code: "override-absent", key });
      return false;
    }
  }
  for (const { key } of map.entries) {
    if (REPLACEABLE.includes(key.text) && !override.has(key.text)) {
      const place = overrideOf(key.text, map, context);
      sink.error(place, { code: "override-unlisted", key: key.text });
      return false;
    }
  }
  return true;
}

interface Head {
  readonly name: ScalarNode;
  readonly mode: RuleItem["mode"];
  readonly override: ReadonlyMap<string, Operation>;
  readonly context: Context;
}

function finish(map: MapNode, head: Head, sink: Sink): RuleItem | null {
  const { context, mode } = head;
  const source = optionalText(map, "source", context, sink);
  const keys = mode === "toggle" ? readToggle(map, context, sink) : readKeys(map, head, sink);
  if (keys === null || sink.failed) return null;
  return {
    kind: "rule",
    name: head.name.text,
    source: source?.text ?? null,
    keys,
    mode,
    override: head.override,
    context,
    conditionContext: inside(context, "rule condition", "", keys.condition ?? map),
    outputContext: inside(context, "rule output", "", keys.output ?? map),
  };
}

function readToggle(map: MapNode, context: Context, sink: Sink): RuleKeys | null {
  const enabled = optionalTruth(map, "enabled", context, sink);
  return enabled === null ? null : { enabled };
}

function readKeys(map: MapNode, head: Head, sink: Sink): RuleKeys | null {
  const { context } = head;
  const text = (key: string): ScalarNode | null => optionalText(map, key, context, sink);
  const truth = (key: string): boolean | null => optionalTruth(map, key, context, sink);
  const exceptionsNode = present(map, "exceptions");
  const tagsNode = present(map, "tags");
  const keys = {
    condition: text("condition"),
    // The old append reads nothing but condition and exceptions.
    output: head.mode === "append" ? null : text("output"),
    desc: head.mode === "append" ? null : text("desc"),
    priority: head.mode === "append" ? null : readPriority(map, context, sink),
    enabled: truth("enabled"),
    tags: tagsNode === null ? null : readTags(tagsNode, context, sink),
    capture: truth("capture"),
    captureDuration: optionalUnsigned(map, "capture_duration", context, sink),
    warnEvttypes: truth("warn_evttypes"),
    skipIfUnknownFilter: truth("skip-if-unknown-filter"),
    exceptions: exceptionsNode === null ? null : readExceptions(exceptionsNode, context, sink),
  };
  if (sink.failed) return null;
  return Object.fromEntries(Object.entries(keys).filter(([, value]) => value !== null));
}

function readTags(node: YamlNode, context: Context, sink: Sink): string[] | null {
  const tags = scalars(node, "tags", context, sink);
  return tags === null ? null : tags.map((tag) => tag.text);
}

function readPriority(map: MapNode, outer: Context, sink: Sink): Priority | null {
  const node = optionalText(map, "priority", outer, sink);
  if (node === null) return null;
  const wanted = node.text.toLowerCase() === "info" ? "informational" : node.text.toLowerCase();
  const priority = PRIORITIES.find((candidate) => candidate.toLowerCase() === wanted);
  if (priority !== undefined) return priority;
  const context = inside(outer, "rule priority", "", node);
  const expected = PRIORITIES.join(", ");
  return sink.error(context, { code: "bad-value", key: "priority", value: node.text, expected });
}
