/** The commands of who writes rules. */
import { describe, expect, test } from "vitest";
import { check } from "../../host/agent/check.ts";
import { TestFolder } from "../support/folder.ts";
import { cli } from "../support/io.ts";

const folder = new TestFolder("author");

const GOOD = folder.file(
  "good.yaml",
  "- list: quiet_names\n  items: [sh]\n" +
    "- rule: Shell\n  desc: a shell\n  output: shell\n  priority: NOTICE\n" +
    "  condition: evt.type = execve and proc.name in (quiet_names)\n",
);

describe("explain", () => {
  test("tells events, predicates and cost", async () => {
    const { code, out } = await cli(["explain", "shell", "-r", GOOD]);
    expect(code).toBe(0);
    expect(out).toContain("(evt.type = execve and proc.name in (sh))");
    expect(out).toContain("System calls captured for it (1)\n  execve");
    expect(out).toMatch(/proc\.name = sh\n {6}lifetime process; comparison/);
    expect(out).toMatch(/Cost: about \d+ ns/);
  });

  test("gives the same as JSON", async () => {
    const { out } = await cli(["explain", "Shell", "-r", GOOD, "--json"]);
    expect(JSON.parse(out)).toMatchObject({ rule: "Shell", eventTypes: ["execve"] });
  });

  test("knows the nearest name of a rule that there is not", async () => {
    const { code, err } = await cli(["explain", "Shel", "-r", GOOD]);
    expect(code).toBe(2);
    expect(err).toContain("did you mean 'Shell'?");
  });
});

describe("describe", () => {
  test("prints all, or one rule", async () => {
    const all = JSON.parse((await cli(["describe", "-r", GOOD])).out) as { lists: unknown[] };
    expect(all.lists).toHaveLength(1);
    const { out } = await cli(["describe", "-r", GOOD, "-l", "Shell"]);
    expect(JSON.parse(out)).toMatchObject({
      rules: [{ info: { name: "Shell" }, details: { lists: ["quiet_names"] } }],
    });
    expect((await cli(["describe", "-r", GOOD, "-l", "Shall"])).err).toContain("'Shell'");
  });
});

describe("list", () => {
  test("takes a filter and three formats", async () => {
    const { out } = await cli(["list", "fields", "fd.cn", "--format", "markdown"]);
    expect(out.split("\n")).toHaveLength(4);
    expect(out).toContain("| `fd.cnet` | IPNET | descriptor |");
    const events = await cli(["list", "events", "unlinkat", "--format", "json"]);
    expect(JSON.parse(events.out)).toMatchObject([{ name: "unlinkat", direction: "<" }]);
    expect((await cli(["list", "syscalls", "no-such-call"])).code).toBe(1);
  });
});

describe("check", () => {
  test("hints at lists that a value nearly names, and at what an item was to change", async () => {
    const slip = folder.file(
      "slip.yaml",
      "- list: quiet_names\n  items: [sh]\n" +
        "- macro: quiet\n  condition: proc.name in (quiet_name)\n" +
        "- rule: Shell\n  desc: a shell\n  output: shell\n  priority: NOTICE\n" +
        "  condition: evt.type = execve and quiet\n" +
        "- rule: Shel\n  enabled: false\n  override: {enabled: replace}\n",
    );
    const { code, out } = await cli(["check", slip]);
    expect(code).toBe(1);
    expect(out).toContain("hint: rule 'Shel': did you mean 'Shell'?");
    expect(out).toContain("hint: 'quiet_name' in 'quiet' is a value, no list");
    expect(out).toMatch(/The rules cannot be loaded: 1 error/);
  });

  test("says where something stands that is defined later", async () => {
    const late = folder.file(
      "late.yaml",
      "- list: other\n  items: [sh]\n- macro: calm\n  condition: proc.name in (other)\n" +
        "- rule: cat exec\n  desc: d\n  output: o\n  priority: NOTICE\n" +
        "  condition: evt.type = execve and calm\n",
    );
    const items = {
      rule: ["cat exec", 5, "  enabled: false\n  override: {enabled: replace}\n"],
      macro: ["calm", 3, "  condition: or proc.name = x\n  append: true\n"],
      list: ["other", 1, "  items: [x]\n  append: true\n"],
    } as const;
    for (const [kind, [name, line, rest]] of Object.entries(items)) {
      const early = folder.file("early.yaml", `- ${kind}: ${name}\n${rest}`);
      const { code, out } = await cli(["check", early, late]);
      expect(code).toBe(1);
      expect(out).toContain(
        `hint: ${kind} '${name}' is defined later, in ${late}:${String(line)}; ` +
          "files are read in the order given, those of a folder by name\n",
      );
      expect(out).not.toContain("did you mean");
      expect((await cli(["check", late, early])).code).toBe(0);
    }
  });

  test("hints at a list that stands where a macro should", async () => {
    const bare = folder.file(
      "bare.yaml",
      "- list: quiet_names\n  items: [sh]\n" +
        "- rule: Shell\n  desc: a shell\n  output: shell\n  priority: NOTICE\n" +
        "  condition: evt.type = execve and quiet_names\n",
    );
    const { code, out } = await cli(["check", bare]);
    expect(code).toBe(1);
    expect(out).toContain(
      "'quiet_names' in 'Shell' is a list, no macro; write: FIELD in (quiet_names)",
    );
  });

  test("colors the severity on a terminal only", () => {
    const bad = folder.file("bad.yaml", "- rule: Shell\n");
    const told = (environment: Record<string, string>): string => {
      let text = "";
      const out = { isTTY: true, write: (part: string) => (text += part) };
      const code = check(
        { rules: [bad], json: false },
        { out, err: out, environment, onStop: () => () => undefined },
      );
      expect(code).toBe(1);
      return text;
    };
    expect(told({})).toContain("\u001b[31merror\u001b[0m:");
    expect(told({ NO_COLOR: "1" })).not.toContain("\u001b");
  });
});
