/**
 * The keys of falco.yaml: where each stands, what it may hold, what it is when nobody says, and
 * whether it has an effect here. Checks, the effective configuration and `lanner list config` come
 * from this table. Names are Falco's; defaults are those of the file that Falco comes with, except
 * that nothing is switched on that has no effect here.
 */
import { PRIORITIES, type Priority } from "../schema/manifest.ts";
import { STRATEGIES } from "./includes.ts";
import { DETAIL, type Key, type Section, type ValuesOf } from "./key.ts";
import {
  address,
  anything,
  type EntryOf,
  eitherOf,
  entryOf,
  fieldOrFormat,
  filled,
  fraction,
  integer,
  listOf,
  oneOf,
  preferring,
  type Type,
  text,
  texts,
  truth,
} from "./values.ts";

const INT_MAX = 2_147_483_647;
const COUNT: Type<number> = integer(0, INT_MAX);

const WARN = { unknown: "warn" } as const;

export const LOG_LEVELS = [
  "emergency",
  "alert",
  "critical",
  "error",
  "warning",
  "notice",
  "info",
  "debug",
] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const ENGINE_KINDS = ["modern_ebpf", "kmod", "replay", "nodriver"] as const;
const DROP_ACTIONS = ["ignore", "log", "alert", "exit"] as const;
const SEVERITIES = [
  "fatal",
  "critical",
  "error",
  "warning",
  "notice",
  "info",
  "debug",
  "trace",
] as const;

const included = entryOf(
  { path: text, strategy: oneOf(STRATEGIES, { otherwise: "default" }) },
  { unknown: "warn", required: ["path"] },
);

const selected = filled(entryOf({ rule: text, tag: text }, WARN));
const ruleSwitch = preferring(
  "enable",
  filled(entryOf({ enable: selected, disable: selected }, WARN)),
);

const appendOutput = entryOf(
  {
    match: entryOf({ source: text, rule: text, tags: listOf(text, "a list of tags") }, WARN),
    extra_output: text,
    extra_fields: listOf(fieldOrFormat, "a list of fields", { single: "stop" }),
    suggested_output: truth,
  },
  WARN,
);

const plugin = entryOf(
  { name: text, library_path: text, init_config: anything, open_params: anything },
  { unknown: "warn", required: ["name", "library_path"] },
);

/** `enable` or `disable`, with a rule, a tag or both. */
export type RuleSwitch = EntryOf<{ enable: typeof selected; disable: typeof selected }>;
export type AppendOutput = NonNullable<ReturnType<(typeof appendOutput)["read"]>>;

/** A priority by any of the names that Falco takes, in any case; undefined for another text. */
export function parsePriority(raw: unknown): Priority | undefined {
  const name = typeof raw === "string" ? raw.toLowerCase() : "";
  if (name === "") return undefined;
  if (name === "info") return "Informational";
  return PRIORITIES.find((priority) => priority.toLowerCase().startsWith(name));
}

function key<T>(type: Type<T>, fallback: NoInfer<T>, help: string): Key<T> {
  return { type, fallback, help };
}

/** A key without effect so far; nobody has to be told of that while it is `idle`. */
function later<T>(
  type: Type<T>,
  fallback: NoInfer<T>,
  help: string,
  idle: NoInfer<T> = fallback,
): Key<T> {
  return { type, fallback, help, idle };
}

/** A key without effect so far that only matters when its section is switched on. */
function detail<T>(type: Type<T>, fallback: NoInfer<T>, help: string): Key<T> {
  return { type, fallback, help, idle: DETAIL };
}

