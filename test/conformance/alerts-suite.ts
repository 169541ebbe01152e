/** Replays: what is printed has to be the same bytes. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cli } from "../support/io.ts";
import { differencesOf, lineDifferences } from "./compare.ts";
import { captureNames, caseNames, findCapture, readJson, readLines } from "./files.ts";
import { type Outcome, outcomeOf, type Suite, type SuiteOptions } from "./outcome.ts";

/** The reference ran without a configuration, so nothing was appended to outputs. */
const CONFIG = "append_output: []\n";

interface Replay {
  readonly id: string;
  readonly capture: string | undefined;
  readonly rules: readonly string[];
  readonly options: readonly string[];
  readonly expected: string;
  readonly exitCode: number;
}

interface Summary {
  readonly exit_code: number;
  readonly by_rule: Readonly<Record<string, number>>;
}

async function* run(options: SuiteOptions): AsyncGenerator<Outcome> {
  const replays = [...casesOf(options.folder), ...recordingsOf(options.folder)];
  mkdirSync(options.cache, { recursive: true });
  const config = join(options.cache, "reference.yaml");
  writeFileSync(config, CONFIG);
  for (const replay of replays) {
    if (!replay.id.includes(options.only)) continue;
    yield outcomeOf(replay.id, await compare(replay, config, options.cache));
  }
}

export const alerts: Suite = { name: "alerts", run };

async function compare(replay: Replay, config: string, cache: string): Promise<string[]> {
  if (replay.capture === undefined) return ["the recording is not here"];
  const args = [
    ...replay.rules.flatMap((path) => ["-r", path]),
    ...replay.options.flatMap((option) => ["-o", option]),
  ];
  const { code, out, err } = await cli(["replay", replay.capture, "-c", config, ...args], {
    LANNER_CACHE: cache,
    TZ: "UTC",
  });
  const verdict = differencesOf({ failed: replay.exitCode !== 0 }, { failed: code !== 0 });
  const said =
    verdict.length > 0 && code !== 0 ? [err.trim().split("\n").slice(0, 3).join(" ")] : [];
  return [...verdict, ...said, ...lineDifferences(replay.expected, out)];
}

function casesOf(folder: string): readonly Replay[] {
  const base = join(folder, "loader/alerts");
  return caseNames(base).map((name) => {
    const at = (file: string): string => join(base, name, file);
    const expected = ["expected.txt", "expected.jsonl"].map(at).find((path) => existsSync(path));
    const rules = readdirSync(join(base, name)).filter((file) => file.endsWith(".yaml"));
    return {
      id: name,
      capture: findCapture(folder, readLines(at("capture.txt"))[0] ?? ""),
      rules: rules.sort().map(at),
      options: readLines(at("options.txt")),
      expected: expected === undefined ? "" : readFileSync(expected, "utf8"),
      exitCode: (readJson(at("summary.json")) as Summary).exit_code,
    };
  });
}

const RULE_FILES: Readonly<Record<string, readonly string[]>> = {
  stable: ["falco_rules.yaml"],
  stable_incubating: ["falco_rules.yaml", "falco-incubating_rules.yaml"],
};

/** `<name>.alerts.<rulesets>.<first|all>[.suggested].<jsonl|txt>` */
function recordingsOf(folder: string): readonly Replay[] {
  return captureNames(folder, "scap.gz").flatMap((name) => {
    const prefix = `${name}.alerts.`;
    const files = readdirSync(folder).filter((file) => file.startsWith(prefix));
    return files.sort().flatMap((file) => {
      const [rulesets = "", ...flags] = file.slice(prefix.length).split(".");
      const rules = RULE_FILES[rulesets]?.map((rule) => join(folder, "../falco-rules", rule));
      if (rules === undefined) return [];
      return {
        id: `${name}/${file.slice(prefix.length)}`,
        capture: join(folder, `${name}.scap.gz`),
        rules,
        options: optionsOf(flags),
        expected: readFileSync(join(folder, file), "utf8"),
        exitCode: 0,
      };
    });
  });
}

function optionsOf(flags: readonly string[]): readonly string[] {
  return [
    "time_format_iso_8601=true",
    ...(flags.includes("jsonl") ? ["json_output=true"] : []),
    ...(flags.includes("all") ? ["rule_matching=all"] : []),
    ...(flags.includes("suggested") ? ['append_output[]={"suggested_output": true}'] : []),
  ];
}
