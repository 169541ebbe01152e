/** Automata against JavaScript's own regular expressions, where both mean the same. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { compileRegex } from "../../host/compile/4-check/regex/automaton.ts";
import { regexProblem } from "../../host/compile/4-check/regex-check.ts";

function matches(pattern: string, text: string): boolean {
  const { classes, classCount, next, accepts } = compileRegex(
    Buffer.from(pattern).toString("latin1"),
  );
  let state = 1;
  for (const byte of Buffer.from(text))
    state = next[state * classCount + (classes[byte] ?? 0)] ?? 0;
  return accepts[state] === 1;
}

const atom = fc.constantFrom("a", "b", "é", "[ab]", "[^a]", ".", "(ab|b)", "[b-é]");
const piece = fc
  .tuple(atom, fc.constantFrom("", "*", "+", "?", "{2}", "{1,3}", "{0,}"))
  .map(([part, times]) => part + times);
const pattern = fc.array(piece, { maxLength: 5 }).map((pieces) => pieces.join(""));
const text = fc.array(fc.constantFrom("a", "b", "c", "é", "ü", "😀", "\n"), { maxLength: 8 });

test("an automaton accepts what the expression matches as a whole", () => {
  fc.assert(
    fc.property(
      fc.array(pattern, { minLength: 1, maxLength: 3 }),
      text,
      (alternatives, letters) => {
        const source = alternatives.join("|");
        const whole = letters.join("");
        fc.pre(regexProblem(source) === null);
        expect(matches(source, whole)).toBe(new RegExp(`^(?:${source})$`, "u").test(whole));
      },
    ),
    { numRuns: 2_000 },
  );
});

test.each([
  ["[[:alpha:]]+[[:digit:]]", "abc4", true],
  ["[[:^alpha:]]+", "1-2", true],
  ["^a$", "a", true],
  ["a\\.b", "axb", false],
  ["[]a]+", "]a", true],
  ["a{", "a{", true],
  ["\\x41\\x{42}", "AB", true],
  ["a\n^b", "a\nb", true],
  ["", "", true],
])("%j on %j: %j", (source, whole, expected) => {
  expect(matches(source, whole)).toBe(expected);
});

test.each([
  ["(?i)abc", "no argument for repetition operator: ?"],
  ["(", "missing ): ("],
  ["[a", "missing ]: [a"],
  ["\\d", "invalid escape sequence: \\d"],
  ["a**", "bad repetition operator: **"],
  ["a{1001}", "invalid repetition size: {1001}"],
  ["[z-a]", "invalid character class range: z-a"],
  ["a)", "unexpected ): a)"],
])("%j is refused", (source, reason) => {
  expect(regexProblem(source)).toBe(reason);
});
