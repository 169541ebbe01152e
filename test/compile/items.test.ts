/** Items as Falco's loader takes them, in its order: which of several problems is told. */
import { describe, expect, test } from "vitest";
import { checkFiles } from "../../host/compile/check.ts";
import { falcoCode } from "../../host/diagnostics/falco-code.ts";
import { renderFalcoJson } from "../../host/diagnostics/render-json.ts";
import { renderText } from "../../host/diagnostics/render-text.ts";

const RULE = `- rule: R
  desc: d
  condition: evt.type = kill
  output: x
  priority: INFO
`;

/** `code at item: name` of everything that is found in the last file. */
function found(...texts: readonly string[]): string[] {
  const files = texts.map((text, i) => ({ name: `${String(i)}.yaml`, text }));
  const results = renderFalcoJson(checkFiles(files).diagnostics, files);
  const { errors = [], warnings = [] } = results.at(-1) ?? {};
  return [...errors, ...warnings].map(({ code, context }) => {
    const last = context.locations.at(-1);
    return `${code} at ${last?.item_type ?? ""}: ${last?.item_name ?? ""}`.trim();
  });
}

const override = (rest: string): string => `${RULE}- rule: R\n${rest}`;
const exceptions = (rest: string): string => `${RULE}  exceptions:\n    - name: e\n${rest}`;

describe("override", () => {
  test.each([
    ["as a single value says nothing", `${RULE}  override: append\n`, []],
    ["as an empty list says nothing", `${RULE}  override: []\n`, []],
    [
      "as a list stops the file",
      `${RULE}  override: [output]\n`,
      ["LOAD_ERR_VALIDATE at rules content:"],
    ],
    [
      "with null is an operation named null",
      override("  output: y\n  override: {output: }\n"),
      ["LOAD_ERR_YAML_VALIDATE at value for: output"],
    ],
    [
      "with a list as operation stops the file",
      override("  output: y\n  override: {output: [append]}\n"),
      ["LOAD_ERR_VALIDATE at rules content:"],
    ],
    [
      "that replaces a list defines it, too",
      "- list: l\n  items: [a]\n  override: {items: replace}\n",
      ["LOAD_UNUSED_LIST at list: l"],
    ],
    [
      "that replaces needs a rule before",
      "- rule: R\n  output: y\n  override: {output: replace}\n",
      ["LOAD_ERR_VALIDATE at rule: R"],
    ],
    [
      "tells the first key that it does not name",
      override("  output: y\n  desc: z\n  tags: [a]\n  override: {tags: append}\n"),
      ["LOAD_ERR_YAML_VALIDATE at overrides: desc"],
    ],
    [
      "is applied before what it leaves out is looked at",
      "- rule: R\n  output: y\n  desc: z\n  override: {output: append}\n",
      ["LOAD_ERR_VALIDATE at rule: R"],
    ],
    [
      "of an output keeps its blanks",
      override("  output: ' y '\n  override: {output: replace}\n"),
      [],
    ],
  ])("%s", (_, text, wanted) => {
    expect(found(text)).toEqual(wanted);
  });

  test("appended output keeps its blanks", () => {
    const text = override("  output: ' y '\n  override: {output: append}\n");
    const { rules } = checkFiles([{ name: "a.yaml", text }]);
    expect(rules?.[0]?.definition.output.text).toBe("x  y ");
  });
});

describe("exceptions", () => {
  test.each([
    [
      "without fields",
      exceptions("      values: [[a]]\n"),
      ["LOAD_ERR_YAML_VALIDATE at exception: e"],
    ],
    [
      "with null fields",
      exceptions("      fields:\n      values: [[a]]\n"),
      ["LOAD_ERR_VALIDATE at exception: e"],
    ],
    [
      "with an unknown field",
      exceptions("      fields: [proc.nam]\n"),
      ["LOAD_ERR_VALIDATE at exception: e"],
    ],
    [
      "with one comparison for several fields",
      exceptions("      fields: [proc.name, proc.pname]\n      comps: =\n"),
      ["LOAD_ERR_VALIDATE at exception: e"],
    ],
    [
      "with null values",
      exceptions("      fields: proc.name\n      values:\n"),
      ["LOAD_ERR_YAML_VALIDATE at exception values:"],
    ],
    [
      "with an empty value",
      exceptions("      fields: proc.name\n      values: ['']\n"),
      ["LOAD_ERR_YAML_VALIDATE at value for:"],
    ],
    [
      "with a map for a tuple",
      exceptions("      fields: [proc.name]\n      values: [{a: b}]\n"),
      ["LOAD_ERR_VALIDATE at exception: e"],
    ],
    [
      "with null in a tuple",
      exceptions("      fields: [proc.name]\n      values: [[null]]\n"),
      ["LOAD_ERR_COMPILE_CONDITION at condition expression:"],
    ],
    [
      "with comparisons that have blanks around them",
      exceptions("      fields: [proc.name]\n      comps: [' startswith ']\n      values: [[a]]\n"),
      [],
    ],
    [
      "whose replacement is not looked at",
      `${exceptions("      fields: proc.name\n")}- rule: R\n  exceptions: [{name: e, fields: proc.nam}]\n  override: {exceptions: replace}\n`,
      [],
    ],
    [
      "of an unknown source, whose fields cannot be known",
      `${exceptions("      fields: other.field\n")}  source: other\n`,
      ["LOAD_UNKNOWN_SOURCE at rule: R"],
    ],
  ])("%s", (_, text, wanted) => {
    expect(found(text)).toEqual(wanted);
  });
});

