/** Applies items one after the other: define, redefine, append, override, switch. */
import type { ScalarNode } from "../../yaml/nodes.ts";
import type {
  EngineVersionItem,
  Item,
  ListItem,
  MacroItem,
  PluginVersionsItem,
  RuleItem,
} from "../1-load/items.ts";
import { MappedText } from "../1-load/mapped-text.ts";
import { ENGINE_VERSION, isCompatible, parseVersion } from "../1-load/read-versions.ts";
import type { Sink } from "../1-load/sink.ts";
import type {
  Definitions,
  ListDefinition,
  MacroDefinition,
  RuleDefinition,
} from "./definitions.ts";
import type { FieldLookup } from "./exceptions.ts";
import { appendExceptions, defineExceptions, replaceExceptions } from "./exceptions.ts";

export const DEFAULT_SOURCE = "syscall";

export class Collection implements Definitions {
  readonly lists = new Map<string, ListDefinition>();
  readonly macros = new Map<string, MacroDefinition>();
  readonly rules = new Map<string, RuleDefinition>();
  readonly #sources: ReadonlySet<string>;
  readonly #fields: FieldLookup;
  engineVersion: readonly [number, number, number] = [0, 0, 0];
  pluginVersions: PluginVersionsItem["entries"] = [];
  #items = 0;

  constructor(sources: ReadonlySet<string>, fields: FieldLookup) {
    this.#sources = sources;
    this.#fields = fields;
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
      case "engine-version": {
        this.#engineVersion(item, sink);
        return;
      }
      case "plugin-versions": {
        this.#pluginVersions(item, sink);
        return;
      }
    }
  }

  #engineVersion({ version, context }: EngineVersionItem, sink: Sink): void {
    if (!isCompatible(ENGINE_VERSION, version)) {
      const [wanted, own] = [version.join("."), ENGINE_VERSION.join(".")];
      sink.error(context, { code: "engine-version", wanted, own });
      return;
    }
    this.engineVersion = later(this.engineVersion, version);
  }

  #pluginVersions({ entries }: PluginVersionsItem, sink: Sink): void {
    for (const { first, alternatives, context } of entries) {
      const names = new Set<string>();
      for (const { name, version } of [first, ...alternatives]) {
        const isTwice = names.has(name);
        const isVersion = parseVersion(version) !== null;
        names.add(name);
        if (isVersion && !isTwice) continue;
        const reason = isVersion
          ? `plugin '${name}' is required more than once`
          : `'${version}' is no version of plugin '${name}'`;
        sink.error(context, { code: "plugin-version", reason });
        return;
      }
    }
    this.pluginVersions = [...this.pluginVersions, ...entries];
  }

  #list(item: ListItem, index: number, sink: Sink): void {
    const { name, context } = item;
    const before = this.lists.get(name);
    // Replacing a list that is not there defines it.
    if (item.mode === "append" && before === undefined) {
      sink.error(context, { code: "no-target", kind: "list", name });
      return;
    }
    const items = item.items.map((scalar) => scalar.text);
    this.lists.set(name, {
      name,
      index: before?.index ?? index,
      visibility: index,
      items: item.mode === "append" ? [...(before?.items ?? []), ...items] : items,
      context: item.mode === "append" ? (before?.context ?? context) : context,
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
    const rule =
      item.mode === "define"
        ? this.#defined(item, before, index, sink)
        : this.#changed(item, before, index, sink);
    if (rule === undefined) sink.error(context, { code: "no-target", kind: "rule", name });
    else if (rule !== null) this.rules.set(name, rule);
  }

  #defined(
    item: RuleItem,
    before: RuleDefinition | undefined,
    index: number,
    sink: Sink,
  ): RuleDefinition | null {
    const { context } = item;
    const source = item.source ?? DEFAULT_SOURCE;
    if (before !== undefined && source !== before.source) {
      return sink.error(context, { code: "source-clash", was: before.source, is: source });
    }
    const isKnown = this.#sources.has(source);
    if (!isKnown) sink.warn(context, { code: "unknown-source", source });
    const place = { fields: isKnown ? this.#fields : null, sink };
    const exceptions = defineExceptions(item.keys.exceptions ?? [], place);
    if (exceptions === null) return null;
    const rule = define(item, { source, exceptions, isOfUnknownSource: !isKnown, index });
    return rule && { ...rule, index: before?.index ?? index };
  }

  /** Undefined when there is nothing to change. */
  #changed(
    item: RuleItem,
    before: RuleDefinition | undefined,
    index: number,
    sink: Sink,
  ): RuleDefinition | null | undefined {
    if (before === undefined) return undefined;
    if (item.mode === "toggle") return toggled(item, before);
    if (item.source !== null && item.source !== before.source) {
      return sink.error(item.context, {
        code: "source-clash",
        was: before.source,
        is: item.source,
      });
    }
    if (Object.keys(item.keys).length === 0) {
      return sink.error(item.context, { code: "append-nothing" });
    }
    const place = { fields: before.isOfUnknownSource ? null : this.#fields, sink };
    const given = item.keys.exceptions;
    const exceptions =
      given === undefined
        ? before.exceptions
        : item.mode === "append"
          ? appendExceptions(before.exceptions, given, place)
          : replaceExceptions(given);
    if (exceptions === null) return null;
    const change = item.mode === "append" ? appended : replaced;
    return { ...change(item, before), exceptions, visibility: index };
  }
}

function later(
  a: readonly [number, number, number],
  b: readonly [number, number, number],
): readonly [number, number, number] {
  const difference = a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
  return difference >= 0 ? a : b;
}

function define(
  item: RuleItem,
  more: Pick<RuleDefinition, "source" | "exceptions" | "isOfUnknownSource" | "index">,
): RuleDefinition | null {
  const { keys } = item;
  if (keys.condition === undefined || keys.output === undefined || keys.priority === undefined)
    return null;
  return {
    ...more,
    name: item.name,
    visibility: more.index,
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

function appended({ keys }: RuleItem, before: RuleDefinition): RuleDefinition {
  const joined = (text: MappedText, more: ScalarNode | undefined): MappedText =>
    more === undefined ? text : MappedText.join([text, " ", MappedText.ofScalar(more)]);
  return {
    ...before,
    condition: joined(before.condition, keys.condition),
    output: joined(before.output, keys.output),
    desc: keys.desc === undefined ? before.desc : `${before.desc} ${keys.desc.text}`,
    tags: keys.tags === undefined ? before.tags : asSet([...before.tags, ...keys.tags]),
  };
}

function replaced(item: RuleItem, before: RuleDefinition): RuleDefinition {
  const { keys } = item;
  const { condition, output } = keys;
  return {
    ...before,
    condition: condition === undefined ? before.condition : MappedText.ofScalar(condition),
    conditionContext: condition === undefined ? before.conditionContext : item.conditionContext,
    output: output === undefined ? before.output : MappedText.ofScalar(output),
    outputContext: output === undefined ? before.outputContext : item.outputContext,
    desc: keys.desc?.text ?? before.desc,
    priority: keys.priority ?? before.priority,
    enabled: keys.enabled ?? before.enabled,
    tags: keys.tags === undefined ? before.tags : asSet(keys.tags),
    capture: keys.capture ?? before.capture,
    captureDuration: keys.captureDuration ?? before.captureDuration,
    warnEvttypes: keys.warnEvttypes ?? before.warnEvttypes,
    skipIfUnknownFilter: keys.skipIfUnknownFilter ?? before.skipIfUnknownFilter,
  };
}
