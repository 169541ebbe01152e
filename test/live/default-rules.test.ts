/** Every rule of the default pack is raised by its trigger and silent on its near miss. */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { containerCommand, noPodmanReason } from "../support/podman.ts";
import { lanner, liveTitle, NO_LANNER_REASON, skipLive } from "./lanner.ts";

interface LiveCase {
  readonly rule: string;
  readonly trigger: string;
  readonly near: string;
  readonly where?: "container";
  readonly needs?: "overlay";
  readonly options?: readonly string[];
  readonly nearOptions?: readonly string[];
  readonly tools?: readonly string[];
}

/** Build work that must stay quiet, and an attack that resembles it. */
interface BuildCase {
  readonly name: string;
  readonly rule: string;
  readonly quiet: string;
  readonly attack: string;
  readonly where?: "container";
  readonly options?: readonly string[];
  readonly attackOptions?: readonly string[];
  readonly tools?: readonly string[];
}

type Place = Pick<LiveCase, "where" | "needs" | "tools">;

/** What a container needs in order to use the host's programs. */
const HOST_PROGRAMS = ["/usr", "/lib", "/lib64", "/etc/apt", "/etc/dpkg", "/var/lib/dpkg"].flatMap(
  (folder) => (existsSync(folder) ? ["--volume", `${folder}:${folder}:ro`] : []),
);

const PACK = fileURLToPath(new URL("../../rules/default/", import.meta.url));
const CASES = parse(readFileSync(join(PACK, "tests/live.yaml"), "utf8")) as readonly LiveCase[];
const BUILDS = parse(readFileSync(join(PACK, "tests/builds.yaml"), "utf8")) as readonly BuildCase[];
const RULES = parse(readFileSync(join(PACK, "rules.yaml"), "utf8")) as readonly {
  readonly rule?: string;
  readonly tags?: readonly string[];
}[];

test("every rule has a live case and names a tactic and a technique of MITRE ATT&CK", () => {
  const rules = RULES.filter((item) => item.rule !== undefined);
  expect(CASES.map((item) => item.rule)).toEqual(rules.map((item) => item.rule));
  for (const { rule, tags = [] } of rules) {
    expect(
      tags.some((tag) => tag.startsWith("mitre_")),
      rule,
    ).toBe(true);
    expect(
      tags.some((tag) => /^T\d{4}(\.\d{3})?$/.test(tag)),
      rule,
    ).toBe(true);
  }
});

/** Empty when the case can run here, otherwise the reason in words. */
function missing(item: Place): string {
  if (NO_LANNER_REASON !== "") return NO_LANNER_REASON;
  for (const tool of item.tools ?? []) {
    if (spawnSync("sh", ["-c", `command -v ${tool}`]).status !== 0) {
      return `${tool} is not installed`;
    }
  }
  if (item.where !== "container") return "";
  if (noPodmanReason() !== "") return noPodmanReason();
  return item.needs === "overlay" && !overlay() ? "podman does not store images in overlays" : "";
}

function overlay(): boolean {
  const format = ["info", "--format", "{{.Store.GraphDriverName}}"];
  return execFileSync("podman", format, { encoding: "utf8" }).trim() === "overlay";
}

/** Names of the rules that the script raised. */
async function raised(item: Place, script: string, run: readonly string[]): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), "lanner-rule-"));
  const command =
    item.where === "container"
      ? containerCommand(script, { cidFile: join(folder, "id"), run })
      : ["env", `T=${folder}`, "sh", "-c", script];
  try {
    const options = ["-r", join(PACK, "rules.yaml"), "-o", "json_output=true"];
    const all = ["-o", "rule_matching=all"];
    const { alerts, err } = await lanner(["watch", ...options, ...all, "--", ...command]);
    expect(err).not.toMatch(/Unhandled|EngineFault/);
    return alerts.map((alert) => alert.rule);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

for (const item of CASES) {
  const reason = missing(item);
  describe.skipIf(skipLive(reason))(liveTitle(item.rule, reason), { timeout: 60_000 }, () => {
    test("is raised by its trigger", async () => {
      expect(await raised(item, item.trigger, item.options ?? [])).toContain(item.rule);
    });
    test("is silent on its near miss", async () => {
      const options = item.nearOptions ?? item.options ?? [];
      expect(await raised(item, item.near, options)).not.toContain(item.rule);
    });
  });
}

for (const item of BUILDS) {
  const reason = missing(item);
  const options = (own: readonly string[] = []): readonly string[] => [...HOST_PROGRAMS, ...own];
  describe.skipIf(skipLive(reason))(liveTitle(item.name, reason), { timeout: 60_000 }, () => {
    test("raises nothing", async () => {
      expect(await raised(item, item.quiet, options(item.options))).toEqual([]);
    });
    test("does not hide an attack that resembles it", async () => {
      expect(await raised(item, item.attack, options(item.attackOptions))).toContain(item.rule);
    });
  });
}
