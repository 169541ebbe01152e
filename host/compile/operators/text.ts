/** Searches in texts and buffers: fixed text, patterns, regular expressions, paths. */
import { Code } from "../code.ts";
import type { Operator, Search } from "./operator.ts";

const WORD = {
  syntax: "word",
  families: ["text"],
  lists: false,
  comparesFields: true,
  hexadecimal: false,
} as const;
const TEXT_AND_BYTES = { ...WORD, families: ["text", "bytes"] } as const;
const HEXADECIMAL = { ...WORD, families: ["bytes"], hexadecimal: true } as const;

export const TEXT_WORDS = [
  { ...WORD, name: "glob", asks: "glob", help: "The text fits a pattern with *, ? and [sets]." },
  { ...WORD, name: "iglob", asks: "iglob", help: "As glob, without regard to case (ASCII)." },
  { ...TEXT_AND_BYTES, name: "contains", asks: "contains", help: "The text is somewhere in it." },
  { ...WORD, name: "icontains", asks: "icontains", help: "As contains, ignoring case (ASCII)." },
  { ...HEXADECIMAL, name: "bcontains", asks: "contains", help: "As contains, bytes in hex." },
  { ...TEXT_AND_BYTES, name: "startswith", asks: "startswith", help: "It begins with the text." },
  { ...HEXADECIMAL, name: "bstartswith", asks: "startswith", help: "As startswith, bytes in hex." },
  { ...TEXT_AND_BYTES, name: "endswith", asks: "endswith", help: "It ends with the text." },
  {
    ...WORD,
    name: "regex",
    asks: "regex",
    comparesFields: false,
    help: "The whole text fits a regular expression (RE2 syntax).",
  },
] as const satisfies readonly (Operator & { readonly asks: string })[];

export const TEXT_LISTS = [
  {
    ...WORD,
    name: "pmatch",
    asks: "pmatch",
    syntax: "list",
    comparesFields: false,
    help: "The path is one of the list, or below one.",
  },
] as const satisfies readonly (Operator & { readonly asks: string })[];

export type SearchName = (typeof TEXT_WORDS | typeof TEXT_LISTS)[number]["asks"];

const MERGING = { merges: true, constants: (texts: readonly string[]) => texts } as const;

export const SEARCHES: Readonly<Record<SearchName, Search>> = {
  startswith: {
    ...MERGING,
    cost: comparisonCost,
    means: (count) => (count === 1 ? "comparison" : `${count} comparisons`),
    code: (texts, constants) =>
      oneOrAny(texts, constants, { one: Code.of`starts`, any: Code.of`startsAny` }),
    fieldCode: Code.of`(Value.length <= length && sameBytes(at, Value.address, Value.length))`,
    holds: (value, text) => value.startsWith(text),
  },
  endswith: {
    ...MERGING,
    cost: comparisonCost,
    means: (count) => (count === 1 ? "comparison" : `${count} comparisons`),
    code: (texts, constants) =>
      oneOrAny(texts, constants, { one: Code.of`ends`, any: Code.of`endsAny` }),
    fieldCode: Code.of`endsWithBytes(at, length, Value.address, Value.length)`,
    holds: (value, text) => value.endsWith(text),
  },
  contains: {
    ...MERGING,
    cost: (texts) => 10 * texts.length,
    means: (count) => (count === 1 ? "search" : `${count} searches`),
    code: (texts, constants) =>
      oneOrAny(texts, constants, { one: Code.of`has`, any: Code.of`hasAny` }),
    fieldCode: Code.of`containsBytes(at, length, Value.address, Value.length)`,
    holds: (value, text) => value.includes(text),
  },
  icontains: {
    ...MERGING,
    cost: (texts) => 10 * texts.length,
    means: (count) => (count === 1 ? "search" : `${count} searches`),
    code: (texts, constants) =>
      oneOrAny(texts.map(folded), constants, {
        one: Code.of`hasFolded`,
        any: Code.of`hasFoldedAny`,
      }),
    fieldCode: Code.of`(lowerText() && containsFolded(at, length, Value.address, Value.length))`,
    holds: (value, text) => folded(value).includes(folded(text)),
  },
  glob: {
    ...MERGING,
    cost: globCost,
    means: (count) => (count === 1 ? "pattern" : `${count} patterns`),
    code: (texts, constants) => Code.of`fits(${constants.list(texts)}, false)`,
    fieldCode: Code.of`matchesGlob(at, length, Value.address, Value.length, false)`,
    holds: null,
  },
  iglob: {
    ...MERGING,
    cost: globCost,
    means: (count) => (count === 1 ? "pattern" : `${count} patterns`),
    code: (texts, constants) => Code.of`fits(${constants.list(texts)}, true)`,
    fieldCode: Code.of`matchesGlob(at, length, Value.address, Value.length, true)`,
    holds: null,
  },
  regex: {
    merges: false,
    constants: ([first = ""]) => [first],
    cost: () => 100,
    means: () => "automaton",
    code: ([pattern = ""], constants) => Code.of`matched(${constants.regex(pattern)})`,
    fieldCode: null,
    holds: null,
  },
  pmatch: {
    merges: true,
    constants: (texts) => [...new Set(texts)].sort(),
    cost: () => 20,
    means: (count) => `trie of ${count} paths`,
    code: (texts, constants) => Code.of`below(${constants.paths(texts)})`,
    fieldCode: null,
    holds: null,
  },
};

function comparisonCost(texts: readonly string[]): number {
  return 2 + 2 * texts.length;
}

/** A pattern that begins with a literal is told apart at once from nearly everything. */
function globCost(patterns: readonly string[]): number {
  return patterns.reduce((sum, pattern) => sum + (/^[?*[\\]/.test(pattern) ? 60 : 10), 0);
}

function oneOrAny(
  texts: readonly string[],
  constants: { text(text: string): Code; list(texts: readonly string[]): Code },
  { one, any }: { readonly one: Code; readonly any: Code },
): Code {
  const [first = ""] = texts;
  return texts.length === 1
    ? Code.of`${one}(${constants.text(first)})`
    : Code.of`${any}(${constants.list(texts)})`;
}

/** Letters of ASCII alone have another case. */
function folded(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
