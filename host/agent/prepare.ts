/**
 * What every command that evaluates events needs first: configuration, compiled packs, and where
 * alerts go.
 */
import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import type { Config } from "../config/keys.ts";
import { DEFAULTS } from "../config/load.ts";
import type { SourceText } from "../diagnostics/render-text.ts";
import { type Pack, readPack } from "../engine/pack.ts";
import { windowMode } from "../engine/self-test.ts";
import { writeOutput } from "../files/output-file.ts";
import { type AlertFormat, DEFAULT_FORMAT } from "../output/alert.ts";
import { wantsColor } from "../output/colors.ts";
import { schemaBlob } from "../schema/blob.ts";
import { FIELDS } from "../schema/fields.ts";
import { AlertPrinter, type AlertPrinterOptions } from "./alert-printer.ts";
import { appendedParts } from "./appended.ts";
import type { EngineHostOptions } from "./engine-host.ts";
import { AgentError, type AgentIo, EXIT } from "./io.ts";
import { Notices } from "./notices.ts";
import { compilePack, type PackOptions } from "./packs.ts";
import { cacheFolder, ENGINE_FILE } from "./paths.ts";
import { ruleChanges } from "./rule-changes.ts";
import { readProfileFile } from "./rule-files.ts";
import { readSettings, type SettingsOptions } from "./settings.ts";

/** What the commands that evaluate rules have in common. */
export interface RuleOptions extends SettingsOptions {
  /** Write counts of events, alerts and losses to this file at the end. */
  readonly statisticsFile?: string;
  /** A profile that decides the order of evaluation. */
  readonly profile?: string;
}

export interface Prepared {
  readonly config: Config;
  readonly notices: Notices;
  readonly printer: AlertPrinter;
  /** Name of this host, or what the environment says instead. */
  readonly hostname: string;
  readonly packs: readonly Pack[];
  readonly engine: Omit<EngineHostOptions, "live">;
}

/** What a command may want otherwise with alerts. */
export type Printing = Pick<AlertPrinterOptions, "accepts" | "line">;

/** Throws AgentError for everything that the user can mend. */
export async function prepare(
  options: RuleOptions,
  io: AgentIo,
  printing: Printing = {},
): Promise<Prepared> {
  const notices = new Notices(io.err);
  const { config, rules } = readSettings({ ...options, alerts: true }, io, notices);
  const cache = cacheFolder(io.environment);
  const profile =
    options.profile === undefined ? {} : { profile: readProfileFile(options.profile) };
  const around = { cache, notices, options: ruleChanges(config), ...profile };
  const pack = readPack(await compilePack(rules, around));
  return await assemble(config, [pack], { notices, io, printing });
}

/** A pack of the same rules, made for measuring; see host/schema/instruments.ts. */
export async function instrumentedPack(
  options: RuleOptions & { readonly instrument: NonNullable<PackOptions["instrument"]> },
  io: AgentIo,
): Promise<Uint8Array> {
  const notices = new Notices(io.err);
  const { config, rules } = readSettings(options, io, notices);
  const { instrument, profile } = options;
  return await compilePack(rules, {
    cache: cacheFolder(io.environment),
    notices,
    options: { ...ruleChanges(config), instrument },
    // A survey answers the same in any order.
    ...(profile === undefined || instrument === "survey"
      ? {}
      : { profile: readProfileFile(profile) }),
  });
}

/** For a rule of the command itself: no configuration has a say in it. */
export async function prepareFilter(
  rules: SourceText,
  io: AgentIo,
  printing: Printing,
): Promise<Prepared> {
  const notices = new Notices(io.err);
  const cache = cacheFolder(io.environment);
  const pack = readPack(await compilePack([rules], { cache, notices }));
  return await assemble(DEFAULTS, [pack], { notices, io, printing });
}

/** For commands that keep events without judging them. */
export async function prepareWithoutRules(io: AgentIo): Promise<Prepared> {
  return await assemble(DEFAULTS, [], { notices: new Notices(io.err), io });
}

async function assemble(
  config: Config,
  packs: readonly Pack[],
  around: { readonly notices: Notices; readonly io: AgentIo; readonly printing?: Printing },
): Promise<Prepared> {
  const { notices, io, printing } = around;
  const { mode } = await windowMode(join(cacheFolder(io.environment), "windows.json"));
  const appended = appendedParts(config.append_output);
  const printer = new AlertPrinter({
    packs: packs.map((pack) => pack.manifest),
    appended,
    format: alertFormat(config, io),
    out: config.stdout_output.enabled ? io.out : undefined,
    color:
      !config.json_output && printing?.line === undefined && wantsColor(io.out, io.environment),
    ...printing,
  });
  const engine = {
    engine: readEngine(),
    schema: schemaBlob(),
    fields: FIELDS.map((field) => field.name),
    packs,
    appended,
    matching: config.rule_matching,
    priority: config.priority,
    base64: config.buffer_format_base64,
    mode,
    tables: tableSizes(config),
  };
  return { config, notices, printer, hostname: hostName(io), packs, engine };
}

/** Writes the counts where the options ask for it. */
export function writeStatistics(options: RuleOptions, report: object): void {
  if (options.statisticsFile === undefined) return;
  try {
    writeOutput(options.statisticsFile, `${JSON.stringify(report, null, 2)}\n`);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AgentError(EXIT.usage, `cannot write statistics: ${reason}`, { cause });
  }
}

function readEngine(): Uint8Array {
  try {
    return readFileSync(ENGINE_FILE);
  } catch (cause) {
    const message = `cannot read ${ENGINE_FILE}; build it with: npm run build`;
    throw new AgentError(EXIT.usage, message, { cause });
  }
}

function hostName(io: AgentIo): string {
  const named = io.environment["FALCO_HOSTNAME"] ?? "";
  return named === "" ? hostname() : named;
}

function alertFormat(config: Config, io: AgentIo): AlertFormat {
  return {
    ...DEFAULT_FORMAT,
    json: config.json_output,
    isoTime: config.time_format_iso_8601,
    hostname: hostName(io),
    includeOutput: config.json_include_output_property,
    includeMessage: config.json_include_message_property,
    includeOutputFields: config.json_include_output_fields_property,
    includeTags: config.json_include_tags_property,
  };
}

/**
 * Two descriptors a thread and half a kilobyte of text each are plenty on the hosts we looked at.
 */
function tableSizes(config: Config): EngineHostOptions["tables"] {
  const threads = config.falco_libs.thread_table_size;
  return {
    threads,
    descriptors: 2 * threads,
    stringBytes: Math.max(16 << 20, threads * 512),
    containers: 4_096,
    users: 16_384,
    groups: 16_384,
  };
}
