/**
 * Text of rules in generated source: there is none. The code of a rule whose texts are hostile
 * has the same tokens as that of a rule with harmless texts, but for numbers and functions' names.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { makePlan } from "../../host/compile/5-plan/plan.ts";
import { emit } from "../../host/compile/6-emit/emit.ts";
import { checkFiles } from "../../host/compile/check.ts";

interface Texts {
  readonly name: string;
  readonly desc: string;
  readonly tag: string;
  readonly output: string;
  readonly constant: string;
  readonly macro: string;
}

const HARMLESS: Texts = {
  name: "one",
  desc: "d",
  tag: "t",
  output: "x",
  constant: "value",
  macro: "m",
};

/** Quotes of conditions know no escape, so a constant is taken as it is or not at all. */
function sourceFor(texts: Texts): string {
  const quote = texts.constant.includes('"') ? "'" : '"';
  const constant = `${quote}${texts.constant}${quote}`;
  const items = [
    { list: "texts", items: [constant, "other"] },
    { macro: texts.macro, condition: `fd.name contains ${constant}` },
    {
      rule: texts.name,
      desc: texts.desc,
      condition:
        `evt.type = open and (proc.name = ${constant} or fd.name startswith ${constant} or ` +
        `fd.name pmatch (texts) or proc.exepath in (texts) or proc.cmdline contains ${constant})`,
      output: texts.output,
      priority: "INFO",
      tags: [texts.tag],
    },
  ];
  const { rules, diagnostics } = checkFiles([{ name: "h.yaml", text: JSON.stringify(items) }]);
  fc.pre(diagnostics.every(({ severity }) => severity === "warning"));
  return emit(makePlan(rules ?? [])).source;
}

const TOKEN = /\/\/[^\n]*|\/\*[^]*?\*\/|"[^"\n]*"|0x[0-9a-f]+|\d+|[A-Za-z_]\w*|\s+|[^]/gi;

/** What is no blank, in order; numbers and the names of rules' functions alike. */
function tokens(source: string): string[] {
  return Array.from(source.matchAll(TOKEN), ([token]) => token)
    .filter((token) => token.trim() !== "")
    .map((token) => token.replace(/^(?:0x[0-9a-f]+|\d+)$/i, "0").replace(/^rule\d+_\w*$/, "rule"));
}

const SPICE = [
  "*/ export function evil(): void {} /*",
  "evil()",
  ";",
  "*/",
  "/*",
  "//",
  "\n",
  "\u2028",
  "\r",
  "`",
  "${",
  "}",
  '"',
  "'",
  "\\",
  "\u0001",
  "é",
  "\u0660",
  "𝔘",
  "rule0_1_",
  "unchecked(",
  "load<u8>(0)",
  "@inline",
];

const hostile = fc.oneof(
  fc.array(fc.constantFrom(...SPICE), { minLength: 1, maxLength: 40 }).map((all) => all.join("")),
  fc.string({ unit: "binary", minLength: 1, maxLength: 60 }),
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 60 }),
);

test("texts of rules change no token of the generated source", { timeout: 60_000 }, () => {
  const harmless = tokens(sourceFor(HARMLESS));
  const texts = fc.record({
    name: hostile,
    desc: hostile,
    tag: hostile,
    output: hostile,
    macro: hostile,
    constant: fc.oneof(fc.constant(HARMLESS.constant), hostile),
  });
  fc.assert(
    fc.property(texts, (one) => {
      const source = sourceFor(one);
      expect(tokens(source)).toEqual(harmless);
      expect(source).toMatch(/^[\n\t -~]*$/);
    }),
    { numRuns: 300, maxSkipsPerRun: 20 },
  );
});
