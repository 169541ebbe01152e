/**
 * `config_files`: further files, in the order given; of a folder its files in the order of their
 * names. A file says nothing about what it includes itself, so there is no cycle to find but that
 * of the main file. Keys are merged at the top level only:
 *
 *   append     a list is continued, everything else is replaced (also when nothing is said)
 *   override   everything is replaced
 *   add-only   only keys that are not there yet
 */
import { readdirSync, realpathSync, statSync } from "node:fs";
import { join } from "node:path";
import type { MapNode, SequenceNode, YamlNode } from "../yaml/nodes.ts";
import { SourceFile } from "../yaml/source-file.ts";
import { parseConfig, readText, reasonOf } from "./config-file.ts";
import type { Environment } from "./expand.ts";
import { type Report, shown } from "./report.ts";
import { member, withMember } from "./tree.ts";
import { isNothing } from "./values.ts";

export const INCLUDE_KEY = "config_files";

export const INCLUDED_FILES_MAX = 256;

export const STRATEGIES = ["append", "override", "add-only"] as const;
export type Strategy = (typeof STRATEGIES)[number];

export interface Included {
  readonly root: MapNode;
  readonly strategy: Strategy;
}

/** What the files named in `main` hold. Throws ConfigError for a file that cannot be read. */
export function readIncludes(
  main: MapNode,
  around: { readonly environment: Environment; readonly report: Report },
): readonly Included[] {
  const { environment, report } = around;
  const mainPath = realPath(main.file.name);
  const included: Included[] = [];
  for (const { path, strategy, at } of entriesOf(main, report)) {
    if (included.length >= INCLUDED_FILES_MAX) {
      const bound = String(INCLUDED_FILES_MAX);
      report.error(at, `more than ${bound} files; put their keys into fewer`);
      break;
    }
    if (realPath(path) === mainPath) {
      report.error(at, `${path} is the main configuration file; it cannot include itself`);
      continue;
    }
    const root = parseConfig(new SourceFile(path, readText(path)), environment, report);
    const nested = root.entries.find(({ key }) => key.text === INCLUDE_KEY);
    if (nested !== undefined) {
      const remedy = `name the files in ${main.file.name} instead`;
      report.error(nested.key, `an included file may not include others; ${remedy}`);
    }
    included.push({ root, strategy });
  }
  return included;
}

/** `base` with the keys of an included file. What a list cannot continue is reported. */
export function merge(base: MapNode, { root, strategy }: Included, report: Report): MapNode {
  let merged = base;
  for (const { key, value } of root.entries) {
    const before = member(merged, key.text);
    if (before !== undefined && strategy === "add-only") continue;
    if (strategy !== "append" || value.kind !== "sequence") {
      merged = withMember(merged, key, value);
    } else if (value.items.length > 0) {
      merged = withMember(merged, key, continued(before, value, report));
    }
  }
  return merged;
}

function continued(before: YamlNode | undefined, value: SequenceNode, report: Report): YamlNode {
  if (before === undefined || isNothing(before)) return value;
  if (before.kind === "sequence") return { ...before, items: [...before.items, ...value.items] };
  report.error(value, "this list cannot continue what is no list; use strategy: override");
  return value;
}

interface Entry {
  readonly path: string;
  readonly strategy: Strategy;
  readonly at: YamlNode;
}

function entriesOf(main: MapNode, report: Report): readonly Entry[] {
  const node = member(main, INCLUDE_KEY);
  const items = node?.kind === "sequence" ? node.items : node === undefined ? [] : [node];
  return items.flatMap((item) => {
    const path = item.kind === "map" ? member(item, "path") : item;
    if (path?.kind !== "scalar" || path.isNull || path.text === "") return [];
    return expandPath(path.text, item, report).map((file) => ({
      path: file,
      strategy: strategyOf(item),
      at: item,
    }));
  });
}

/** An unknown one is `append`; the key's type has warned of it. */
function strategyOf(item: YamlNode): Strategy {
  const node = member(item, "strategy");
  const name = node?.kind === "scalar" ? node.text : "";
  return STRATEGIES.find((strategy) => strategy === name) ?? "append";
}

function expandPath(path: string, at: YamlNode, report: Report): readonly string[] {
  try {
    if (!statSync(path).isDirectory()) return [path];
    return readdirSync(path, { withFileTypes: true })
      .map(({ name }) => join(path, name))
      .filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile() === true)
      .sort();
  } catch (cause) {
    report.warn(at, `${shown(path)} is left out: ${reasonOf(cause)}`);
    return [];
  }
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
