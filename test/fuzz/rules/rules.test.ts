/**
 * Made-up rule files: what was written is what is read, however it is written; spelling changes
 * nothing of what the loader says; and damaged text is refused at a place in it, in bounded time.
 * `npm run fuzz -- --rules N` goes on for as long as asked.
 */
import { expect, test } from "vitest";
import { checkFiles } from "../../../host/compile/check.ts";
import { describeRules } from "../../../host/compile/describe.ts";
import { renderFalcoJson } from "../../../host/diagnostics/render-json.ts";
import { renderText } from "../../../host/diagnostics/render-text.ts";
import { readDocuments, type YamlNode } from "../../../host/yaml/nodes.ts";
import { SourceFile } from "../../../host/yaml/source-file.ts";
import { Random } from "../random.ts";
import { anyRules, anyTree, branch, type Tree } from "./tree.ts";
import { Writer } from "./write-yaml.ts";

const asked = process.env["LANNER_FUZZ_RULES"];
const seed = Number(process.env["LANNER_FUZZ_SEED"] ?? 1);
const count = Number(asked ?? 1_500);
const timeout = asked === undefined ? 120_000 : 0;

function treeOf(node: YamlNode): Tree {
  if (node.kind === "scalar") return node.isNull ? null : node.text;
  if (node.kind === "sequence") return node.items.map(treeOf);
  return branch(...node.entries.map(({ key, value }) => [key.text, treeOf(value)] as const));
}

test("what is written is what is read", { timeout }, () => {
  for (let i = 0; i < count; i++) {
    const random = new Random(seed * 1_000_003 + i);
    const tree = [anyTree(random)];
    const text = new Writer(random).document(tree);
    const { documents, failure } = readDocuments(new SourceFile("a.yaml", text));
    expect({ i, text, failure, tree: documents.map(treeOf) }).toEqual({
      i,
      text,
      failure: null,
      tree: [tree],
    });
  }
});

function answer(text: string): unknown {
  const files = [{ name: "a.yaml", text }];
  const checked = checkFiles(files);
  const [result] = renderFalcoJson(checked.diagnostics, files);
  const said = [...(result?.errors ?? []), ...(result?.warnings ?? [])].map((issue) => {
    const last = issue.context.locations.at(-1);
    return [issue.code, last?.item_type, last?.item_name, issue.message].join(" ");
  });
  return { said, rules: checked.rules === null ? null : describeRules(checked).rules };
}

test("the same rules in another spelling get the same answer", { timeout }, () => {
  let taken = 0;
  for (let i = 0; i < count / 3; i++) {
    const random = new Random(seed * 1_000_033 + i);
    const tree = anyRules(random);
    const [first, second] = [new Writer(random).document(tree), new Writer(random).document(tree)];
    const one = answer(first);
    expect({ i, first, second, answer: answer(second) }).toEqual({ i, first, second, answer: one });
    taken += (one as { rules: unknown }).rules === null ? 0 : 1;
  }
  // Both kinds have to be among them.
  expect(taken).toBeGreaterThan(count / 30);
  expect(taken).toBeLessThan(count / 3);
});

const TOKENS = [
  "[",
  "]",
  "{",
  "}",
  ",",
  ": ",
  "- ",
  "? ",
  "#",
  " #",
  "'",
  '"',
  "|",
  ">",
  "&a ",
  "*a",
];
const MORE = [
  "!a ",
  "%",
  "---\n",
  "...\n",
  "\r",
  "\t",
  "\0",
  "\n",
  "\\",
  "é",
  "\u0004",
  "null",
  "@",
];

function damaged(text: string, random: Random): string {
  let result = text;
  for (let i = 1 + random.below(3); i > 0; i--) {
    const at = random.below(result.length + 1);
    const cut = random.chance(0.4) ? random.below(12) : 0;
    const put = random.chance(0.8) ? random.pick([...TOKENS, ...MORE]) : "";
    result = result.slice(0, at) + put + result.slice(at + cut);
  }
  return result;
}

test("damaged text is taken, or refused once at a place in it", { timeout }, () => {
  for (let i = 0; i < count; i++) {
    const random = new Random(seed * 1_000_037 + i);
    const text = damaged(new Writer(random).document(anyRules(random)), random);
    const files = [{ name: "a.yaml", text }];
    const started = performance.now();
    const { diagnostics, rules } = checkFiles(files);
    expect(performance.now() - started).toBeLessThan(5_000);
    const errors = diagnostics.filter(({ severity }) => severity === "error");
    const places = diagnostics.every(({ at }) => at.offset >= 0 && at.offset <= text.length);
    const shape = { i, text, errors: errors.length, places };
    expect(shape).toEqual({ i, text, errors: rules === null ? 1 : 0, places: true });
    renderText(diagnostics, files);
    renderFalcoJson(diagnostics, files);
  }
});
