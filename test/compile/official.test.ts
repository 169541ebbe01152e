/** Falco's own rules: conditions by hash, and the pack that they become. */
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { printExpression } from "../../host/compile/2-parse/print.ts";
import { makePlan } from "../../host/compile/5-plan/plan.ts";
import { emit } from "../../host/compile/6-emit/emit.ts";
import { checkFiles, type RulesFile } from "../../host/compile/check.ts";
import { compileRules } from "../../host/compile/compile.ts";
import { validatePack } from "../../host/validate/validate.ts";
import { shared } from "../support/shared.ts";

const STABLE = "falco_rules.yaml";
const INCUBATING = "falco-incubating_rules.yaml";
const HAVE = shared("falco-rules", STABLE) !== undefined;

function read(...names: readonly string[]): RulesFile[] {
  return names.map((name) => ({
    name,
    text: readFileSync(shared("falco-rules", name) ?? "", "utf8"),
  }));
}

interface Listed {
  readonly rules: readonly {
    readonly name: string;
    readonly condition_sha256: string;
    readonly output_fields: readonly string[];
  }[];
}

describe.skipIf(!HAVE)("the official rules (skipped: they are not here)", () => {
  const cache = mkdtempSync(join(tmpdir(), "lanner-cache-"));
  afterAll(() => {
    rmSync(cache, { recursive: true });
  });

  test.each([
    ["official-rules.json", [STABLE]],
    ["official-rules-with-incubating.json", [STABLE, INCUBATING]],
  ])("conditions and fields of outputs are those of %s", (listing, names) => {
    const path = shared("oracle", "listings", listing) ?? "";
    const { rules: listed } = JSON.parse(readFileSync(path, "utf8")) as Listed;
    const { resolved, rules } = checkFiles(read(...names));
    expect(rules?.length).toBe(listed.length);
    for (const expected of listed) {
      const found = resolved?.rules.find(({ definition }) => definition.name === expected.name);
      const text = found === undefined ? "" : printExpression(found.condition.expression);
      const hash = createHash("sha256").update(text).digest("hex");
      expect([expected.name, hash]).toEqual([expected.name, expected.condition_sha256]);
      const output = rules?.find(({ definition }) => definition.name === expected.name)?.output;
      expect([...new Set(output?.fields)].sort()).toEqual([...expected.output_fields].sort());
    }
  });

  test("no text of a rule reaches generated source", () => {
    const { rules } = checkFiles(read(STABLE, INCUBATING));
    const { source } = emit(makePlan(rules ?? []));
    for (const [literal] of source.matchAll(/"[^"]*"|'[^']*'|`[^`]*`/g)) {
      expect(literal).toMatch(/^"\.\/(?:fields|ops|pack|state)\/[a-z0-9-]+"$/);
    }
    // Names of functions carry names of rules, nothing else.
    const rest = source.replace(/\brule\d+_\d+_\w+/g, "");
    for (const text of ["/etc/shadow", "authorized_keys", "docker.sock", ".aws/credentials"]) {
      expect(rest).not.toContain(text);
    }
  });

  test("they become one module, which the cache gives back", { timeout: 120_000 }, async () => {
    const files = read(STABLE);
    const options = { cacheDirectory: cache };
    const first = await compileRules(files, options);
    expect(first.diagnostics.filter((d) => d.severity === "error")).toEqual([]);
    const wasm = first.pack?.wasm ?? new Uint8Array();
    expect(validatePack(wasm).problem).toBeNull();
    expect(first.pack?.manifest.rules).toHaveLength(25);
    const again = await compileRules(files, options);
    expect(again.pack?.fromCache).toBe(true);
    expect(again.pack?.wasm).toEqual(wasm);
    expect(again.diagnostics).toEqual(first.diagnostics);
    expect(statSync(cache).mode & 0o777).toBe(0o700);
    const [name = ""] = readdirSync(cache);
    const bytes = readFileSync(join(cache, name));
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    writeFileSync(join(cache, name), bytes);
    const repaired = await compileRules(files, options);
    expect(repaired.pack?.fromCache).toBe(false);
  });
});