export const KEYS = {
  config_files: key(
    listOf(eitherOf(text, included), "a list of files and folders"),
    [],
    "Further files, or {path, strategy} with append, override or add-only.",
  ),
  watch_config_files: later(
    truth,
    false,
    "Start again when a file of configuration or rules changes.",
  ),
  rules_files: key(
    listOf(text, "a list of files and folders"),
    [],
    "Rule files, and folders of them; without it Lanner's own rules.",
  ),
  rules: key(
    listOf(ruleSwitch, "a list of enable or disable"),
    [],
    "Rules to switch on or off, by name (with *) or tag, in this order.",
  ),
  engine: {
    kind: key(
      oneOf(ENGINE_KINDS),
      "modern_ebpf",
      "What delivers events; kmod is modern_ebpf here.",
    ),
    modern_ebpf: {
      cpus_for_each_buffer: key(
        integer(0, 1_024, { outside: "stop" }),
        2,
        "CPUs that share a buffer; 0: all of them.",
      ),
      buf_size_preset: key(
        integer(1, 10, { outside: "stop" }),
        4,
        "Size of a buffer: 1 is 1 MiB, each next the double.",
      ),
      drop_failed_exit: key(truth, false, "Leave out system calls that failed."),
      disable_iterators: later(truth, false, "Do not read processes with BPF iterators."),
    },
    kmod: {
      buf_size_preset: detail(integer(1, 10), 4, "The same for the kernel module."),
      drop_failed_exit: detail(truth, false, "The same for the kernel module."),
    },
    replay: {
      capture_file: key(text, "", "The recording that is evaluated when kind is replay."),
    },
  },
  capture: {
    enabled: later(truth, false, "Record events after an alert."),
    path_prefix: detail(text, "/tmp/falco", "Begin of the recordings' names."),
    mode: detail(oneOf(["rules", "all_rules"]), "rules", "For rules that say capture, or all."),
    default_duration: detail(COUNT, 5_000, "Milliseconds that are recorded."),
    max_file_size_mb: detail(COUNT, 0, "Bound of a recording; 0: none."),
  },
  load_plugins: later(listOf(text, "a list of names"), [], "Which of the plugins to load."),
  plugins: later(
    listOf(plugin, "a list of plugins"),
    [],
    "Plugins: name, library_path, init_config, open_params.",
  ),
  plugins_hostinfo: detail(truth, true, "Give plugins the host's processes."),
  time_format_iso_8601: key(truth, false, "Print times as ISO 8601, in UTC."),
  buffer_format_base64: key(truth, false, "Print data as Base64 instead of with dots."),
  priority: key(
    oneOf(PRIORITIES, { find: parsePriority }),
    "Debug",
    "Rules below this priority are not loaded.",
  ),
  json_output: key(truth, false, "Print an alert as JSON on one line."),
  json_include_output_property: key(
    truth,
    true,
    "JSON: the text of the alert, with time and priority.",
  ),
  json_include_message_property: key(truth, false, "JSON: the text without time and priority."),
  json_include_output_fields_property: key(
    truth,
    true,
    "JSON: the fields of the text with their values.",
  ),
  json_include_tags_property: key(truth, true, "JSON: the tags of the rule."),
  buffered_outputs: detail(truth, false, "Collect alerts before they are written; never done."),
  rule_matching: key(
    oneOf(["first", "all"]),
    "first",
    "Alerts of the first matching rule, or of all.",
  ),
  outputs_queue: {
    capacity: later(COUNT, 0, "Alerts that may wait for an output; 0: no bound."),
  },
  append_output: key(
    listOf(appendOutput, "a list of maps"),
    [{ suggested_output: true }],
    "What is added to outputs: extra_output, extra_fields, suggested_output, for what match says.",
  ),
  static_fields: key(texts, {}, "Values of the fields static.NAME."),
  stdout_output: {
    enabled: key(truth, true, "Print alerts to standard output."),
  },
  syslog_output: {
    enabled: later(truth, false, "Send alerts to syslog."),
  },
  file_output: {
    enabled: later(truth, false, "Append alerts to a file."),
    keep_alive: detail(truth, false, "Keep the file open."),
    filename: detail(text, "", "The file."),
  },
  http_output: {
    enabled: later(truth, false, "Post alerts to a URL."),
    url: detail(text, "", "The URL."),
    user_agent: detail(text, "falcosecurity/falco", "Name that is told to the server."),
    insecure: detail(truth, false, "Do not check the server's certificate."),
    ca_cert: detail(text, "", "File with the certificate of an authority."),
    ca_bundle: detail(text, "", "File with certificates of authorities."),
    ca_path: detail(text, "/etc/ssl/certs", "Folder with certificates of authorities."),
    mtls: detail(truth, false, "Show a certificate to the server."),
    client_cert: detail(text, "/etc/ssl/certs/client.crt", "That certificate."),
    client_key: detail(text, "/etc/ssl/certs/client.key", "Its key."),
    echo: detail(truth, false, "Print the server's answers."),
    compress_uploads: detail(truth, false, "Send alerts compressed."),
    keep_alive: detail(truth, false, "Keep the connection open."),
    max_consecutive_timeouts: detail(integer(0, 255), 5, "Timeouts in a row that are too many."),
  },
  program_output: {
    enabled: later(truth, false, "Give alerts to a program."),
    keep_alive: detail(truth, false, "Keep the program running."),
    program: detail(text, "", "Its command line."),
  },
  webserver: {
    enabled: later(truth, false, "Answer to health checks and metrics by HTTP."),
    threadiness: detail(COUNT, 0, "Threads; 0: one for each CPU."),
    listen_port: detail(integer(0, 65_535), 8_765, "Port."),
    listen_address: detail(address, "0.0.0.0", "Address."),
    k8s_healthz_endpoint: detail(text, "/healthz", "Path of the health check."),
    prometheus_metrics_enabled: detail(truth, false, "Serve metrics for Prometheus."),
    ssl_enabled: detail(truth, false, "Use TLS."),
    ssl_certificate: detail(text, "/etc/falco/falco.pem", "Key and certificate for it."),
  },
  log_stderr: key(truth, true, "Say on standard error what the agent does."),
  log_syslog: later(truth, false, "Say it to syslog."),
  log_level: key(oneOf(LOG_LEVELS), "info", "How much is said: only what is as bad as this."),
  libs_logger: {
    enabled: detail(truth, true, "Messages of Falco's libraries."),
    severity: detail(oneOf(SEVERITIES), "info", "How bad these have to be."),
  },
  output_timeout: detail(COUNT, 2_000, "Milliseconds after which an output is said to hang."),
  syscall_event_timeouts: {
    max_consecutives: detail(
      integer(1, INT_MAX, { refused: 0 }),
      1_000,
      "Silent reads in a row after which the capture is suspected.",
    ),
  },
  syscall_event_drops: {
    threshold: key(fraction(0, 1), 0, "Part of events that may be lost in a second."),
    actions: key(
      listOf(oneOf(DROP_ACTIONS), "a list of ignore, log, alert and exit"),
      ["log", "alert"],
      "What to do about losses beyond it.",
    ),
    rate: key(fraction(0, INT_MAX, "default"), 1, "Such actions in a second, in the long run."),
    max_burst: key(fraction(0, INT_MAX, "default"), 1, "Such actions at once."),
    simulate_drops: key(truth, false, "Act as if events were lost."),
  },
  metrics: {
    enabled: later(truth, false, "Tell metrics now and then."),
    interval: detail(text, "1h", "How often, as in 1h30m; at least 100ms."),
    output_rule: detail(truth, true, "As an alert."),
    output_file: detail(text, "", "To a file."),
    rules_counters_enabled: detail(truth, true, "Alerts by rule."),
    resource_utilization_enabled: detail(truth, true, "CPU and memory."),
    state_counters_enabled: detail(truth, true, "Processes and descriptors."),
    kernel_event_counters_enabled: detail(truth, true, "Events and losses."),
    kernel_event_counters_per_cpu_enabled: detail(truth, false, "These by CPU."),
    kernel_iter_event_counters_enabled: detail(truth, true, "Events of BPF iterators."),
    libbpf_stats_enabled: detail(truth, true, "Runs of the BPF programs."),
    plugins_metrics_enabled: detail(truth, true, "What plugins tell."),
    jemalloc_stats_enabled: detail(truth, false, "What the allocator tells."),
    convert_memory_to_mb: detail(truth, true, "Megabytes instead of kilobytes."),
    include_empty_values: detail(truth, false, "Also what is 0."),
  },
  base_syscalls: {
    custom_set: key(
      listOf(text, "a list of system calls"),
      [],
      "System calls to capture instead of those that state needs; !NAME takes one out.",
    ),
    repair: later(truth, false, "Of those that state needs, capture only what the rules need."),
    all: detail(
      truth,
      false,
      "Not needed: what rules name is captured, also what moves much data.",
    ),
  },
  falco_libs: {
    thread_table_size: key(integer(1_024, 1_048_576), 262_144, "Threads that are known at once."),
    thread_table_auto_purging_interval_s: detail(
      COUNT,
      300,
      "How often dead threads are looked for.",
    ),
    thread_table_auto_purging_thread_timeout_s: detail(COUNT, 300, "Silence after which one is."),
    snaplen: key(integer(0, 65_535), 80, "Bytes of data that are kept of an event."),
  },
} as const satisfies Section;

export type Config = ValuesOf<typeof KEYS>;

/** Keys of other versions of Falco, and what to do about them. */
export const RETIRED: Readonly<Record<string, string>> = {
  rules_file: "the key is rules_files",
  rule_files: "the key is rules_files",
  grpc: "Falco has no gRPC any more",
  grpc_output: "Falco has no gRPC any more",
  outputs: "alerts are not limited by rate any more",
  syscall_buf_size_preset: "it is engine.modern_ebpf.buf_size_preset now",
  syscall_drop_failed_exit: "it is engine.modern_ebpf.drop_failed_exit now",
  modern_bpf: "its keys are those of engine.modern_ebpf now",
  "engine.ebpf": "the old eBPF probe is gone; use modern_ebpf",
  "engine.gvisor": "gVisor is not supported any more",
};
