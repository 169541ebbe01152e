/** What keys ask of one another. Each rule is told where it is broken and what would mend it. */
import type { MapNode, YamlNode } from "../yaml/nodes.ts";
import { milliseconds } from "./duration.ts";
import { type Config, KEYS } from "./keys.ts";
import { OPTION, type Place, type Report, shown } from "./report.ts";
import { member, valueAt } from "./tree.ts";

export interface Merged {
  readonly config: Config;
  readonly root: MapNode;
  readonly report: Report;
  /** Alerts are to be made. */
  readonly alerts: boolean;
}

type Requirement = (merged: Merged) => void;

/** Fields of this plugin are built in. */
export const BUILT_IN_PLUGIN = "container";

const METRICS_INTERVAL_MS_MIN = 100;

const needs = (path: string, name: string): Requirement => {
  const [section = ""] = path.split(".");
  return ({ config, root, report }) => {
    const values = config[section as "http_output"] as Readonly<Record<string, unknown>>;
    if (values["enabled"] !== true || values[name] !== "") return;
    const at = placeOf(root, `${section}.${name}`, path);
    report.error(at, `${section} is switched on, so ${section}.${name} must be set`);
  };
};

const REQUIREMENTS: readonly Requirement[] = [
  needs("file_output.enabled", "filename"),
  needs("http_output.enabled", "url"),
  needs("program_output.enabled", "program"),
  engineHasKind,
  replayHasFile,
  dropActionsAgree,
  rulesAreNamedOnce,
  pluginsAreNone,
  intervalIsLong,
  outputIsThere,
  outputHasEffect,
  appendingIsClear,
];

export function checkRequirements(merged: Merged): void {
  for (const requirement of REQUIREMENTS) requirement(merged);
}

/** The first of the paths that stands in the configuration, or its begin. */
function placeOf(root: MapNode, ...paths: readonly string[]): Place {
  const found = paths.map((path) => valueAt(root, path)).find((node) => node !== undefined);
  return found ?? root;
}

function engineHasKind({ root, report }: Merged): void {
  const engine = member(root, "engine");
  if (engine?.kind !== "map" || member(engine, "kind") !== undefined) return;
  // A single key of the command line changes what is there.
  if (engine.file.name === OPTION) return;
  report.warn(engine, "engine needs a kind: modern_ebpf, replay or nodriver");
}

function replayHasFile({ config, root, report }: Merged): void {
  const { kind, replay } = config.engine;
  if (kind !== "replay" || replay.capture_file !== "") return;
  const at = placeOf(root, "engine.replay.capture_file", "engine.kind");
  report.error(at, "engine.kind is replay, so engine.replay.capture_file must name a recording");
}

function dropActionsAgree({ config, root, report }: Merged): void {
  const { actions } = config.syscall_event_drops;
  const other = actions.find((action) => action === "log" || action === "alert");
  if (!actions.includes("ignore") || other === undefined) return;
  const at = placeOf(root, "syscall_event_drops.actions");
  report.error(at, `syscall_event_drops.actions: ignore and ${other} exclude each other`);
}

function rulesAreNamedOnce({ root, report }: Merged): void {
  const [plural, singular] = [member(root, "rules_files"), member(root, "rules_file")];
  const mistaken = member(root, "rule_files");
  if (plural !== undefined && singular !== undefined) {
    report.error(singular, "rules_file and rules_files are both set; keep rules_files");
  }
  if (plural === undefined && singular === undefined && mistaken !== undefined) {
    report.error(mistaken, "unknown key rule_files; use rules_files");
  }
}

function pluginsAreNone({ config, root, report }: Merged): void {
  const wanted = givenList(root, "load_plugins") ? config.load_plugins : undefined;
  for (const name of wanted ?? []) {
    if (config.plugins.some((plugin) => plugin.name === name)) continue;
    const at = itemOf(root, "load_plugins", (item) => isText(item, name));
    report.error(at, `plugin ${shown(name)} is in load_plugins, but plugins has no entry for it`);
  }
  for (const { name = "" } of config.plugins) {
    if (name === BUILT_IN_PLUGIN || (wanted !== undefined && !wanted.includes(name))) continue;
    const at = itemOf(root, "plugins", (item) => isText(member(item, "name"), name));
    const remedy = wanted === undefined ? "take it out" : "take it out of load_plugins";
    report.error(at, `plugin ${shown(name)}: plugins are not supported; ${remedy}`);
  }
}

/** The item of a list that fits, or the list. */
function itemOf(root: MapNode, path: string, fits: (item: YamlNode) => boolean): Place {
  const list = valueAt(root, path);
  const items = list?.kind === "sequence" ? list.items : [];
  return items.find(fits) ?? placeOf(root, path);
}

function isText(node: YamlNode | undefined, text: string): boolean {
  return node?.kind === "scalar" && node.text === text;
}

function givenList(root: MapNode, name: string): boolean {
  return member(root, name) !== undefined;
}

function intervalIsLong({ config, root, report }: Merged): void {
  const { enabled, interval } = config.metrics;
  if (!enabled || (milliseconds(interval) ?? 0) >= METRICS_INTERVAL_MS_MIN) return;
  const at = placeOf(root, "metrics.interval", "metrics");
  const wanted = "at least 100ms, with units from large to small, as in 1h30m";
  report.error(at, `metrics.interval must be ${wanted}, not ${shown(interval)}`);
}

const OUTPUTS = [
  "stdout_output",
  "syslog_output",
  "file_output",
  "http_output",
  "program_output",
] as const;

function enabledOutputs(config: Config): readonly (typeof OUTPUTS)[number][] {
  return OUTPUTS.filter((name) => config[name].enabled);
}

function outputIsThere({ config, root, report }: Merged): void {
  if (enabledOutputs(config).length > 0) return;
  const at = placeOf(root, "stdout_output.enabled");
  report.error(
    at,
    "all outputs are disabled, so alerts would be lost; set stdout_output.enabled to true",
  );
}

/** What only reads a configuration takes it, as Falco does. */
function outputHasEffect({ config, root, report, alerts }: Merged): void {
  const enabled = enabledOutputs(config);
  const idle = enabled.filter((name) => "idle" in KEYS[name].enabled);
  if (enabled.length === 0 || idle.length < enabled.length) return;
  const at = placeOf(root, "stdout_output.enabled");
  const have = idle.length === 1 ? "has" : "have";
  const reason = `stdout_output is disabled, and ${idle.join(", ")} ${have} no effect yet`;
  const message = `${reason}, so alerts would be lost; set stdout_output.enabled to true`;
  if (alerts) report.error(at, message);
  else report.warn(at, message);
}

function appendingIsClear({ config, root, report }: Merged): void {
  for (const [i, { match }] of config.append_output.entries()) {
    if (match?.rule === undefined || match.tags === undefined) continue;
    const list: YamlNode | undefined = member(root, "append_output");
    const at = (list?.kind === "sequence" ? list.items[i] : undefined) ?? list ?? root;
    const tags = match.tags.join(", ");
    const meaning = `only to the rule ${shown(match.rule)}, and only if it has the tags ${tags}`;
    report.warn(at, `append_output[${String(i)}] names a rule and tags: it is added ${meaning}`);
  }
}
