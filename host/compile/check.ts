/** Rules files → checked rules: phases 1 to 4, file by file as Falco loads them. */
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { SourceFile } from "../yaml/source-file.ts";
import { readFile } from "./1-load/read-file.ts";
import { Sink } from "./1-load/sink.ts";
import { checkPlugins } from "./3-resolve/check-plugins.ts";
import { Collection, DEFAULT_SOURCE } from "./3-resolve/collect.ts";
import type { Definitions, RuleDefinition } from "./3-resolve/definitions.ts";
import type { Resolved } from "./3-resolve/resolve.ts";
import { Resolution } from "./3-resolve/resolve.ts";
import type { CheckedRule } from "./4-check/check-rules.ts";
import { checkRules as checkAll, EXCEPTION_FIELDS } from "./4-check/check-rules.ts";
import type { ExtraField, OutputAddition } from "./4-check/extend-output.ts";
import type { RuleSelection } from "./4-check/select-rules.ts";
import { selectRules } from "./4-check/select-rules.ts";

export interface RulesFile {
  readonly name: string;
  readonly text: string;
}

export interface CheckOptions {
  /** Event sources that rules may name; `syscall` is always known. */
  readonly sources?: readonly string[];
  /** Text that the configuration appends to outputs: each that fits a rule, after a blank. */
  readonly appendOutput?: readonly OutputAppend[];
  /** Values of the fields `static.<name>`, by name. */
  readonly staticFields?: Readonly<Record<string, string>>;
  /** Rules that are switched on or off, whatever their files say. */
  readonly selections?: readonly RuleSelection[];
}

export interface OutputAppend {
  readonly text?: string;
  /** Fields that alerts in JSON get in addition. */
  readonly fields?: readonly ExtraField[];
  /** What a rule has to have: this source, this name, all of these tags. */
  readonly source?: string;
  readonly rule?: string;
  readonly tags?: readonly string[];
}

export interface Checked {
  readonly definitions: Definitions;
  readonly resolved: Resolved | null;
  /** Null when there is an error. */
  readonly rules: readonly CheckedRule[] | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** Each file is checked together with all before it; an error ends the loading of its file. */
export function checkFiles(files: readonly RulesFile[], options: CheckOptions = {}): Checked {
  const sources = new Set([DEFAULT_SOURCE, ...(options.sources ?? [])]);
  const collection = new Collection(sources, EXCEPTION_FIELDS);
  const statics = new Map(Object.entries(options.staticFields ?? {}));
  const addition = (rule: RuleDefinition): OutputAddition =>
    additionTo(rule, options.appendOutput ?? []);
  const diagnostics: Diagnostic[] = [];
  let resolved: Resolved | null = null;
  let rules: CheckedRule[] | null = [];
  const failed: boolean[] = [];
  files.forEach((file) => {
    const sink = new Sink(file.name);
    for (const item of readFile(new SourceFile(file.name, file.text), sink)) {
      collection.apply(item, sink);
    }
    const resolution = sink.failed ? null : new Resolution(collection, sink);
    if (resolution !== null && !sink.failed) {
      rules = checkAll(collection, resolution, { settings: { addition, statics }, sink });
      resolved = resolution;
    }
    failed.push(sink.failed);
    if (resolution !== null && !sink.failed) warnUnused(collection, resolution, sink);
    for (const found of sink.found) diagnostics.push(found);
  });
  const plugins = new Sink(files.at(-1)?.name ?? "");
  if (!failed.includes(true)) checkPlugins(collection, plugins);
  diagnostics.push(...plugins.found);
  const isFine = !failed.includes(true) && !plugins.failed;
  return {
    definitions: collection,
    resolved,
    rules: isFine ? selectRules(rules, options.selections ?? []) : null,
    diagnostics,
  };
}

function warnUnused(definitions: Definitions, resolved: Resolved, sink: Sink): void {
  for (const { name, context } of definitions.macros.values()) {
    if (!resolved.usedMacros.has(name)) sink.warn(context, { code: "unused", kind: "macro", name });
  }
  for (const { name, context } of definitions.lists.values()) {
    if (!resolved.usedLists.has(name)) sink.warn(context, { code: "unused", kind: "list", name });
  }
}

function additionTo(rule: RuleDefinition, entries: readonly OutputAppend[]): OutputAddition {
  const fitting = entries.filter(
    ({ source, rule: name, tags }) =>
      (source === undefined || source === rule.source) &&
      (name === undefined || name === rule.name) &&
      (tags ?? []).every((tag) => rule.tags.includes(tag)),
  );
  return {
    text: fitting.map(({ text }) => (text === undefined ? "" : ` ${text}`)).join(""),
    fields: fitting.flatMap(({ fields }) => fields ?? []),
  };
}
