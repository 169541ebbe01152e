/**
 * Configuration from a falco.yaml and from `-o key=value`, checked key by key. A key that this
 * version does not have is told once and otherwise ignored, so Falco's own file can be used.
 */
import { type Config, DEFAULTS, KEYS, type Key } from "./keys.ts";

/** A value that cannot be used, or a file that cannot be read. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

export interface LoadedConfig {
  readonly config: Config;
  readonly warnings: readonly string[];
}

interface Tree {
  [key: string]: unknown;
}

/**
 * `file` is YAML or undefined; `overrides` are `key=value` in their order and win over the file.
 * Throws ConfigError.
 */
export async function loadConfig(
  file: { readonly path: string; readonly text: string } | undefined,
  overrides: readonly string[],
): Promise<LoadedConfig> {
  const config = structuredClone(DEFAULTS) as unknown as Tree;
  const warnings: string[] = [];
  if (file !== undefined) {
    const unknown = await applyFile(config, file);
    if (unknown.length > 0) {
      warnings.push(`${file.path}: not used by this version: ${unknown.join(", ")}`);
    }
  }
  for (const override of overrides) await applyOverride(config, override);
  return { config: config as unknown as Config, warnings };
}

async function applyFile(
  config: Tree,
  file: { readonly path: string; readonly text: string },
): Promise<readonly string[]> {
  const { parse } = await import("yaml");
  let parsed: unknown;
  try {
    parsed = parse(file.text, { maxAliasCount: 100 });
  } catch (cause) {
    const reason = cause instanceof Error ? (cause.message.split("\n")[0] ?? "") : String(cause);
    throw new ConfigError(`${file.path}: not YAML: ${reason}`, { cause });
  }
  if (parsed === null) return [];
  if (!isTree(parsed)) throw new ConfigError(`${file.path}: must hold keys and values`);
  const unknown: string[] = [];
  for (const [path, value] of leaves(parsed, "")) {
    const key = KEYS.find((each) => each.path === path);
    if (key === undefined) unknown.push(path);
    else set(config, key, value, file.path);
  }
  return unknown;
}

/** Paths down to the keys that exist, or to the first name under which none exists. */
function* leaves(tree: Tree, prefix: string): Generator<readonly [string, unknown]> {
  for (const [name, value] of Object.entries(tree)) {
    const path = `${prefix}${name}`;
    const hasKeysBelow = KEYS.some((key) => key.path.startsWith(`${path}.`));
    if (hasKeysBelow && isTree(value)) yield* leaves(value, `${path}.`);
    else yield [path, value];
  }
}

const MAP_PREFIX = "static_fields.";

async function applyOverride(config: Tree, override: string): Promise<void> {
  const at = override.indexOf("=");
  if (at <= 0) throw new ConfigError(`-o ${override}: write it as key=value`);
  const written = override.slice(0, at).trim();
  const isElement = /\[\d*\]$/.test(written);
  const raw = override.slice(at + 1);
  if (written.startsWith(MAP_PREFIX)) {
    // A member of a map whose names are the user's.
    const key = KEYS.find((each) => each.path === "static_fields");
    const name = written.slice(MAP_PREFIX.length).replaceAll("\\.", ".");
    const before = config["static_fields"] as Tree;
    if (key !== undefined) set(config, key, { ...before, [name]: raw }, "-o");
    return;
  }
  const path = written.replace(/\[\d*\]$/, "");
  const key = KEYS.find((each) => each.path === path);
  if (key === undefined) {
    throw new ConfigError(`-o ${override}: there is no key '${path}'${nearest(path)}`);
  }
  const value: unknown = /^[[{]/.test(raw) ? (await import("yaml")).parse(raw) : raw;
  const whole: unknown = isElement ? [...asList(get(config, path)), value] : value;
  set(config, key, whole, "-o");
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function nearest(path: string): string {
  const last = path.split(".").at(-1) ?? path;
  const found = KEYS.find((key) => key.path.includes(last) || last.includes(key.path));
  return found === undefined ? "" : `; did you mean '${found.path}'?`;
}

function get(tree: Tree, path: string): unknown {
  return path.split(".").reduce<unknown>((at, name) => (isTree(at) ? at[name] : undefined), tree);
}

function set(config: Tree, key: Key, raw: unknown, where: string): void {
  const value = key.check(raw);
  if (value === undefined) {
    throw new ConfigError(`${where}: ${key.path} must be ${key.wants}, not ${JSON.stringify(raw)}`);
  }
  const names = key.path.split(".");
  const last = names.pop() ?? "";
  let at = config;
  for (const name of names) at = at[name] as Tree;
  at[last] = value;
}

function isTree(value: unknown): value is Tree {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
