/** Each op against an obvious version of itself in JavaScript. */
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { compileRegex } from "../../host/compile/4-check/regex/automaton.ts";
import { hashBytes } from "../../host/compile/6-emit/tables.ts";
import { OpsModule } from "./ops-module.ts";

let ops: OpsModule;
beforeAll(() => {
  ops = new OpsModule();
}, 120_000);

const letters = fc.string({ unit: fc.constantFrom("a", "b", "A", "/", "."), maxLength: 80 });
const needle = fc.string({ unit: fc.constantFrom("a", "b", "A", "/"), maxLength: 6 });

function ask(name: string, text: string, constant: string): boolean {
  const bytes = Buffer.from(text, "latin1");
  const at = ops.put(0, bytes);
  const table = ops.constant(1, Buffer.from(constant, "latin1"));
  return ops.exports[name]?.(at, bytes.length, table) === 1;
}

/** Of ASCII letters only. */
const lower = (text: string): string => text.replace(/[A-Z]/g, (c) => c.toLowerCase());
const upper = (text: string): string => text.replace(/[a-z]/g, (c) => c.toUpperCase());
const MIXED = "ab-CD_ef@GH[ij`KL{mn+OP,";
const FOLDED = lower(MIXED);

describe("texts", () => {
  test.each<[string, (text: string, constant: string) => boolean]>([
    ["isText", (text, constant) => text === constant],
    ["startsWithText", (text, constant) => text.startsWith(constant)],
    ["endsWithText", (text, constant) => text.endsWith(constant)],
    ["containsText", (text, constant) => text.includes(constant)],
  ])("%s", (name, obvious) => {
    fc.assert(
      fc.property(letters, needle, (text, constant) => {
        expect(ask(name, text, constant)).toBe(obvious(text, constant));
        expect(ask(name, text, text)).toBe(true);
      }),
    );
  });

  test("containsFoldedText", () => {
    fc.assert(
      fc.property(letters, needle, (text, constant) => {
        const folded = constant.toLowerCase();
        expect(ask("containsFoldedText", text, folded)).toBe(text.toLowerCase().includes(folded));
      }),
    );
  });

  test("folding finds a text at every place, in every size, around sixteen bytes", () => {
    const wrong: string[] = [];
    for (let size = 1; size <= 40; size++) {
      const folded = "k@q[z{a`\u00e9-".repeat(5).slice(size % 10, (size % 10) + size);
      const other = `${folded.slice(0, size >> 1)}~${folded.slice((size >> 1) + 1)}`;
      for (let offset = 0; offset <= 34; offset++) {
        for (const after of [0, 1, 15, 16, 17]) {
          const text = "#".repeat(offset) + upper(folded) + "#".repeat(after);
          const finds = ask("containsFoldedText", text, folded);
          const findsOther = ask("containsFoldedText", text, other);
          if (!finds || findsOther) wrong.push(`${size} bytes at ${offset}, ${after} after`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  test("folding takes each byte for itself, and upper case letters for lower case ones", () => {
    const all = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte));
    const wrong: string[] = [];
    for (const wanted of all.filter((byte) => lower(byte) === byte)) {
      for (const byte of all) {
        const isSame = lower(byte) === wanted;
        // First, inside of eight bytes, after them, and last.
        for (const at of [0, 5, 9, 23]) {
          const needle = `${FOLDED.slice(0, at)}${wanted}${FOLDED.slice(at + 1)}`;
          const text = `${MIXED.slice(0, at)}${byte}${MIXED.slice(at + 1)}`;
          for (const places of [0, 20]) {
            const finds = ask("containsFoldedText", text.padEnd(24 + places, "#"), needle);
            if (finds !== isSame) wrong.push(`${byte} for ${wanted} at ${at} of ${places}`);
          }
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  test("the compiler hashes as packs do", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat(), (bytes, seed) => {
        const at = ops.put(0, bytes);
        const text = Buffer.from(bytes).toString("latin1");
        const hash = (ops.exports["hashBytes"]?.(at, bytes.length, seed) ?? 0) >>> 0;
        expect(hash).toBe(hashBytes(text, seed));
      }),
    );
  });
});

describe("patterns", () => {
  const glob = (pattern: string, text: string, folds = false): boolean => {
    const [at, to] = [ops.put(0, Buffer.from(text)), ops.put(1, Buffer.from(pattern))];
    return ops.exports["matchesGlob"]?.(at, text.length, to, pattern.length, folds ? 1 : 0) === 1;
  };

  test("stars and question marks", () => {
    const pattern = fc.string({ unit: fc.constantFrom("a", "b", "*", "?", "/"), maxLength: 10 });
    const short = fc.string({ unit: fc.constantFrom("a", "b", "/"), maxLength: 12 });
    fc.assert(
      fc.property(pattern, short, (shell, text) => {
        const source = shell.replaceAll("*", ".*").replaceAll("?", ".");
        expect(glob(shell, text)).toBe(new RegExp(`^(?:${source})$`, "s").test(text));
      }),
    );
  });

  test.each<[string, string, boolean]>([
    ["[!~]*", "bash", true],
    ["[!b]*", "bash", false],
    ["*[[]1[]]", "a[1]", true],
    ["[]a]", "]", true],
    ["[a-c][[:digit:]]", "b7", true],
    ["\\*", "*", true],
    ["\\*", "a", false],
    ["[a", "[a", true],
    ["[[:upper:]]", "q", false],
  ])("%s on %s: %s", (pattern, text, expected) => {
    expect(glob(pattern, text)).toBe(expected);
  });

  test("case is folded when asked for", () => {
    expect(glob("bA[S]h*", "BasH-x", true)).toBe(true);
    expect(glob("bA[S]h*", "BasH-x")).toBe(false);
  });

  test("automata run over bytes, and what is no UTF-8 counts as one character each", () => {
    const { classes, classCount, next, accepts } = compileRegex("a.{2}b");
    const table = Buffer.alloc(264 + next.length * 2);
    table.writeUInt32LE(classCount);
    table.set(classes, 8);
    next.forEach((state, i) => {
      table.writeUInt16LE(state | (accepts[state] === 1 ? 0x8000 : 0), 264 + i * 2);
    });
    const at = ops.put(1, table);
    const run = (bytes: Uint8Array): boolean =>
      ops.exports["matchesRegex"]?.(ops.put(0, bytes), bytes.length, at) === 1;
    expect(run(Buffer.from("axyb"))).toBe(true);
    expect(run(Buffer.from("aéüb"))).toBe(true);
    expect(run(Buffer.from([0x61, 0xff, 0xc3, 0x62]))).toBe(true);
    expect(run(Buffer.from("axb"))).toBe(false);
  });
});

test("a row forgets when its tag or its owner changes", () => {
  const { openRow, isKnown, answerOf, remember } = ops.exports;
  const row = ops.put(3, new Uint8Array(64));
  const pair = (openRow?.(row, 7n, 8n, 100n, 1) ?? 0) + 24;
  expect(isKnown?.(pair, 4n)).toBe(0);
  expect(remember?.(pair, 4n, 1)).toBe(1);
  openRow?.(row, 7n, 8n, 100n, 1);
  expect([isKnown?.(pair, 4n), answerOf?.(pair, 4n), isKnown?.(pair, 2n)]).toEqual([1, 1, 0]);
  openRow?.(row, 7n, 8n, 101n, 1);
  expect(isKnown?.(pair, 4n)).toBe(0);
});
