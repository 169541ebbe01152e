import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { TestFolder } from "../support/folder.ts";
import { cli } from "../support/io.ts";

const folder = new TestFolder("cli");

const GOOD = folder.file(
  "good.yaml",
  "- rule: Shell\n  desc: a shell\n  condition: evt.type = execve and proc.name = sh\n" +
    "  output: shell (user=%user.name)\n  priority: NOTICE\n",
);
const BAD = folder.file(
  "bad.yaml",
  "- rule: Shell\n  desc: a shell\n  condition: evt.type = execve and proc.nmae = sh\n" +
    "  output: shell\n  priority: NOTICE\n",
);

describe("help", () => {
  test("teaches with examples and says what exit codes mean", async () => {
    const { code, out } = await cli(["--help"]);
    expect(code).toBe(0);
    expect(out).toContain("lanner watch -- npm install");
    expect(out).toMatch(/3 {2}cannot capture/);
  });

  test.each(["run", "watch", "record", "replay", "check"])(
    "%s --help has examples",
    async (name) => {
      const { code, out } = await cli([name, "--help"]);
      expect(code).toBe(0);
      expect(out).toContain(`Examples:\n  lanner ${name}`);
    },
  );

  test("the version is that of the package", async () => {
    const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
    expect(await cli(["--version"])).toEqual({ code: 0, out: `${version}\n`, err: "" });
  });
});

describe("check", () => {
  test("passes good rules", async () => {
    const { code, out } = await cli(["check", GOOD]);
    expect(out).toBe("1 rule can be loaded.\n");
    expect(code).toBe(0);
  });

  test("warns of metadata that is known in recordings only, but not in Falco's JSON", async () => {
    const rule = (name: string, condition: string): string =>
      `- {rule: ${name}, desc: d, output: "%container.name", priority: NOTICE, condition: ${condition}}\n`;
    const rules = folder.file(
      "metadata.yaml",
      "- {macro: of_web, condition: not container.image.repository = web}\n" +
        rule("Image", "evt.type = execve and of_web and k8s.ns.name = shop") +
        rule("Id", "evt.type = execve and container.id != host"),
    );
    const { code, out } = await cli(["check", rules]);
    expect(code).toBe(0);
    expect(out).toContain(
      `${rules}:2:1: warning: rule 'Image' asks for container.image.repository, k8s.ns.name, ` +
        "which are known in recordings only, not while capturing live\n",
    );
    expect(out).not.toContain("'Id'");
    expect(out).toContain("2 rules can be loaded, 1 warning.");
    expect((await cli(["check", "--json", rules])).out).not.toContain("recordings");
  });

  test("shows where and what is wrong, and a remedy", async () => {
    const { code, out } = await cli(["check", BAD]);
    expect(code).toBe(1);
    expect(out).toContain(`${BAD}:3:`);
    expect(out).toContain("proc.nmae");
    expect(out).toContain("did you mean 'proc.name'");
  });

  test("speaks Falco's JSON", async () => {
    const { code, out } = await cli(["check", "--json", GOOD, BAD]);
    expect(code).toBe(1);
    const { falco_load_results: results } = JSON.parse(out) as {
      falco_load_results: readonly { readonly name: string; readonly successful: boolean }[];
    };
    expect(results.map((result) => [result.name, result.successful])).toEqual([
      [GOOD, true],
      [BAD, false],
    ]);
  });
});

