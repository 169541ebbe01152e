/** YAML by the rules of yaml-cpp: what is taken, what it comes to, and what is refused where. */
import { describe, expect, test } from "vitest";
import type { YamlNode } from "../../host/yaml/nodes.ts";
import { readDocument, readDocuments } from "../../host/yaml/read-documents.ts";
import { SourceFile } from "../../host/yaml/source-file.ts";

/** Null for null, text for text. */
function plain(node: YamlNode): unknown {
  if (node.kind === "scalar") return node.isNull ? null : node.text;
  if (node.kind === "sequence") return node.items.map(plain);
  return node.entries.map(({ key, value, hasCollectionKey }) => [
    hasCollectionKey === true ? "collection" : plain(key),
    plain(value),
  ]);
}

function read(text: string): unknown[] {
  const { documents, failure } = readDocuments(new SourceFile("a.yaml", text));
  expect(failure).toBeNull();
  return documents.map(plain);
}

/** Line and column of the failure, from 1. */
function refused(text: string): string {
  const file = new SourceFile("a.yaml", text);
  const { failure } = readDocuments(file);
  if (failure === null) return "taken";
  const { line, column } = file.position(failure.offset);
  const { problem } = failure;
  return `${String(line + 1)}:${String(column + 1)} ${problem.code === "yaml-syntax" ? problem.reason : problem.code}`;
}

describe("structure", () => {
  test.each([
    [
      "a list at the indentation of its key",
      "a:\n- b\n- c\nd: e",
      [
        ["a", ["b", "c"]],
        ["d", "e"],
      ],
    ],
    [
      "a closing bracket at the margin",
      "a: [\n  b,\n  c\n]\nd: e",
      [
        ["a", ["b", "c"]],
        ["d", "e"],
      ],
    ],
    [
      "a comment right behind a bracket",
      "a: [b]# c\nd: e",
      [
        ["a", ["b"]],
        ["d", "e"],
      ],
    ],
    [
      "a comment right behind a quote",
      "a: 'b'# c\nd: e",
      [
        ["a", "b"],
        ["d", "e"],
      ],
    ],
    ["no comment without a blank in plain text", "a: b#c", [["a", "b#c"]]],
    ["entries without anything", "-\n- a\n-", [null, "a", null]],
    [
      "a key without a value, and one without a colon at the end",
      "a:\nb",
      [
        ["a", null],
        ["b", null],
      ],
    ],
    [
      "keys in braces without values",
      "{a, b: , c}",
      [
        ["a", null],
        ["b", null],
        ["c", null],
      ],
    ],
    ["a pair in brackets", "[a: b, c]", [[["a", "b"]], "c"]],
    ["a quoted key whose colon touches its value", '{"a":b}', [["a", "b"]]],
    ["a key that is a list", "? [a]\n: b", [["collection", "b"]]],
    [
      "equal keys, both kept",
      "a: 1\na: 2",
      [
        ["a", "1"],
        ["a", "2"],
      ],
    ],
    [
      "carriage returns alone",
      "a: b\rc:\r  - d\r",
      [
        ["a", "b"],
        ["c", ["d"]],
      ],
    ],
    [
      "carriage returns with line feeds",
      "a: b\r\nc: >\r\n  d\r\n  e\r\n",
      [
        ["a", "b"],
        ["c", "d e\n"],
      ],
    ],
    [
      "anchors and aliases",
      "a: &x [b]\nc: *x",
      [
        ["a", ["b"]],
        ["c", ["b"]],
      ],
    ],
    [
      "a tag that keeps null from being it",
      "a: !!str null\nb: !!str\nc: null",
      [
        ["a", "null"],
        ["b", ""],
        ["c", null],
      ],
    ],
  ])("%s", (_, text, wanted) => {
    expect(read(text)).toEqual([wanted]);
  });

  test("text behind the first node begins another document", () => {
    expect(read("- a\nb: c")).toEqual([["a"], [["b", "c"]]]);
  });

  test("an empty document ends the file, whatever follows", () => {
    expect(read("- a\n---\n---\n- [")).toEqual([["a"]]);
  });

  test("a single document leaves what is behind it alone", () => {
    const file = new SourceFile("a.yaml", "a: b\n---\n[");
    const { document, next, failure } = readDocument(file, { bytesMax: 100, nodesMax: 100 });
    expect([document && plain(document), next, failure]).toEqual([[["a", "b"]], 5, null]);
  });
});

