/**
 * The configuration keys that exist: where each stands in falco.yaml, what it may hold, and what it
 * is when nobody says. Names and defaults are Falco's wherever Falco has the key.
 */
import { PRIORITIES, type Priority } from "../schema/manifest.ts";

export interface AppendOutput {
  readonly suggested_output?: boolean;
  readonly extra_output?: string;
  /** Names of fields, or texts by the name of a new field. */
  readonly extra_fields?: readonly (string | Readonly<Record<string, string>>)[];
  /** Rules that it is for; all when left out. */
  readonly match?: {
    readonly source?: string;
    readonly rule?: string;
    readonly tags?: readonly string[];
  };
}

/** `enable` or `disable`, with one of the two. */
export type RuleSwitch = Readonly<
  Partial<
    Record<"enable" | "disable", { readonly rule?: string; readonly tag?: string } | undefined>
  >
>;

export interface Config {
  readonly rules_files: readonly string[];
  readonly rules: readonly RuleSwitch[];
  readonly json_output: boolean;
  readonly json_include_output_property: boolean;
  readonly json_include_message_property: boolean;
  readonly json_include_output_fields_property: boolean;
  readonly json_include_tags_property: boolean;
  readonly time_format_iso_8601: boolean;
  readonly priority: Priority;
  readonly rule_matching: "first" | "all";
  readonly stdout_output: { readonly enabled: boolean };
  readonly append_output: readonly AppendOutput[];
  /** Values of the fields `static.<name>`. */
  readonly static_fields: Readonly<Record<string, string>>;
  readonly engine: {
    readonly modern_ebpf: {
      readonly cpus_for_each_buffer: number;
      readonly buf_size_preset: number;
      readonly drop_failed_exit: boolean;
    };
  };
  readonly falco_libs: {
    readonly thread_table_size: number;
    readonly snaplen: number;
  };
}

export const DEFAULTS: Config = {
  rules_files: [],
  rules: [],
  json_output: false,
  json_include_output_property: true,
  json_include_message_property: false,
  json_include_output_fields_property: true,
  json_include_tags_property: true,
  time_format_iso_8601: false,
  priority: "Debug",
  rule_matching: "first",
  stdout_output: { enabled: true },
  append_output: [],
  static_fields: {},
  engine: {
    modern_ebpf: { cpus_for_each_buffer: 2, buf_size_preset: 4, drop_failed_exit: false },
  },
  falco_libs: { thread_table_size: 262_144, snaplen: 80 },
};

/** A check returns the value to use, or undefined when `raw` cannot be it. */
export interface Key {
  readonly path: string;
  /** What the key takes, for a message: "must be …". */
  readonly wants: string;
  readonly check: (raw: unknown) => unknown;
}

export const KEYS: readonly Key[] = [
  { path: "rules_files", wants: "a list of paths", check: texts },
  {
    path: "rules",
    wants: "a list of enable or disable, each with rule or tag",
    check: ruleSwitches,
  },
  truth("json_output"),
  truth("json_include_output_property"),
  truth("json_include_message_property"),
  truth("json_include_output_fields_property"),
  truth("json_include_tags_property"),
  truth("time_format_iso_8601"),
  { path: "priority", wants: `one of ${PRIORITIES.join(", ")}`, check: parsePriority },
  { path: "rule_matching", wants: "first or all", check: oneOf(["first", "all"]) },
  truth("stdout_output.enabled"),
  { path: "append_output", wants: "a list of maps", check: appendOutput },
  { path: "static_fields", wants: "a map of texts", check: staticFields },
  count("engine.modern_ebpf.cpus_for_each_buffer", 0, 1_024),
  count("engine.modern_ebpf.buf_size_preset", 1, 10),
  truth("engine.modern_ebpf.drop_failed_exit"),
  count("falco_libs.thread_table_size", 1_024, 1_048_576),
  count("falco_libs.snaplen", 0, 65_535),
];

/** A priority by any of the names that Falco takes, in any case; undefined for another text. */
export function parsePriority(raw: unknown): Priority | undefined {
  const name = typeof raw === "string" ? raw.toLowerCase() : "";
  if (name === "") return undefined;
  if (name === "info") return "Informational";
  return PRIORITIES.find((priority) => priority.toLowerCase().startsWith(name));
}

function truth(path: string): Key {
  const words = new Map<unknown, boolean>([
    [true, true],
    ["true", true],
    [false, false],
    ["false", false],
  ]);
  return { path, wants: "true or false", check: (raw) => words.get(raw) };
}

function count(path: string, min: number, max: number): Key {
  const wants = `a whole number from ${String(min)} to ${String(max)}`;
  const check = (raw: unknown): number | undefined => {
    const value = typeof raw === "string" && raw.trim() !== "" ? Number(raw) : raw;
    const fits = Number.isInteger(value) && (value as number) >= min && (value as number) <= max;
    return fits ? (value as number) : undefined;
  };
  return { path, wants, check };
}

function oneOf(values: readonly string[]): (raw: unknown) => unknown {
  return (raw) => values.find((value) => value === raw);
}

function texts(raw: unknown): readonly string[] | undefined {
  const list = typeof raw === "string" ? [raw] : raw;
  if (!Array.isArray(list)) return undefined;
  return list.every((item) => typeof item === "string") ? list : undefined;
}

function ruleSwitches(raw: unknown): readonly RuleSwitch[] | undefined {
  const list: readonly unknown[] = Array.isArray(raw) ? raw : [raw];
  return list.every(isRuleSwitch) ? (list as readonly RuleSwitch[]) : undefined;
}

function isRuleSwitch(raw: unknown): boolean {
  const [entry, ...others] = membersOf(raw);
  if (entry === undefined || others.length > 0 || !/^(en|dis)able$/.test(entry[0])) return false;
  const members = membersOf(entry[1]);
  const isText = members.every(([key, value]) => /^(rule|tag)$/.test(key) && isString(value));
  return members.length > 0 && isText;
}

function membersOf(raw: unknown): readonly (readonly [string, unknown])[] {
  return typeof raw === "object" && raw !== null ? Object.entries(raw) : [];
}

function isString(value: unknown): boolean {
  return typeof value === "string";
}

function staticFields(raw: unknown): Readonly<Record<string, string>> | undefined {
  if (typeof raw !== "object" || raw === null || Array.isArray(raw)) return undefined;
  const members = Object.entries(raw).map(([key, value]) => [key, String(value)] as const);
  const isPlain = Object.values(raw).every((value) => typeof value !== "object");
  return isPlain ? Object.fromEntries(members) : undefined;
}

function appendOutput(raw: unknown): readonly AppendOutput[] | undefined {
  const list = Array.isArray(raw) ? raw : [raw];
  const isMap = (item: unknown): boolean =>
    typeof item === "object" && item !== null && !Array.isArray(item);
  return list.every(isMap) ? (list as readonly AppendOutput[]) : undefined;
}
