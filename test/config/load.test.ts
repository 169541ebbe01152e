import { describe, expect, test } from "vitest";
import { DEFAULTS, parsePriority } from "../../host/config/keys.ts";
import { ConfigError, loadConfig } from "../../host/config/load.ts";

const fromFile = (text: string, overrides: readonly string[] = []) =>
  loadConfig({ path: "falco.yaml", text }, overrides);

describe("configuration", () => {
  test("is the defaults when nothing is said", async () => {
    expect(await loadConfig(undefined, [])).toEqual({ config: DEFAULTS, warnings: [] });
    expect(await fromFile("")).toEqual({ config: DEFAULTS, warnings: [] });
  });

  test("takes keys at any depth and leaves their neighbors alone", async () => {
    const { config } = await fromFile(
      "json_output: true\npriority: WARNING\nengine:\n  modern_ebpf: {buf_size_preset: 5}\n",
    );
    expect(config).toEqual({
      ...DEFAULTS,
      json_output: true,
      priority: "Warning",
      engine: { modern_ebpf: { ...DEFAULTS.engine.modern_ebpf, buf_size_preset: 5 } },
    });
  });

  test("tells once, in one line, what it does not use", async () => {
    const { warnings } = await fromFile(
      "plugins: []\nengine: {kind: modern_ebpf}\nwebserver: {a: 1}\n",
    );
    expect(warnings).toEqual([
      "falco.yaml: not used by this version: plugins, engine.kind, webserver",
    ]);
  });

  test("lets -o win over the file", async () => {
    const { config } = await fromFile("json_output: true\nrules_files: [a]\n", [
      "json_output=false",
      "falco_libs.snaplen=256",
      "rules_files[]=b",
      'append_output={"suggested_output": true}',
    ]);
    expect(config.json_output).toBe(false);
    expect(config.falco_libs.snaplen).toBe(256);
    expect(config.rules_files).toEqual(["a", "b"]);
    expect(config.append_output).toEqual([{ suggested_output: true }]);
  });

  const wrong: readonly (readonly [string, string])[] = [
    ["json_output=maybe", "json_output must be true or false"],
    ["priority=loud", "priority must be one of Emergency"],
    ["engine.modern_ebpf.buf_size_preset=11", "from 1 to 10"],
    ["falco_libs.snaplen=1.5", "whole number"],
    ["nope=1", "there is no key 'nope'"],
    ["snaplen=1", "did you mean 'falco_libs.snaplen'?"],
    ["=1", "write it as key=value"],
    ["json_output", "write it as key=value"],
  ];
  test.each(wrong)("refuses -o %s", async (override, message) => {
    await expect(loadConfig(undefined, [override])).rejects.toThrow(message);
    await expect(loadConfig(undefined, [override])).rejects.toBeInstanceOf(ConfigError);
  });

  test.each(["{", "- a\n- b\n", "json_output: [1]\n"])("refuses the file %j", async (text) => {
    await expect(fromFile(text)).rejects.toBeInstanceOf(ConfigError);
  });
});

test("priorities go by any name that Falco takes", () => {
  expect(["info", "INFORMATIONAL", "Warn", "emerg"].map(parsePriority)).toEqual([
    "Informational",
    "Informational",
    "Warning",
    "Emergency",
  ]);
  expect([parsePriority("x"), parsePriority(""), parsePriority(3)]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});
