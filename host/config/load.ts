/**
 * The configuration from a falco.yaml, the files that it includes, and `-o`, in this order: each
 * later one wins. Everything that is wrong is told at once; what Falco would read in spite of it is
 * read here too.
 */
import { nearest } from "../diagnostics/nearest.ts";
import type { MapNode, YamlNode } from "../yaml/nodes.ts";
import { SourceFile } from "../yaml/source-file.ts";
import { parseConfig, readText } from "./config-file.ts";
import type { Environment } from "./expand.ts";
import { INCLUDE_KEY, merge, readIncludes } from "./includes.ts";
import { DETAIL, isKey, keysOf, type Section, valuesOf } from "./key.ts";
import { type Config, KEYS, RETIRED } from "./keys.ts";
import { applyOption, sets } from "./option.ts";
import { OPTION, Report, shown } from "./report.ts";
import { BUILT_IN_PLUGIN, checkRequirements } from "./requirements.ts";
import { isLookedAt, withSections } from "./sections.ts";
import { emptyMap, member, plainOf, valueAt } from "./tree.ts";
import { isNothing } from "./values.ts";

export interface LoadedConfig {
  readonly config: Config;
  readonly warnings: readonly string[];
  /** Keys that are set to something that this version does not do. */
  readonly idle: readonly string[];
  /** What was said, merged, without defaults; scalars are text. */
  readonly given: Readonly<Record<string, unknown>>;
  /** Files that it came from, the main one first. */
  readonly files: readonly string[];
  /** Where each key that was given stands: `falco.yaml:3`, or `-o`. */
  readonly origins: ReadonlyMap<string, string>;
}

export interface ConfigSources {
  readonly file?: string;
  /** `key=value`, in their order. */
  readonly overrides?: readonly string[];
  readonly environment?: Environment;
  /** Alerts are to be made: a configuration that shows them nowhere is an error. */
  readonly alerts?: boolean;
}

/** The configuration when nobody says anything. */
export const DEFAULTS: Config = valuesOf(KEYS, ({ key }) => key.fallback);

/** Throws ConfigError. */
export function loadConfig(sources: ConfigSources): LoadedConfig {
  const { file: path, overrides = [], environment = {}, alerts = false } = sources;
  const report = new Report();
  const file =
    path === undefined ? new SourceFile(OPTION, "") : new SourceFile(path, readText(path));
  const isInclude = (option: string): boolean => sets(option, INCLUDE_KEY);
  const apply = (root: MapNode, option: string): MapNode => applyOption(root, option, report);
  let root = path === undefined ? emptyMap(file) : parseConfig(file, environment, report);
  root = overrides.filter(isInclude).reduce(apply, root);
  const included = readIncludes(root, { environment, report });
  root = included.reduce((base, each) => merge(base, each, report), root);
  root = overrides.filter((option) => !isInclude(option)).reduce(apply, root);
  root = withSections(root, KEYS, report);
  warnOfUnknown(root, report);
  const config = readConfig(root, report);
  checkRequirements({ config, root, report, alerts });
  report.throwErrors();
  return {
    config,
    warnings: report.lines,
    idle: idleKeys(config, root),
    given: plainOf(root) as Readonly<Record<string, unknown>>,
    files: [path ?? [], included.map((each) => each.root.file.name)].flat(),
    origins: originsOf(root),
  };
}

function originsOf(root: MapNode): ReadonlyMap<string, string> {
  const origins = new Map<string, string>();
  for (const { path } of keysOf(KEYS)) {
    const node = nodeOf(root, path);
    if (node === undefined || isNothing(node)) continue;
    const { name } = node.file;
    const line = node.file.position(node.offset).line + 1;
    origins.set(path, name === OPTION ? name : `${name}:${String(line)}`);
  }
  return origins;
}

/** The values of all keys; wrong ones are reported. */
function readConfig(root: MapNode, report: Report): Config {
  return valuesOf(KEYS, ({ path, key }) => {
    const node = nodeOf(root, path);
    if (node === undefined || !isLookedAt(root, path)) return key.fallback;
    return key.type.read(node, { report, path }) ?? key.fallback;
  });
}

/** The old name of one key is still read. */
function nodeOf(root: MapNode, path: string): YamlNode | undefined {
  const node = valueAt(root, path);
  return node === undefined && path === "rules_files" ? member(root, "rules_file") : node;
}

/** Keys that do not exist are read by nobody: that is told, with the name that was meant. */
function warnOfUnknown(root: MapNode, report: Report): void {
  const paths = keysOf(KEYS).map(({ path }) => path);
  visit(root, KEYS, "");

  function visit(map: MapNode, section: Section, prefix: string): void {
    const seen = new Set<string>();
    for (const { key, value, hasCollectionKey } of map.entries) {
      if (hasCollectionKey === true) report.error(key, "a key must be text");
      const path = `${prefix}${key.text}`;
      if (seen.has(key.text)) report.warn(key, `${path} stands here again; the first one counts`);
      seen.add(key.text);
      const known = Object.hasOwn(section, key.text) ? section[key.text] : undefined;
      if (known === undefined) {
        report.warn(key, `there is no key ${shown(path)}${remedy(path, key.text)}`);
      } else if (!isKey(known) && value.kind === "map") {
        visit(value, known, `${path}.`);
      }
    }
  }

  function remedy(path: string, name: string): string {
    if (Object.hasOwn(RETIRED, path)) return `: ${RETIRED[path] ?? ""}`;
    const meant =
      nearest(path, paths) ??
      nearest(path, Object.keys(KEYS)) ??
      paths.find((each) => each.endsWith(`.${name}`));
    return meant === undefined ? "" : `; did you mean '${meant}'?`;
  }
}

/** Keys without effect that are set to something that somebody may count on. */
function idleKeys(config: Config, root: MapNode): readonly string[] {
  return keysOf(KEYS)
    .filter(({ path, key }) => {
      if (key.idle === undefined || key.idle === DETAIL) return false;
      const node = valueAt(root, path);
      if (node === undefined || isNothing(node)) return false;
      const value = configAt(config, path);
      const missed = path.endsWith("plugins") ? withoutBuiltIn(value) : value;
      return JSON.stringify(missed) !== JSON.stringify(key.idle);
    })
    .map(({ path }) => path);
}

/** The value of a key of the table. */
export function configAt(config: Config, path: string): unknown {
  const step = (at: unknown, name: string): unknown =>
    (at as Readonly<Record<string, unknown>>)[name];
  return path.split(".").reduce<unknown>(step, config);
}

function withoutBuiltIn(plugins: unknown): unknown {
  return (plugins as readonly (string | { readonly name?: string })[]).filter(
    (plugin) => (typeof plugin === "string" ? plugin : plugin.name) !== BUILT_IN_PLUGIN,
  );
}