describe("scalars", () => {
  test.each([
    ["plain text over lines", "a: b\n  c\n\n  d", "b c\nd"],
    ["single quotes", "a: 'b''c\n  d '", "b'c d "],
    [
      "double quotes with escapes",
      String.raw`a: "b\x41é\n\
  c"`,
      "bA\u00e9\nc",
    ],
    ["line breaks at the end of quoted text, clipped to one", "a: 'b\n\n\n  '", "b\n"],
    ["folded, with a line that is indented more", "a: >\n  b\n  c\n    d\n  e\n", "b c\n  d\ne\n"],
    ["folded, stripped", "a: >-\n  b\n\n  c\n\n", "b\nc"],
    ["literal, kept", "a: |+\n  b\n\n", "b\n\n"],
    ["literal, with its indentation given", "a: |1\n  b\n c\n", " b\nc\n"],
    ["a colon inside of a word", "a: b:c", "b:c"],
    ["a NUL that escapes what follows", "a: b\0tc", "b\tc"],
  ])("%s", (_, text, wanted) => {
    expect(read(text)).toEqual([[["a", wanted]]]);
  });

  test("text knows where it is written, behind its anchor", () => {
    const file = new SourceFile("a.yaml", "a: &x  'b c'  # d");
    const [map] = readDocuments(file).documents;
    const value = map?.kind === "map" ? map.entries[0]?.value : undefined;
    expect(value).toMatchObject({ offset: 3, start: 7, end: 12, style: "single" });
  });
});

describe("refused", () => {
  test.each([
    ["a: b: c", "1:5 a colon cannot follow here"],
    ["a: 'b", "1:6 a quoted text has no closing quote"],
    ["a: [b", "1:6 expected ',' or ']' before the end"],
    ["a: b]\nc: ]", "2:4 there is no '['"],
    ["a: [b}", "1:6 expected ']' instead of '}'"],
    ["a: 'b' c", "1:8 text cannot follow a closing quote here"],
    ["a: b\n, c", "2:1 a line cannot begin with a comma"],
    ["a: [\n- b]", "2:1 a list of lines cannot stand inside of brackets"],
    ["a: | b", "1:6 the text of '|' and '>' begins on the next line"],
    ["a: >\n\tb", "2:1 a tab cannot indent"],
    ["a: *b", "1:4 there is no anchor '&b'"],
    ["a: &b [*b]", "1:8 '&b' cannot contain itself"],
    ["a: @b", "1:4 text cannot begin with '@'"],
    [String.raw`a: "\q"`, String.raw`1:5 '\q' is no escape sequence`],
    ["  a: b\n c: d", "taken"],
    ["a:\n    b: c\n  d: e", "3:3 expected a key"],
    ["- a\n b: c", "2:3 a colon cannot follow here"],
    [`${"k".repeat(1_025)}: v`, "1:1026 a colon cannot follow here"],
    ["%YAML 1.2\n%YAML 1.2\n---\na", "2:1 there is a second %YAML"],
  ])("%j", (text, wanted) => {
    expect(refused(text)).toContain(wanted);
  });

  test("a key of 1,024 bytes is one", () => {
    expect(refused(`${"k".repeat(1_024)}: v`)).toBe("taken");
  });

  test("aliases of aliases, depth and size have bounds", () => {
    const lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"];
    for (let i = 1; i < 9; i++) {
      lines.push(`a${String(i)}: &a${String(i)} [${`*a${String(i - 1)}, `.repeat(10)}]`);
    }
    expect(refused(lines.join("\n"))).toContain("too-much");
    // Brackets wait for their end before anything else sees them: a bound must come early.
    expect(refused("[".repeat(2_000_000))).toContain("too-much");
    expect(refused("{a: ".repeat(500_000))).toContain("too-much");
    expect(refused("- ".repeat(100_000))).toContain("too-much");
    expect(refused("? ".repeat(100_000))).toContain("too-much");
    expect(refused(`a: ${"x".repeat(17 << 20)}`)).toContain("file-too-large");
  });
});
