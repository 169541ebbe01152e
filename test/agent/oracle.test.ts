/**
 * The whole pipeline against a real Falco: rules are compiled, recordings replayed, and what is
 * printed must be the same bytes.
 */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { NO_ENGINE_REASON } from "../support/engine.ts";
import { cli } from "../support/io.ts";
import { shared } from "../support/shared.ts";

const BUILT = fileURLToPath(new URL("../../dist/engine/process.js", import.meta.url));
const CONFIG = fileURLToPath(new URL("../conformance/falco.yaml", import.meta.url));
const STABLE = shared("falco-rules", "falco_rules.yaml");
const INCUBATING = shared("falco-rules", "falco-incubating_rules.yaml");
const reason = (): string => {
  if (STABLE === undefined || INCUBATING === undefined) return "the oracle's data is not here";
  return existsSync(BUILT) ? NO_ENGINE_REASON : "dist was not built";
};
const REASON = reason();
const ISO = ["-o", "time_format_iso_8601=true"];
const JSON_LINES = [...ISO, "-o", "json_output=true"];
const SUGGESTED = ["-o", 'append_output[]={"suggested_output": true}'];
const RULES = { stable: ["-r", STABLE ?? ""], both: ["-r", STABLE ?? "", "-r", INCUBATING ?? ""] };

const variants: readonly (readonly [string, readonly string[]])[] = [
  ["stable.first.jsonl", [...RULES.stable, ...JSON_LINES]],
  ["stable.all.jsonl", [...RULES.stable, ...JSON_LINES, "-o", "rule_matching=all"]],
  ["stable_incubating.first.jsonl", [...RULES.both, ...JSON_LINES]],
  ["stable_incubating.all.jsonl", [...RULES.both, ...JSON_LINES, "-o", "rule_matching=all"]],
  ["stable.first.suggested.jsonl", [...RULES.stable, ...JSON_LINES, ...SUGGESTED]],
  ["stable.first.txt", [...RULES.stable, ...ISO]],
  ["stable.first.suggested.txt", [...RULES.stable, ...ISO, ...SUGGESTED]],
];

const title = REASON === "" ? "the oracle's alerts" : `the oracle's alerts (skipped: ${REASON})`;

describe.skipIf(REASON !== "")(title, { timeout: 300_000 }, () => {
  for (const capture of ["attacks", "files", "process", "network", "everyday"]) {
    test.each(variants)(`of ${capture}, %s, are the same bytes`, async (variant, args) => {
      const file = shared("oracle", `${capture}.scap.gz`) ?? "";
      const wanted = readFileSync(shared("oracle", `${capture}.alerts.${variant}`) ?? "", "utf8");
      const { code, out, err } = await cli(["replay", file, "-c", CONFIG, ...args]);
      expect(code, err).toBe(0);
      expect(out.split("\n")).toEqual(wanted.split("\n"));
      expect(err).not.toMatch(/^Lost at/m);
    });
  }
});
