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
    "More configuration files: paths, or {path, strategy} with append, override or add-only.",
  ),
  watch_config_files: later(truth, false, "Restart when a configuration or rule file changes."),
  rules_files: key(
    listOf(text, "a list of files and folders"),
    [],
    "Rule files and folders; when unset, Lanner's default rules.",
  ),
  rules: key(
    listOf(ruleSwitch, "a list of enable or disable"),
    [],
    "Enable or disable rules by name (* is a wildcard) or tag, in this order.",
  ),
  engine: {
    kind: key(oneOf(ENGINE_KINDS), "modern_ebpf", "Source of events; kmod is read as modern_ebpf."),
    modern_ebpf: {
      cpus_for_each_buffer: key(
        integer(0, 1_024, { outside: "stop" }),
        2,
        "CPUs that share one buffer; 0: one buffer for all.",
      ),
      buf_size_preset: key(
        integer(1, 10, { outside: "stop" }),
        4,
        "Buffer size: 1 is 1 MiB, each step doubles it.",
      ),
      drop_failed_exit: key(truth, false, "Do not capture system calls that failed."),
      disable_iterators: later(truth, false, "Do not use BPF iterators to read processes."),
    },
    kmod: {
      buf_size_preset: detail(integer(1, 10), 4, "The same for the kernel module."),
      drop_failed_exit: detail(truth, false, "The same for the kernel module."),
    },
    replay: {
      capture_file: key(text, "", "Recording to evaluate when engine.kind is replay."),
    },
  },
  capture: {
    enabled: later(truth, false, "Record events after an alert."),
    path_prefix: detail(text, "/tmp/falco", "Prefix of the recordings' paths."),
    mode: detail(
      oneOf(["rules", "all_rules"]),
      "rules",
      "Record for rules with the key capture, or for all rules.",
    ),
    default_duration: detail(COUNT, 5_000, "Milliseconds to record."),
    max_file_size_mb: detail(COUNT, 0, "Maximum size of a recording in MB; 0: no limit."),
  },
  load_plugins: later(listOf(text, "a list of names"), [], "Names of the plugins to load."),
  plugins: later(
    listOf(plugin, "a list of plugins"),
    [],
    "Plugins: name, library_path, init_config, open_params.",
  ),
  plugins_hostinfo: detail(truth, true, "Pass information about the host's processes to plugins."),
  time_format_iso_8601: key(truth, false, "Print times as ISO 8601, in UTC."),
  buffer_format_base64: key(
    truth,
    false,
    "Print captured data as Base64; otherwise unprintable bytes are dots.",
  ),
  priority: key(
    oneOf(PRIORITIES, { find: parsePriority }),
    "Debug",
    "Minimum priority of rules; others are not loaded.",
  ),
  json_output: key(truth, false, "Print an alert as JSON on one line."),
  json_include_output_property: key(
    truth,
    true,
    "JSON: include the text of the alert with time and priority.",
  ),
  json_include_message_property: key(
    truth,
    false,
    "JSON: include the text without time and priority.",
  ),
  json_include_output_fields_property: key(
    truth,
    true,
    "JSON: include the fields of the output and their values.",
  ),
  json_include_tags_property: key(truth, true, "JSON: include the tags of the rule."),
  buffered_outputs: detail(truth, false, "Buffer alerts before writing them; Lanner never does."),
  rule_matching: key(
    oneOf(["first", "all"]),
    "first",
    "Alert for the first matching rule of an event, or for all.",
  ),
  outputs_queue: {
    capacity: later(COUNT, 0, "Maximum number of alerts waiting for outputs; 0: no limit."),
  },
  append_output: key(
    listOf(appendOutput, "a list of maps"),
    [{ suggested_output: true }],
    "Add extra_output, extra_fields, suggested_output to outputs of rules selected by match.",
  ),
  static_fields: key(texts, {}, "Fields static.NAME and their values."),
  stdout_output: {
    enabled: key(truth, true, "Print alerts to standard output."),
  },
  syslog_output: {
    enabled: later(truth, false, "Send alerts to syslog."),
  },
  file_output: {
    enabled: later(truth, false, "Append alerts to a file."),
    keep_alive: detail(truth, false, "Keep the file open."),
    filename: detail(text, "", "Path of the file."),
  },
  http_output: {
    enabled: later(truth, false, "Post alerts to a URL."),
    url: detail(text, "", "URL to post to."),
    user_agent: detail(text, "falcosecurity/falco", "User-Agent header of requests."),
    insecure: detail(truth, false, "Do not check the server's certificate."),
    ca_cert: detail(text, "", "File with the certificate of a CA."),
    ca_bundle: detail(text, "", "File with certificates of several CAs."),
    ca_path: detail(text, "/etc/ssl/certs", "Folder with certificates of CAs."),
    mtls: detail(truth, false, "Send a client certificate to the server."),
    client_cert: detail(text, "/etc/ssl/certs/client.crt", "Client certificate for mutual TLS."),
    client_key: detail(text, "/etc/ssl/certs/client.key", "Key of the client certificate."),
    echo: detail(truth, false, "Print the server's responses."),
    compress_uploads: detail(truth, false, "Send alerts compressed."),
    keep_alive: detail(truth, false, "Keep the connection open."),
    max_consecutive_timeouts: detail(
      integer(0, 255),
      5,
      "Consecutive timeouts before the output is reported.",
    ),
  },
  program_output: {
    enabled: later(truth, false, "Pipe alerts to a program."),
    keep_alive: detail(truth, false, "Keep the program running."),
    program: detail(text, "", "Command line of the program."),
  },
  webserver: {
    enabled: later(truth, false, "Serve health checks and metrics over HTTP."),
    threadiness: detail(COUNT, 0, "Number of threads; 0: one per CPU."),
    listen_port: detail(integer(0, 65_535), 8_765, "Port to listen on."),
    listen_address: detail(address, "0.0.0.0", "Address to listen on."),
    k8s_healthz_endpoint: detail(text, "/healthz", "Path of the health check."),
    prometheus_metrics_enabled: detail(truth, false, "Serve metrics for Prometheus."),
    ssl_enabled: detail(truth, false, "Use TLS."),
    ssl_certificate: detail(
      text,
      "/etc/falco/falco.pem",
      "File with the key and certificate for TLS.",
    ),
  },
  log_stderr: key(truth, true, "Log to standard error."),
  log_syslog: later(truth, false, "Log to syslog."),
  log_level: key(oneOf(LOG_LEVELS), "info", "Minimum severity to log."),
  libs_logger: {
    enabled: detail(truth, true, "Log messages of Falco's libraries."),
    severity: detail(oneOf(SEVERITIES), "info", "Minimum severity of these messages."),
  },
  output_timeout: detail(COUNT, 2_000, "Milliseconds after which a blocked output is reported."),
  syscall_event_timeouts: {
    max_consecutives: detail(
      integer(1, INT_MAX, { refused: 0 }),
      1_000,
      "Consecutive timeouts without an event before they are reported.",
    ),
  },
  syscall_event_drops: {
    threshold: key(
      fraction(0, 1),
      0,
      "Fraction of events (0 to 1) that may be lost in a second without an action.",
    ),
    actions: key(
      listOf(oneOf(DROP_ACTIONS), "a list of ignore, log, alert and exit"),
      ["log", "alert"],
      "What to do when more events are lost: ignore, log, alert, exit.",
    ),
    rate: key(
      fraction(0, INT_MAX, "default"),
      1,
      "Maximum number of actions per second, on average.",
    ),
    max_burst: key(fraction(0, INT_MAX, "default"), 1, "Maximum number of actions in a burst."),
    simulate_drops: key(truth, false, "Simulate losses, to test the actions."),
  },
  metrics: {
    enabled: later(truth, false, "Report metrics regularly."),
    interval: detail(text, "1h", "Time between reports, such as 1h30m; at least 100ms."),
    output_rule: detail(truth, true, "Report metrics as an alert."),
    output_file: detail(text, "", "Append metrics to this file."),
    rules_counters_enabled: detail(truth, true, "Include the number of alerts of each rule."),
    resource_utilization_enabled: detail(truth, true, "Include CPU and memory usage."),
    state_counters_enabled: detail(truth, true, "Include counters of processes and descriptors."),
    kernel_event_counters_enabled: detail(truth, true, "Include counters of events and losses."),
    kernel_event_counters_per_cpu_enabled: detail(
      truth,
      false,
      "Include counters of events and losses of each CPU.",
    ),
    kernel_iter_event_counters_enabled: detail(
      truth,
      true,
      "Include counters of BPF iterators' events.",
    ),
    libbpf_stats_enabled: detail(truth, true, "Include run statistics of BPF programs."),
    plugins_metrics_enabled: detail(truth, true, "Include metrics of plugins."),
    jemalloc_stats_enabled: detail(truth, false, "Include statistics of the memory allocator."),
    convert_memory_to_mb: detail(truth, true, "Report memory in megabytes instead of kilobytes."),
    include_empty_values: detail(truth, false, "Include metrics that are 0."),
  },
  base_syscalls: {
    custom_set: key(
      listOf(text, "a list of system calls"),
      [],
      "System calls to capture for state instead of the built-in set; !NAME removes one.",
    ),
    repair: later(truth, false, "For state, capture only the system calls that the rules need."),
    all: detail(
      truth,
      false,
      "Capture high-volume system calls that rules name; Lanner always does.",
    ),
  },
  falco_libs: {
    thread_table_size: key(
      integer(1_024, 1_048_576),
      262_144,
      "Maximum number of threads in the state table.",
    ),
    thread_table_auto_purging_interval_s: detail(
      COUNT,
      300,
      "Seconds between searches for dead threads.",
    ),
    thread_table_auto_purging_thread_timeout_s: detail(
      COUNT,
      300,
      "Seconds without events before a thread is presumed dead.",
    ),
    snaplen: key(integer(0, 65_535), 80, "Bytes of data captured per event."),
  },
} as const satisfies Section;

export type Config = ValuesOf<typeof KEYS>;

/** Keys of other versions of Falco, and what to do about them. */
export const RETIRED: Readonly<Record<string, string>> = {
  rules_file: "use rules_files",
  rule_files: "use rules_files",
  grpc: "Falco removed gRPC",
  grpc_output: "Falco removed gRPC",
  outputs: "Falco removed the rate limit; Lanner merges floods of alerts",
  syscall_buf_size_preset: "use engine.modern_ebpf.buf_size_preset",
  syscall_drop_failed_exit: "use engine.modern_ebpf.drop_failed_exit",
  modern_bpf: "use the keys of engine.modern_ebpf",
  "engine.ebpf": "Falco removed the old eBPF probe; use modern_ebpf",
  "engine.gvisor": "gVisor is not supported",
};
