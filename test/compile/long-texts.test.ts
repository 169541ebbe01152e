/** Texts that are made for tests: however much a watched process makes of them, none is cut. */
import { describe, expect, test } from "vitest";
import { Matcher } from "../fuzz/matches.ts";
import { NO_ENGINE_REASON } from "../support/engine.ts";
import { clone, encode, execve } from "../support/records.ts";

/** Linux gives ARG_MAX more; Falco and the capture programs keep 4 KiB of each. */
const KEPT_BYTES = 4_096;
const CLOSES = 3;

const close = (tid: number): Buffer => encode("SYSCALL_CLOSE_X", tid, 0, 3);

/** A process with long arguments; its last one is `zz`. */
function longArguments(): Buffer[] {
  const args = `${"a".repeat(99)}\0`.repeat(40);
  return [
    clone({ result: 0, tid: 5 }),
    execve({ tid: 5, exe: "/bin/cat", comm: "cat", args: `${args}zz\0` }),
  ];
}

/** A chain of so many processes, each with a large environment. */
function longChain(length: number): Buffer[] {
  const env = `A=${"b".repeat(KEPT_BYTES - 3)}\0`;
  const links = Array.from({ length }, (_, i) => [
    clone({ result: 0, tid: 6 + i, ptid: 5 + i }),
    execve({ tid: 6 + i, ptid: 5 + i, exe: "/bin/cat", comm: "cat", args: "zz\0", env }),
  ]);
  return [clone({ result: 0, tid: 5 }), ...links.flat()];
}

/** How many of the closes each condition matches. */
async function closesMatched(
  conditions: readonly string[],
  before: readonly Buffer[],
  tid: number,
): Promise<number[]> {
  const matcher = await Matcher.of(conditions.map((each) => `evt.type = close and ${each}`));
  const rows = [...before, ...Array.from({ length: CLOSES }, () => close(tid))];
  const found = matcher.run({ name: "long", networks: [], rows }, conditions.length);
  return found.map(({ size }) => size);
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const reason = NO_ENGINE_REASON === "" ? "" : ` (skipped: ${NO_ENGINE_REASON})`;

describe.skipIf(reason !== "")(`long texts${reason}`, { timeout: 120_000 }, () => {
  test.each([20, 300])("of %i rules", async (count) => {
    const conditions = numbers(count).map(
      (i) => `concat(proc.cmdline, "${String(i)}") endswith "zz${String(i)}"`,
    );
    const matched = await closesMatched(conditions, longArguments(), 5);
    expect(matched).toEqual(conditions.map(() => CLOSES));
  });

  test("of rules that ask for a length", async () => {
    // "cat", a blank, 40 words of 99 bytes with blanks between, and "zz"
    const length = 4 + 40 * 100 + 2;
    const conditions = numbers(300).map(
      (i) => `len(concat(proc.cmdline, "${String(i)}")) = ${String(length + String(i).length)}`,
    );
    const matched = await closesMatched(conditions, longArguments(), 5);
    expect(matched).toEqual(conditions.map(() => CLOSES));
  });

  test("of rules that are found by a long text", async () => {
    const conditions = numbers(200).map(
      (i) =>
        `proc.cmdline startswith "cat ${"a".repeat(i + 1)}" and ` +
        `concat(proc.cmdline, "${String(i)}") endswith "zz${String(i)}"`,
    );
    const expected = conditions.map((_, i) => (i < 99 ? CLOSES : 0));
    expect(await closesMatched(conditions, longArguments(), 5)).toEqual(expected);
  });

  test("of all ancestors, in front of others", async () => {
    const looks = numbers(5).map((i) => `proc.aenv contains "nope${String(i)}"`);
    const conditions = [...looks, "tolower(proc.exepath) = /bin/cat"];
    expect(await closesMatched(conditions, longChain(300), 305)).toEqual([0, 0, 0, 0, 0, CLOSES]);
  });
});
