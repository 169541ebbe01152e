/** The table of keys against files and options: what is read, what is told, what stops. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { expandText } from "../../host/config/expand.ts";
import { keysOf } from "../../host/config/key.ts";
import { KEYS } from "../../host/config/keys.ts";
import { DEFAULTS, loadConfig } from "../../host/config/load.ts";
import { ConfigError } from "../../host/config/report.ts";

const FOLDER = mkdtempSync(join(tmpdir(), "lanner-config-"));
afterAll(() => {
  rmSync(FOLDER, { recursive: true, force: true });
});

function put(name: string, text: string): string {
  const path = join(FOLDER, name);
  writeFileSync(path, text);
  return path;
}

const fromFile = (text: string, overrides: readonly string[] = [], environment = {}) =>
  loadConfig({ file: put("falco.yaml", text), overrides, environment });

const fromOptions = (...overrides: readonly string[]) => loadConfig({ overrides });

describe("configuration", () => {
  test("is the defaults when nothing is said", () => {
    for (const loaded of [loadConfig({}), fromFile(""), fromFile("rules:\nstatic_fields:\n")]) {
      expect(loaded.config).toEqual(DEFAULTS);
      expect(loaded.warnings).toEqual([]);
    }
  });

  test("takes keys at any depth and leaves their neighbors alone", () => {
    const { config } = fromFile(
      "json_output: true\npriority: WARNING\nengine:\n  modern_ebpf: {buf_size_preset: 5}\n",
    );
    expect(config).toEqual({
      ...DEFAULTS,
      json_output: true,
      priority: "Warning",
      engine: {
        ...DEFAULTS.engine,
        modern_ebpf: { ...DEFAULTS.engine.modern_ebpf, buf_size_preset: 5 },
      },
    });
  });

  test("lets -o win over the file, at any depth", () => {
    const { config, warnings } = fromFile("json_output: true\nrules_files: [a]\n", [
      "json_output=false",
      "falco_libs.snaplen=0x100",
      "rules_files[]=b",
      "rules_files[0]=c",
      'append_output[]={"suggested_output": true}',
      "rules[].disable.rule=*",
      "rules[].enable.tag=network",
      "static_fields.app\\.name=a=b",
    ]);
    expect(warnings).toEqual([]);
    expect(config.json_output).toBe(false);
    expect(config.falco_libs.snaplen).toBe(256);
    expect(config.rules_files).toEqual(["c", "b"]);
    expect(config.append_output).toEqual([{ suggested_output: true }]);
    expect(config.rules).toEqual([{ disable: { rule: "*" } }, { enable: { tag: "network" } }]);
    expect(config.static_fields).toEqual({ "app.name": "a=b" });
  });

  test("says where a key was set", () => {
    const { origins, files } = fromFile("priority: error\n", ["json_output=true"]);
    expect([...origins]).toEqual([
      ["priority", `${join(FOLDER, "falco.yaml")}:1`],
      ["json_output", "-o"],
    ]);
    expect(files).toEqual([join(FOLDER, "falco.yaml")]);
  });

  test("names what is set and has no effect, and nothing that is switched off", () => {
    const { idle } = fromFile(
      "webserver: {enabled: true, listen_port: 1}\nmetrics: {enabled: false, interval: 1m}\n" +
        "load_plugins: [container]\noutput_timeout: 5\n" +
        "plugins: [{name: container, library_path: libcontainer.so}]\n",
    );
    expect(idle).toEqual(["webserver.enabled"]);
  });

  test("has a default for every key that its own type takes", () => {
    for (const { path, key } of keysOf(KEYS)) {
      expect(key.help, path).toMatch(/\.$/);
      const isPlain = typeof key.fallback === "boolean" || typeof key.fallback === "number";
      if (!isPlain) continue;
      const kind = path.startsWith("engine.") ? ["engine.kind=nodriver"] : [];
      const loaded = fromOptions(...kind, `${path}=${String(key.fallback)}`);
      expect(loaded.warnings, path).toEqual([]);
    }
  });
});

describe("a value of the wrong kind gives way to the default, with a warning at its place", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["json_output: maybe\n", "falco.yaml:1:14: warning: json_output must be true or false"],
    ["log_stderr: on\n", "write true instead of 'on'"],
    ["priority: {minimum: error}\n", "priority must be one of"],
    ["falco_libs: {snaplen: much}\n", "a whole number from 0 to 65535, not 'much'"],
    ["rules_files: a.yaml\n", "write it as a list"],
    ["static_fields: [a]\n", "static_fields must be a map of texts, not a list"],
    ["webserver: [8765]\n", "webserver must be a map of enabled"],
    ["output_timeout: -1\n", "a whole number from 0 to 2147483647, not '-1'"],
    ["syscall_event_timeouts: {max_consecutives: -1}\n", "not '-1'; the default is used"],
    [
      "engine: {kind: nodriver, modern_ebpf: {buf_size_preset: 11}}\nrules_files:\n- ~\n",
      "text 'null'",
    ],
    ["rules: [{enable: {rule: x}, disable: {rule: y}}]\n", "beside enable, disable is ignored"],
    ["append_output: [{when: {rule: x}}]\n", "append_output[0] has no member 'when'"],
    ["colour: red\n", "there is no key 'colour'"],
    ["snaplen: 1\n", "did you mean 'falco_libs.snaplen'?"],
    ["json_ouput: true\n", "did you mean 'json_output'?"],
    ["grpc: {enabled: false}\n", "Falco removed gRPC"],
    ["engine: {kind: modern_ebpf, ebpf: {probe: x}}\n", "Falco removed the old eBPF probe"],
    ["priority: error\npriority: alert\n", "falco.yaml:2:1: warning: priority stands here again"],
    ["engine: {modern_ebpf: {cpus_for_each_buffer: 1}}\n", "engine needs a kind"],
    ["a: 1\n---\npriority: alert\n", "only the first document"],
  ];
  test.each(cases)("%j", (text, message) => {
    const { warnings } = fromFile(text);
    expect(warnings.join("\n")).toContain(message);
  });

  test("and points at it", () => {
    const { warnings } = fromFile("engine:\n  kind: replay\n  replay: {capture_file: a}\nx: 1\n");
    expect(warnings[0]?.split("\n").slice(1)).toEqual(["    4 | x: 1", "      | ^"]);
  });
});

describe("a configuration stops for", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["rules_files: [a\n", "not valid YAML"],
    ["- a\n", "a configuration holds keys and values"],
    ["priority: loud\n", "falco.yaml:1:11: error: priority must be one of Emergency"],
    ["rule_matching: frist\n", "did you mean 'first'?"],
    ["engine: {kind: gvisor}\n", "engine.kind must be one of modern_ebpf"],
    ["engine: {kind: replay}\n", "engine.replay.capture_file must name a recording"],
    ["engine: {kind: modern_ebpf, modern_ebpf: {buf_size_preset: 11}}\n", "from 1 to 10"],
    ["rules: [{hide: {rule: x}}]\n", "rules[0] must be a map of enable, disable"],
    ["webserver: 8765\n", "webserver must be a map of enabled"],
    ["priority:\n", "priority must be one of"],
    ["syscall_event_timeouts: {max_consecutives: 0}\n", "a whole number from 1"],
    ["static_fields: {a: {b: c}}\n", "static_fields.a must be a text, not a map"],
    ["static_fields: {a: [b]}\n", "static_fields.a must be a text, not a list"],
    ["rules_files: [{a: b}]\n", "rules_files[0] must be a text, not a map"],
    ["config_files: [{strategy: append}]\n", "config_files[0] needs a member 'path'"],
    ["append_output: [{extra_fields: proc.name}]\n", "must be a list of fields"],
    ["append_output: [{extra_fields: [{a: b, c: d}]}]\n", "a field, or one name with its text"],
    ["append_output: [{suggested_output: maybe}]\n", "must be true or false, not 'maybe'"],
    ["rules: [{enable: {}}]\n", "with at least one of them"],
    ["syscall_event_drops: {actions: [ignore, log]}\n", "ignore and log exclude each other"],
    ["metrics: {enabled: true, interval: 500}\n", "at least 100ms"],
    ["http_output: {enabled: true}\n", "http_output.url must be set"],
    ["program_output: {enabled: true}\n", "program_output.program must be set"],
    ["stdout_output: {enabled: false}\n", "all outputs are disabled"],
    ["rule_files: [a]\n", "use rules_files"],
    ["rules_file: [a]\nrules_files: [a]\n", "both set; keep rules_files"],
    ["load_plugins: [json]\n", "plugins has no entry for it"],
    [
      "plugins: [{name: json, library_path: /absent.so}]\n",
      "plugin 'json': plugins are not supported; take it out",
    ],
  ];
  test.each(cases)("%j", (text, message) => {
    expect(() => fromFile(text)).toThrow(ConfigError);
    expect(() => fromFile(text)).toThrow(message);
  });

  test("outputs that reach nobody, when alerts are to be made", () => {
    const text = "stdout_output: {enabled: false}\nsyslog_output: {enabled: true}\n";
    const file = put("unheard.yaml", `${text}file_output: {enabled: true, filename: a}\n`);
    const message =
      "unheard.yaml:1:26: MARK: stdout_output is disabled, and syslog_output, file_output " +
      "have no effect yet, so alerts would be lost; set stdout_output.enabled to true";
    const used = () => loadConfig({ file, alerts: true });
    expect(used).toThrow(ConfigError);
    expect(used).toThrow(message.replace("MARK", "error"));
    const { warnings } = loadConfig({ file });
    expect(warnings.join("\n")).toContain(message.replace("MARK", "warning"));
    const heard = loadConfig({ file, overrides: ["stdout_output.enabled=true"], alerts: true });
    expect(heard.warnings).toEqual([]);
  });

  test("plugins, each where it stands, whether its file is there or not", () => {
    const entry = (name: string): string => `  - {name: ${name}, library_path: ${FOLDER}}\n`;
    const text = `load_plugins: [one, two]\nplugins:\n${["one", "zero", "two"].map(entry).join("")}`;
    expect(() => fromFile(text)).toThrow(/:3:5: error: plugin 'one': plugins are not supported/);
    expect(() => fromFile(text)).toThrow(/:5:5: error: plugin 'two': .*take it out of load_plug/);
    expect(() => fromFile(text)).not.toThrow(/zero': plugins/);
  });

  test("all of its errors at once, in their order", () => {
    const wrong = () => fromFile("rule_matching: x\npriority: y\ncolour: z\n");
    expect(wrong).toThrow(/:1:16: error: rule_matching[^]*:2:11: error: prior[^]*:3:1: warning/);
  });

  const options: readonly (readonly [string, string])[] = [
    ["priority", "write it as key=value"],
    ["=1", "write it as key=value"],
    [".=1", "there is no name before a dot"],
    ["outputs_queue..capacity=1", "there is no name before a dot"],
    ["rules_files[0]x=1", "a dot must stand between ']' and a name"],
    ["a[x]=1", "an index is a number"],
    ["a[1=1", "an index is a number"],
    ["static_fields.a\\=x", "the key ends in a backslash"],
    ["priority[]=error", "-o priority[]=error: error: this is no list but a single value"],
    ["priority.x=error", "this is no map but a single value"],
    ["rules={a: [}", "not valid YAML"],
    ["priority=", "priority must be one of"],
  ];
  test.each(options)("-o %s", (option, message) => {
    expect(() => fromFile("priority: error\n", [option])).toThrow(message);
  });
});

describe("-o", () => {
  test("warns of what looks like a list and is text", () => {
    const { warnings, given } = fromOptions("rules_files=[a]");
    expect(warnings.join("\n")).toContain("set elements one by one: -o 'rules_files[]=…'");
    expect(given).toEqual({ rules_files: "[a]" });
  });

  test("makes a map of a list that would get a gap", () => {
    const { warnings, given } = fromOptions("rules_files[0]=a", "rules_files[5]=b");
    expect(given).toEqual({ rules_files: { 0: "a", 5: "b" } });
    expect(warnings.join("\n")).toContain("use [1]");
  });

  test("keeps names that JavaScript knows as mere names", () => {
    const { given, config } = fromOptions("__proto__.json_output=true", "constructor=1");
    expect(Object.keys(given)).toEqual(["__proto__", "constructor"]);
    expect(config).toEqual(DEFAULTS);
  });
});

describe("environment variables", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["${A}", "deep"],
    ["x${A}y${B}z", "xdeepydeepz"],
    ["${UNSET}", ""],
    ["$${A}/${B}", "${A}/deep"],
    ["$A $", "$A $"],
    ["x${A", "x${A"],
    ["$".repeat(1_000), "$".repeat(1_000)],
  ];
  test.each(cases)("%s", (written, expanded) => {
    expect(expandText(written, { A: "${B}", B: "deep" })).toBe(expanded);
  });

  test("are put into values of files only", () => {
    const { given } = fromFile("${A}: ${A}\n", ["file_output.filename=${A}"], { A: "x" });
    expect(given).toEqual({ "${A}": "x", file_output: { filename: "${A}" } });
  });

  test("that name one another end in an error", () => {
    expect(() => fromFile("priority: ${A}\n", [], { A: "${B}", B: "${A}" })).toThrow("without end");
    expect(() => fromFile("priority: ${A}\n", [], { A: "${A}${A}${A}" })).toThrow("without end");
  });
});

describe("config_files", () => {
  test("continues lists, replaces everything else, in the order given", () => {
    const more = put(
      "more.yaml",
      "rules_files: [b]\nfile_output: {filename: x}\npriority: error\n",
    );
    const last = put("last.yaml", "priority: alert\nrules_files: [c]\n");
    const { given, files } = fromFile(
      `config_files: [${more}, {path: ${last}, strategy: override}]\nrules_files: [a]\n` +
        "file_output: {keep_alive: true}\n",
    );
    expect(given).toMatchObject({
      rules_files: ["c"],
      file_output: { filename: "x" },
      priority: "alert",
    });
    expect(given["file_output"]).toEqual({ filename: "x" });
    expect(files).toEqual([join(FOLDER, "falco.yaml"), more, last]);
  });

  test("adds only what is not there, and reads folders in the order of names", () => {
    mkdirSync(join(FOLDER, "conf.d/inner"), { recursive: true });
    put("conf.d/20.txt", "priority: alert\n");
    put("conf.d/10.yaml", "priority: error\njson_output: true\n");
    const path = join(FOLDER, "conf.d");
    const added = fromFile(
      `config_files: [{path: ${path}, strategy: add-only}]\npriority: debug\n`,
    );
    expect(added.config).toMatchObject({ priority: "Debug", json_output: true });
    expect(fromFile(`config_files: [${path}]\n`).config.priority).toBe("Alert");
  });

  test("reads a folder in spite of a link that leads nowhere", () => {
    mkdirSync(join(FOLDER, "linked"));
    put("linked/10.yaml", "priority: error\n");
    symlinkSync("user@host.1", join(FOLDER, "linked/.#10.yaml"));
    const { config, warnings } = fromFile(`config_files: [${join(FOLDER, "linked")}]\n`);
    expect(config.priority).toBe("Error");
    expect(warnings).toEqual([]);
  });

  test("leaves out what is absent, and says so", () => {
    const { warnings } = fromFile("config_files: [/absent.yaml]\n");
    expect(warnings.join("\n")).toContain("'/absent.yaml' is left out: there is no such file");
  });

  test("may not come back to the main file, nor go further", () => {
    const main = join(FOLDER, "falco.yaml");
    const link = join(FOLDER, "link.yaml");
    symlinkSync(main, link);
    for (const path of [main, link]) {
      expect(() => fromFile(`config_files: [${path}]\n`)).toThrow("cannot include itself");
    }
    const more = put("nested.yaml", "config_files: [x.yaml]\n");
    expect(() => fromFile(`config_files: [${more}]\n`)).toThrow("may not include others");
  });

  test("has a bound", () => {
    const more = put("one.yaml", "priority: error\n");
    const list = Array.from({ length: 257 }, () => more).join(", ");
    expect(() => fromFile(`config_files: [${list}]\n`)).toThrow("more than 256 files");
  });
});

describe("hostile files", () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ["huge", "a: b\n".repeat(210_000), "larger than 1024 KiB"],
    ["many keys", "- a\n".repeat(60_000), "more than 50000 YAML nodes"],
    ["brackets", `a: ${"[".repeat(10_000)}`, "more than 256 levels"],
    ["indentation", nested(900), "more than 256 levels"],
    ["brackets on lines", `a: ${"[b,\n".repeat(9_000)}`, "more than 256 levels"],
    ["aliases", bomb(12), "more than 50000 YAML nodes"],
    ["an alias of itself", "a: &a [*a]\n", "cannot contain itself"],
    ["no anchor", "a: *b\n", "not valid YAML"],
    ["a key that is no text", "? [a]\n: b\n", "a key must be text"],
  ];
  test.each(cases)("%s", (_, text, message) => {
    expect(() => fromFile(text)).toThrow(message);
  });

  test("tells of many mistakes only so much", () => {
    const { warnings } = fromFile(
      Array.from({ length: 999 }, (_, i) => `k${String(i)}: 1\n`).join(""),
    );
    expect(warnings).toHaveLength(51);
    expect(warnings.at(-1)).toBe("and 949 more problems");
  });

  test("cannot write to the terminal", () => {
    const wrong = () => fromFile('priority: "\\e[2Jx"\n');
    expect(wrong).toThrow(/not '·\[2Jx'/);
  });

  test.each([
    [FOLDER, "it is a folder"],
    [join(FOLDER, "absent"), "there is no such file"],
    ["/dev/zero", "larger than 1024 KiB"],
  ])("%s", (file, message) => {
    expect(() => loadConfig({ file })).toThrow(message);
  });

  function nested(levels: number): string {
    return Array.from({ length: levels }, (_, i) => `${" ".repeat(i)}a:\n`).join("");
  }

  function bomb(levels: number): string {
    const line = (i: number): string =>
      `a${String(i)}: &a${String(i)} [${Array.from({ length: 10 }, () => `*a${String(i - 1)}`).join()}]\n`;
    return `a0: &a0 [x]\n${Array.from({ length: levels }, (_, i) => line(i + 1)).join("")}`;
  }
});

test("an engine without a kind is a warning, but not for a key of the command line", () => {
  const overrides = ["engine.modern_ebpf.buf_size_preset=6"];
  const option = loadConfig({ overrides });
  expect(option.warnings).toEqual([]);
  expect(option.config.engine.modern_ebpf.buf_size_preset).toBe(6);
  expect(fromFile("engine: {}\n").warnings.join()).toContain("engine needs a kind");
});

test("the suggested fields are appended unless the configuration says otherwise", () => {
  expect(DEFAULTS.append_output).toEqual([{ suggested_output: true }]);
  expect(fromFile("append_output: []\n").config.append_output).toEqual([]);
});