describe("list", () => {
  test("fields as text and as JSON", async () => {
    const text = await cli(["list", "fields"]);
    expect(text.out).toMatch(/^proc\.aname\[index\] .*CHARBUF/m);
    const { out } = await cli(["list", "fields", "--json"]);
    const fields = JSON.parse(out) as readonly { readonly name: string; readonly help: string }[];
    expect(fields.find((field) => field.name === "fd.name")?.help).not.toBe("");
    expect(fields.length).toBeGreaterThan(200);
  });

  test("events and syscalls", async () => {
    expect((await cli(["list", "events"])).out).toMatch(/^< openat\(fd FD, dirfd FD, name/m);
    expect((await cli(["list", "syscalls"])).out).toMatch(/^getppid$/m);
  });
});

describe("config", () => {
  const OPTIONS = ["-o", "priority=warn", "-o", "webserver.enabled=true", "-o", "jsn_output=1"];

  test("prints what is set, and says what is unknown or has no effect", async () => {
    const { code, out, err } = await cli(["config", ...OPTIONS]);
    expect(code).toBe(0);
    expect(out).toMatch(/^priority +"Warning" +-o$/m);
    expect(out).not.toContain("json_output");
    expect(err).toContain("there is no key 'jsn_output'; did you mean 'json_output'?");
    expect(err).toContain("no effect in this version (lanner list config): webserver.enabled");
    expect((await cli(["config", "--all"])).out).toMatch(/^json_output +false +default$/m);
  });

  test("prints JSON with what was given and what it comes to", async () => {
    const { out } = await cli(["config", "--json", ...OPTIONS]);
    expect(JSON.parse(out)).toMatchObject({
      given: { priority: "warn", webserver: { enabled: "true" } },
      config: { priority: "Warning", webserver: { enabled: true, listen_port: 8_765 } },
      no_effect: ["webserver.enabled"],
    });
  });

  test("says as much as log_level and log_stderr want", async () => {
    const said = async (option: string) => (await cli(["config", ...OPTIONS, "-o", option])).err;
    expect(await said("log_level=error")).toBe("");
    expect(await said("log_stderr=false")).toBe("");
    expect(await said("log_level=warning")).toContain("there is no key");
  });

  test("is listed with every default", async () => {
    expect((await cli(["list", "config", "snaplen"])).out).toMatch(/^falco_libs\.snaplen +80 /m);
    expect((await cli(["list", "config", "--format", "markdown"])).out).toMatch(
      /^\| `metrics\.enabled` \| true or false \| `false` \| not yet \|/m,
    );
  });
});

describe("a mistake of the user", () => {
  const mistakes: readonly (readonly [string, readonly string[], RegExp])[] = [
    ["an unknown command", ["fly"], /unknown command 'fly'/],
    ["a missing argument", ["replay"], /missing required argument 'file'/],
    ["an unknown option", ["run", "--loud"], /unknown option '--loud'/],
    [
      "a list that there is not",
      ["list", "birds"],
      /Allowed choices are fields, operators, events, syscalls/,
    ],
    [
      "a rules file that is not there",
      ["check", "/none.yaml"],
      /\/none\.yaml: there is no such file/,
    ],
    [
      "rules in error",
      ["replay", "-", "-r", BAD],
      /rules are in error[^]*did you mean 'proc\.name'/,
    ],
    [
      "a wrong value of a key",
      ["replay", "-", "-o", "priority=loud"],
      /-o priority=loud: error: priority must be one of Emergency/,
    ],
    [
      "a configuration that is not there",
      ["replay", "-", "-c", "/none"],
      /configuration \/none: there is no such file/,
    ],
    [
      "a rule file by another name",
      ["config", "-r", "/dev/../etc/passwd"],
      /passwd is left out: [^]*no rule files in/,
    ],
    ["no rule files", ["config", "-o", "rules_files[]=/none"], /left out: [^]*no rule files in/],
    ["an engine that captures nothing", ["run", "-o", "engine.kind=nodriver"], /set modern_ebpf/],
    [
      "a recording of the configuration that is not there",
      ["run", "-o", "engine.kind=replay", "-o", "engine.replay.capture_file=/none.scap"],
      /none\.scap/,
    ],
    ["a scope that is none", ["run", "--scope", "moon"], /scope "moon" is none of/],
    [
      "a priority that is none",
      ["watch", "--fail-on", "x", "--", "true"],
      /invalid priority 'x' for --fail-on; expected one of emergency/,
    ],
  ];
  test.each(mistakes)("%s is told in words", async (_, args, message) => {
    const { code, out, err } = await cli(args);
    expect(err).toMatch(message);
    expect(err).not.toMatch(/^\s+at /m);
    expect(out).toBe("");
    expect(code).toBe(2);
  });

  test("a file that is no recording says so", async () => {
    const { code, err } = await cli(["replay", GOOD, "-r", GOOD]);
    expect(code).toBe(2);
    expect(err).toContain(`cannot replay ${GOOD}: not a capture file`);
  });
});

test("doctor tells about every part in one line each", async () => {
  const { out, code } = await cli(["doctor"]);
  expect([0, 3]).toContain(code);
  for (const part of ["engine module", "native addon", "windows"]) expect(out).toContain(part);
  const parsed = JSON.parse((await cli(["doctor", "--json"])).out) as { readonly able: boolean };
  expect(parsed.able).toBe(code === 0);
});

test("a list in which nothing fits says so", async () => {
  const { code, out, err } = await cli(["list", "fields", "proc.nmae\u009b"]);
  expect(out).toBe("");
  expect(err).toMatch(/^lanner: no field has 'proc\.nmae·' in its name; did you mean 'proc\./);
  expect(code).toBe(1);
  expect((await cli(["list", "syscalls", "zzz"])).err).toContain("no system call has 'zzz'");
});
