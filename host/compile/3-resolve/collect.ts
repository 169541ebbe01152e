/** Applies items one after the other: define, redefine, append, override, switch. */
import type { Item, ListItem, MacroItem, PluginVersionsItem, RuleItem } from "../1-load/items.ts";
import { MappedText } from "../1-load/mapped-text.ts";
import type { Sink } from "../1-load/sink.ts";
import type {
  Definitions,
  ListDefinition,
  MacroDefinition,
  RuleDefinition,
} from "./definitions.ts";
import { appendExceptions, defineExceptions } from "./exceptions.ts";

export const DEFAULT_SOURCE = "syscall";

export class Collection implements Definitions {
  readonly lists = new Map<string, ListDefinition>();
  readonly macros = new Map<string, MacroDefinition>();
  readonly rules = new Map<string, RuleDefinition>();
  readonly skipped = new Set<string>();
  readonly #sources: ReadonlySet<string>;
  engineVersion: readonly [number, number, number] = [0, 0, 0];
  pluginVersions: PluginVersionsItem["entries"] = [];
  #items = 0;

  constructor(sources: ReadonlySet<string>) {
    this.#sources = sources;
  }

  apply(item: Item, sink: Sink): void {
    const index = this.#items++;
    switch (item.kind) {
      case "list": {
        this.#list(item, index, sink);
        return;
      }
      case "macro": {
        this.#macro(item, index, sink);
        return;
      }
      case "rule": {
        this.#rule(item, index, sink);
        return;
      }
      case "engine-version":
        this.engineVersion = later(this.engineVersion, item.version);
        return;
      case "plugin-versions":
        this.pluginVersions = [...this.pluginVersions, ...item.entries];
        return;
    }
  }

  #list(item: ListItem, index: number, sink: Sink): void {
    const { name, context } = item;
    const before = this.lists.get(name);
    if (item.mode !== "define" && before === undefined) {
      sink.error(context, { code: "no-target", kind: "list", name });
      return;
    }
    const items = item.items.map((scalar) => scalar.text);
    this.lists.set(name, {
      name,
      index: before?.index ?? index,
      visibility: index,
      items: item.mode === "append" ? [...(before?.items ?? []), ...items] : items,
      context: item.mode === "define" ? context : (before?.context ?? context),
    });
  }

  #macro(item: MacroItem, index: number, sink: Sink): void {
    const { name, context } = item;
    const before = this.macros.get(name);
    // Replacing a macro that is not there defines it.
    if (item.mode === "append" && before === undefined) {
      sink.error(context, { code: "no-target", kind: "macro", name });
      return;
    }
    const text = MappedText.ofScalar(item.condition);
    const isAppend = item.mode === "append" && before !== undefined;
    this.macros.set(name, {
      name,
      index: before?.index ?? index,
      visibility: index,
      condition: isAppend ? MappedText.join([before.condition, " ", text]) : text,
      context: isAppend ? before.context : context,
      conditionContext: isAppend ? before.conditionContext : item.conditionContext,
    });
  }

  #rule(item: RuleItem, index: number, sink: Sink): void {
    const { name, context } = item;
    const before = this.rules.get(name);
    if (item.mode === "define") {
      const source = item.source ?? before?.source ?? DEFAULT_SOURCE;
      if (before !== undefined && source !== before.source) {
        sink.error(context, { code: "source-clash", was: before.source, is: source });
        return;
      }
      if (!this.#sources.has(source)) {
        sink.warn(context, { code: "unknown-source", source });
        this.skipped.add(name);
        return;
      }
      const rule = define(item, source, index, sink);
      if (rule !== null) this.rules.set(name, { ...rule, index: before?.index ?? index });
      return;
    }
    if (before === undefined) {
      if (!this.skipped.has(name)) sink.error(context, { code: "no-target", kind: "rule", name });
      return;
    }
    if (item.source !== null && item.source !== before.source) {
      sink.error(context, { code: "source-clash", was: before.source, is: item.source });
      return;
    }
    const rule = item.mode === "toggle" ? toggled(item, before) : overridden(item, before, sink);
    if (rule !== null)
      this.rules.set(name, item.mode === "toggle" ? rule : { ...rule, visibility: index });
  }
}

