/** Rules described as a real Falco describes them. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { checkFiles } from "../../host/compile/check.ts";
import { type Description, describeRules } from "../../host/compile/describe.ts";
import { shared } from "../support/shared.ts";

/** An exception without values is dropped at once here; Falco keeps its name. */
const DIFFERENT = new Set(["replaced_exceptions_without_values_remove_the_earlier_ones"]);

const BASE = shared("oracle", "loader", "cases");
const CASES = BASE === undefined ? [] : readdirSync(BASE).filter(isDescribed);

/** Cases with options are about the configuration. */
function isDescribed(name: string): boolean {
  if (DIFFERENT.has(name)) return false;
  const at = (file: string): string => `${BASE ?? ""}/${name}/${file}`;
  if (existsSync(at("options.txt")) || existsSync(at("files.txt"))) return false;
  const expected = JSON.parse(readFileSync(at("expected.json"), "utf8")) as { describe?: unknown };
  return expected.describe !== undefined && expected.describe !== null;
}

function readNames(): readonly string[] {
  const path = shared("oracle", "listings", "all-event-names.json") ?? "";
  return JSON.parse(readFileSync(path, "utf8")) as string[];
}

/** Long lists of events are recorded as what is not in them. */
function shortened(description: Description | null, all: readonly string[]): unknown {
  return JSON.parse(JSON.stringify(description), (key, value: unknown) => {
    if (key !== "events" || !Array.isArray(value) || value.length <= 120) return value;
    return { all_but: all.filter((name) => !value.includes(name)) };
  });
}

describe.skipIf(BASE === undefined)("descriptions (skipped: the shared data is not here)", () => {
  const all = BASE === undefined ? [] : readNames();

  test.each(CASES)("%s", (name) => {
    const folder = `${BASE ?? ""}/${name}`;
    const files = readdirSync(folder)
      .filter((file) => file.endsWith(".yaml"))
      .sort()
      .map((file) => ({ name: file, text: readFileSync(`${folder}/${file}`, "utf8") }));
    const expected = JSON.parse(readFileSync(`${folder}/expected.json`, "utf8")) as {
      readonly describe: unknown;
    };
    expect(shortened(describeRules(checkFiles(files)), all)).toEqual(expected.describe);
  });
});

interface Listed {
  readonly files: readonly { readonly name: string }[];
  readonly required_engine_version: string;
  readonly required_plugin_versions: unknown;
  readonly rules: readonly (Record<string, unknown> & { readonly output_sha256: string })[];
  readonly macros: readonly unknown[];
  readonly lists: readonly Record<string, unknown>[];
}

function flatRules(description: Description | null): unknown {
  const { rules } = shortened(description, readNames()) as Description;
  return rules.map(({ info, details }) => ({
    ...{ ...info, ...details },
    output_fields: [...new Set(details.output_fields)],
  }));
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const HAVE_RULES = shared("falco-rules", "falco_rules.yaml") !== undefined;

describe.skipIf(!HAVE_RULES)("the official rules (skipped: they are not here)", () => {
  test.each(["official-rules.json", "official-rules-with-incubating.json"])(
    "are described as in %s",
    (listing) => {
      const path = shared("oracle", "listings", listing) ?? "";
      const expected = JSON.parse(readFileSync(path, "utf8")) as Listed;
      const files = expected.files.map(({ name }) => ({
        name,
        text: readFileSync(shared("falco-rules", name) ?? "", "utf8"),
      }));
      const found = describeRules(checkFiles(files));
      expect(found?.required_engine_version).toBe(expected.required_engine_version);
      expect(found?.required_plugin_versions).toEqual(expected.required_plugin_versions);
      expect(flatRules(found)).toMatchObject(
        expected.rules.map(
          ({ name, priority, enabled, source, tags, events, macros, lists, ...rest }) => ({
            ...{ name, priority, enabled, source, tags, events, macros, lists },
            condition_fields: rest["condition_fields"],
            output_fields: rest["output_fields"],
            condition_operators: rest["condition_operators"],
          }),
        ),
      );
      expect(found?.rules.map(({ info }) => sha256(info.output))).toEqual(
        expected.rules.map((rule) => rule.output_sha256),
      );
      expect(
        found?.lists.map(({ info, details }) => [
          info.name,
          details.used,
          details.items_compiled.length,
        ]),
      ).toEqual(expected.lists.map((list) => [list["name"], list["used"], list["items_compiled"]]));
      expect(
        (shortened(found, readNames()) as Description).macros.map(({ info, details }) => ({
          name: info.name,
          used: details.used,
          condition_sha256: sha256(details.condition_compiled),
          events: details.events,
        })),
      ).toEqual(expected.macros);
    },
  );
});