describe("order", () => {
  test("broken YAML is told alone", () => {
    expect(found(`- rule: R\n---\n- a: b: c\n`)).toEqual(["LOAD_ERR_YAML_PARSE at value for:"]);
  });

  test("what an earlier item does comes before the shape of a later one", () => {
    const text = "- list: l\n  items: [a]\n  append: true\n- list: m\n";
    expect(found(text)).toEqual([
      "LOAD_ERR_VALIDATE at list: l",
      "LOAD_DEPRECATED_ITEM at list: l",
    ]);
  });

  test("the output of a rule comes before its condition", () => {
    expect(found(RULE.replace("= kill", "= (").replace("output: x", "output: '%a'"))).toEqual([
      "LOAD_ERR_COMPILE_OUTPUT at rule output:",
    ]);
  });

  test("all macros are parsed before one is filled in", () => {
    const text = "- macro: a\n  condition: undefined\n- macro: b\n  condition: proc.name\n";
    expect(found(text)).toEqual(["LOAD_ERR_COMPILE_CONDITION at condition expression:"]);
  });

  test("an error is told for every later file, and once in text", () => {
    const bad = RULE.replace("evt.type = kill", "evt.type = kill and nothing");
    expect(found(bad, "- list: l\n  items: []\n")).toEqual([
      "LOAD_ERR_VALIDATE at condition expression:",
    ]);
    const files = [
      { name: "a.yaml", text: bad },
      { name: "b.yaml", text: "[]" },
    ];
    const { diagnostics } = checkFiles(files);
    expect(diagnostics.length).toBe(2);
    expect(renderText(diagnostics, files).match(/error:/g)?.length).toBe(1);
  });
});

test.each([
  ["1.2", false],
  ["0.12.0 and more", true],
  ["0x10", true],
  ["010", true],
  ["08", false],
  ["-1", false],
  ["0.64.0", false],
  ["1.0.0", false],
])("engine version %s", (version, isFine) => {
  expect(found(`- required_engine_version: ${version}\n`).length === 0).toBe(isFine);
});

test.each([
  ["output: '%nothing'", ["LOAD_UNKNOWN_FILTER at rule output:"]],
  ["output: 'x%'", ["LOAD_ERR_COMPILE_OUTPUT at rule output:"]],
])("a rule is skipped for unknown tokens alone: %s", (output, wanted) => {
  const text = `${RULE.replace("output: x", output)}  skip-if-unknown-filter: true\n`;
  expect(found(text)).toEqual(wanted);
});

test("unknown keys are shown where they stand, also inside of exceptions", () => {
  const text = `${RULE}  severity: high
  exceptions:
    - name: e
      fields: [proc.name]
      value: [[a]]
`;
  const files = [{ name: "a.yaml", text }];
  const { diagnostics } = checkFiles(files);
  const shown = diagnostics.map(({ at, problem }) => [problem.code, at.line + 1, at.column + 1]);
  expect(shown).toEqual([
    ["unknown-nested-key", 10, 7],
    ["unknown-key", 6, 3],
  ]);
  expect(renderText(diagnostics, files)).toContain("unknown key 'value'; did you mean 'values'?");
  // Falco's schema knows such a key, its loader does not look at it.
  expect(found(text)).toEqual(["LOAD_UNKNOWN_KEY at rule: R"]);
  expect(diagnostics.map(({ problem }) => falcoCode(problem))).toContain("LOAD_UNKNOWN_KEY");
});
