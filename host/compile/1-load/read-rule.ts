/**
 * A rule item: a definition, an override, an append of the old kind, or the old on/off switch.
 * Keys are read in the order in which Falco reads them, since the first error counts; what an
 * override appends is applied before what it replaces is read.
 */
import type { Priority } from "../../schema/manifest.ts";
import { PRIORITIES } from "../../schema/manifest.ts";
import type { RuleItem, RuleKeys } from "./items.ts";
import { readExceptions } from "./read-exceptions.ts";
import type { Overrides } from "./read-override.ts";
import { overrideOf, readOverride } from "./read-override.ts";
import type { Place } from "./read-values.ts";
import {
  find,
  isDefined,
  optionalText,
  requireScalars,
  requireText,
  requireTruth,
  requireUnsigned,
} from "./read-values.ts";
import type { Context } from "./sink.ts";
import { inside } from "./sink.ts";

const APPENDABLE = ["condition", "exceptions", "output", "desc", "tags"];
const REPLACEABLE = [
  ...APPENDABLE,
  "priority",
  "enabled",
  "capture",
  "capture_duration",
  "warn_evttypes",
  "skip-if-unknown-filter",
];

export const RULE_KEYS = ["rule", ...REPLACEABLE, "source", "append", "override"];

const DEFINING = ["condition", "output", "desc", "priority"];

export function* readRule({ map, context: outer, sink }: Place): Generator<RuleItem, boolean> {
  const bare = inside(outer, "rule", "", map);
  const name = requireText({ map, context: bare, sink }, "rule");
  if (name === null) return false;
  const context = inside(outer, "rule", name.text, map);
  const place: Place = { map, context, sink };
  const head = { name: name.text, place };
  const isAppend = isDefined(map, "append") && requireTruth(place, "append");
  if (isAppend === null) return false;
  if (isAppend) sink.warn(context, { code: "deprecated-key", key: "append", instead: "override" });
  const overrides = readOverride(place, { append: APPENDABLE, replace: REPLACEABLE });
  if (overrides === null) return false;
  if (overrides.append.size + overrides.replace.size > 0) {
    if (isAppend) sink.error(context, { code: "append-and-override" });
    else yield* readOverrides(head, overrides);
  } else if (isAppend) {
    const keys = ["condition", "exceptions"].filter((key) => isDefined(map, key));
    yield* readItem(head, "append", keys);
  } else if (DEFINING.some((key) => isDefined(map, key))) {
    yield* readDefinition(head);
  } else {
    yield* readToggle(head);
  }
  return !sink.failed;
}

interface Head {
  readonly name: string;
  readonly place: Place;
}

function* readOverrides(head: Head, { append, replace }: Overrides): Generator<RuleItem> {
  const { map, context, sink } = head.place;
  const open = new Set(REPLACEABLE.filter((key) => isDefined(map, key)).sort());
  for (const [mode, keys] of [
    ["append", APPENDABLE.filter((key) => append.has(key))],
    ["replace", REPLACEABLE.filter((key) => replace.has(key))],
  ] as const) {
    if (keys.length > 0) yield* readItem(head, mode, keys, open);
    if (sink.failed) return;
  }
  for (const key of open) {
    const place = overrideOf(key, find(map, key) ?? map, context);
    sink.error(place, { code: "override-unlisted", key });
    return;
  }
}

/** The keys of an item that changes a rule; those in `open` have to be there, and leave it. */
function* readItem(
  head: Head,
  mode: "append" | "replace",
  keys: readonly string[],
  open?: Set<string>,
): Generator<RuleItem> {
  const { context, sink } = head.place;
  let found: RuleKeys = {};
  for (const key of keys) {
    if (open?.delete(key) === false) {
      sink.error(context, { code: "override-absent", key });
      return;
    }
    found = { ...found, ...readKey(head.place, key, mode === "append") };
    if (sink.failed) return;
  }
  yield { ...itemOf(head, mode, found), source: sourceOf(head.place) };
}

/** Of an item that changes a rule: nothing is as good as no source. */
function sourceOf({ map }: Place): string | null {
  const node = find(map, "source");
  return node?.kind === "scalar" && !node.isNull && node.text !== "" ? node.text : null;
}

function* readDefinition(head: Head): Generator<RuleItem> {
  const { map, context, sink } = head.place;
  let found: RuleKeys = {};
  for (const key of DEFINING) {
    // A priority is looked at only once it is known to be text.
    found = { ...found, ...readKey(head.place, key, false) };
    if (sink.failed) return;
  }
  const source = optionalText(head.place, "source");
  if (source === null) return;
  const optional = ["enabled", "capture", "capture_duration", "warn_evttypes"];
  for (const key of [...optional, "skip-if-unknown-filter", "tags", "exceptions"]) {
    if (!isDefined(map, key)) continue;
    found = { ...found, ...readKey({ map, context, sink }, key, false) };
    if (sink.failed) return;
  }
  yield { ...itemOf(head, "define", found), source: source?.text ?? null };
}

function* readToggle(head: Head): Generator<RuleItem> {
  const enabled = requireTruth(head.place, "enabled");
  if (enabled === null) return;
  head.place.sink.warn(head.place.context, { code: "deprecated-toggle" });
  yield itemOf(head, "toggle", { enabled });
}

function itemOf(head: Head, mode: RuleItem["mode"], keys: RuleKeys): RuleItem {
  const { map, context } = head.place;
  const contextOf = (type: "rule condition" | "rule output", key: string): Context =>
    inside(context, type, "", find(map, key) ?? map);
  return {
    kind: "rule",
    name: head.name,
    source: null,
    keys,
    mode,
    context,
    conditionContext: contextOf("rule condition", "condition"),
    outputContext: contextOf("rule output", "output"),
  };
}

/** One key; empty after an error. */
function readKey(place: Place, key: string, isAppend: boolean): RuleKeys {
  switch (key) {
    case "condition":
    case "output":
    case "desc":
      return keyOf(key, requireText(place, key));
    case "priority":
      return keyOf("priority", readPriority(place));
    case "tags":
      return keyOf("tags", requireScalars(place, key)?.map((tag) => tag.text) ?? null);
    case "exceptions":
      return keyOf("exceptions", readExceptions(place, isAppend));
    case "capture_duration":
      return keyOf("captureDuration", requireUnsigned(place, key));
    case "warn_evttypes":
      return keyOf("warnEvttypes", requireTruth(place, key));
    case "skip-if-unknown-filter":
      return keyOf("skipIfUnknownFilter", requireTruth(place, key));
    case "capture":
    case "enabled":
      return keyOf(key, requireTruth(place, key));
    default:
      return {};
  }
}

function keyOf<K extends keyof RuleKeys>(key: K, value: RuleKeys[K] | null): RuleKeys {
  return value === null ? {} : { [key]: value };
}

function readPriority(place: Place): Priority | null {
  const node = requireText(place, "priority");
  if (node === null) return null;
  const wanted = node.text.toLowerCase() === "info" ? "informational" : node.text.toLowerCase();
  const priority = PRIORITIES.find((candidate) => candidate.toLowerCase() === wanted);
  if (priority !== undefined) return priority;
  const context = inside(place.context, "rule priority", "", node);
  const expected = `one of ${PRIORITIES.join(", ")}`;
  return place.sink.error(context, {
    code: "bad-value",
    key: "priority",
    value: node.text,
    expected,
  });
}