function later(
  a: readonly [number, number, number],
  b: readonly [number, number, number],
): readonly [number, number, number] {
  const difference = a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
  return difference >= 0 ? a : b;
}

function define(item: RuleItem, source: string, index: number, sink: Sink): RuleDefinition | null {
  const { keys } = item;
  if (keys.condition === undefined || keys.output === undefined || keys.priority === undefined)
    return null;
  const exceptions = defineExceptions(keys.exceptions ?? [], "define", sink);
  if (exceptions === null) return null;
  return {
    name: item.name,
    index,
    visibility: index,
    source,
    condition: MappedText.ofScalar(keys.condition),
    output: MappedText.ofScalar(keys.output).trim(),
    desc: keys.desc?.text ?? "",
    priority: keys.priority,
    enabled: keys.enabled ?? true,
    tags: asSet(keys.tags ?? []),
    capture: keys.capture ?? false,
    captureDuration: keys.captureDuration ?? 0,
    warnEvttypes: keys.warnEvttypes ?? true,
    skipIfUnknownFilter: keys.skipIfUnknownFilter ?? false,
    exceptions,
    context: item.context,
    conditionContext: item.conditionContext,
    outputContext: item.outputContext,
  };
}

/** Falco keeps tags as an ordered set of byte strings. */
function asSet(tags: readonly string[]): string[] {
  return [...new Set(tags)].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

function toggled(item: RuleItem, before: RuleDefinition): RuleDefinition {
  return { ...before, enabled: item.keys.enabled ?? before.enabled };
}

function overridden(item: RuleItem, before: RuleDefinition, sink: Sink): RuleDefinition | null {
  const { keys } = item;
  const isAppend = (key: string): boolean =>
    item.mode === "append" || item.override.get(key) === "append";
  const joined = (key: "condition" | "output"): MappedText => {
    const scalar = keys[key];
    if (scalar === undefined) return before[key];
    const text =
      key === "output" ? MappedText.ofScalar(scalar).trim() : MappedText.ofScalar(scalar);
    return isAppend(key) ? MappedText.join([before[key], " ", text]) : text;
  };
  let exceptions: RuleDefinition["exceptions"] | null = before.exceptions;
  if (keys.exceptions !== undefined) {
    exceptions = isAppend("exceptions")
      ? appendExceptions(before.exceptions, keys.exceptions, sink)
      : defineExceptions(keys.exceptions, "replace", sink);
  }
  if (exceptions === null) return null;
  const desc = keys.desc?.text;
  // The old `append: true` knows conditions and exceptions only.
  const tags =
    keys.tags === undefined || item.mode === "append"
      ? before.tags
      : asSet([...(isAppend("tags") ? before.tags : []), ...keys.tags]);
  const replacedCondition = keys.condition !== undefined && !isAppend("condition");
  return {
    ...before,
    condition: joined("condition"),
    output: joined("output"),
    desc: desc === undefined ? before.desc : isAppend("desc") ? `${before.desc} ${desc}` : desc,
    priority: keys.priority ?? before.priority,
    enabled: keys.enabled ?? before.enabled,
    tags,
    capture: keys.capture ?? before.capture,
    captureDuration: keys.captureDuration ?? before.captureDuration,
    warnEvttypes: keys.warnEvttypes ?? before.warnEvttypes,
    skipIfUnknownFilter: keys.skipIfUnknownFilter ?? before.skipIfUnknownFilter,
    exceptions,
    conditionContext: replacedCondition ? item.conditionContext : before.conditionContext,
    outputContext:
      keys.output !== undefined && !isAppend("output") ? item.outputContext : before.outputContext,
  };
}
