/** What a real Falco answered to conditions that are easily answered otherwise. */
import { expect, test } from "vitest";
import { parseCondition } from "../../host/compile/2-parse/parse-condition.ts";
import { printExpression } from "../../host/compile/2-parse/print.ts";
import { parseOutput } from "../../host/compile/4-check/check-output.ts";
import { computeText } from "../../host/output/transform.ts";
import { encodeEvent, eventBlock } from "../../host/replay/encode.ts";
import { EVENTS } from "../../host/schema/events.ts";
import { Matcher } from "../fuzz/matches.ts";
import { Observer } from "../fuzz/observer.ts";
import type { Stream } from "../fuzz/stream.ts";
import { CLOSE_X, NO_ENGINE_REASON } from "../support/engine.ts";

const isAbsent = NO_ENGINE_REASON !== "";

function streamOf(types: readonly number[]): Stream {
  const rows = types.map((type, i) =>
    eventBlock(encodeEvent({ type, tid: 42n, time: 1_000_000_000n + BigInt(i) }, [])),
  );
  return { name: "made up", networks: [], rows };
}

const ENCODED: Readonly<Record<string, boolean>> = {
  "1792": true,
  "768": true,
  AA: true,
  "QUI=": true,
  QUI: true,
  "QQ==": true,
  "": true,
  // Bits are left over, or one digit is.
  "256": false,
  "15": false,
  "10752": false,
  "QQ===": false,
  "Q=Q=": false,
  "a b=": false,
};
const CONDITIONS: Readonly<Record<string, boolean>> = {
  ...Object.fromEntries(
    Object.entries(ENCODED).map(([text, isIt]) => [`b64("${text}") exists`, isIt]),
  ),
  'b64("QUI=") = AB': true,
  'len((""))  = 1': true,
  "len(()) = 0": true,
  'len(("", "")) = 2': true,
  'len(getopt(("-a", "-b"), "ab")) = 2': true,
};

test.skipIf(isAbsent)("transformers of constants", { timeout: 60_000 }, async () => {
  const stream = streamOf([CLOSE_X]);
  const conditions = Object.keys(CONDITIONS);
  const matcher = await Matcher.of(conditions);
  const found = matcher.run(stream, conditions.length);
  const answers = conditions.map((condition, i) => [condition, (found[i]?.size ?? 0) > 0]);
  expect(Object.fromEntries(answers)).toEqual(CONDITIONS);
});

test("outputs decode what conditions decode", () => {
  for (const [constant, isEncoded] of Object.entries(ENCODED)) {
    const text = computeText({ transformer: "b64", operands: [{ constant }] }, []);
    expect([constant, text !== null]).toEqual([constant, isEncoded]);
  }
});

test.skipIf(isAbsent)("evt.type.is knows the oldest event of a name only", () => {
  const found: Record<string, bigint> = {};
  const names = ["clone", "openat", "close", "sendto", "getegid"];
  const exits = EVENTS.filter(({ name, code }) => names.includes(name) && code % 2 === 1);
  let next = 0;
  const observer = new Observer(streamOf([]), (event) => {
    const name = exits[next++]?.name ?? "";
    found[name] = event.read("evt.type.is", name)?.number ?? -1n;
  });
  for (const row of streamOf(exits.map(({ code }) => code)).rows) observer.replay(row);
  expect(found).toEqual({ clone: 0n, openat: 0n, close: 1n, sendto: 1n, getegid: 1n });
});

test("space that is not of ASCII is part of a word", () => {
  const conditions = [
    "proc.name = a\u00a0b",
    "proc.name in (a\u3000b, \u2003)",
    "proc.env[A\u00a0] = x",
  ];
  for (const condition of conditions) {
    const { expression } = parseCondition(condition);
    expect(expression && printExpression(expression)).toBe(condition);
  }
  expect(parseCondition("proc.name =\u00a0and\u00a0").problem).toBeNull();
  expect(parseCondition("proc.name\u00a0= a").problem).not.toBeNull();
});

const NUMBERS = ["pid", "ppid", "vpid", "pvpid", "sid", "vpgid", "pgid", "loginshellid"];

test.skipIf(isAbsent)(
  "no function of a pack is called as a type",
  { timeout: 60_000 },
  async () => {
    const pairs = NUMBERS.flatMap((a) => NUMBERS.map((b) => `proc.${a} < val(proc.${b})`));
    const conditions = ["proc.fdusage < 2", ...pairs, "proc.fdusage >= 3"];
    await expect(Matcher.of(conditions)).resolves.toBeInstanceOf(Matcher);
  },
);

test("a width of 0 is none, and a field of the configuration takes a width too", () => {
  const parsed = parseOutput("%0proc.name|%5static.a|%3evt.num", new Map([["a", "bc"]]));
  expect(parsed.problem === null && parsed.parts).toEqual([
    { field: "proc.name" },
    { text: "|" },
    { text: "bc", width: 5 },
    { text: "bc", under: "static.a" },
    { text: "|" },
    { field: "evt.num", width: 3 },
  ]);
});

const BROKEN: Readonly<Record<string, number>> = {
  // A character that breaks off counts as one, a byte that begins none as one each.
  e282: 1,
  e28261: 2,
  ff: 1,
  fffe80: 3,
  e0a0: 1,
  eda080: 3,
  f09f98: 1,
  c0af: 2,
  c3a9: 1,
};

test.skipIf(isAbsent)("regex counts what is no UTF-8 as U+FFFD", { timeout: 60_000 }, async () => {
  const type = EVENTS.find(({ id }) => id === "SYSCALL_STAT_X")?.code ?? 0;
  const rows = Object.keys(BROKEN).map((hex, i) => {
    const path = Buffer.concat([Buffer.from("/a"), Buffer.from(hex, "hex"), Buffer.of(0)]);
    return eventBlock(encodeEvent({ type, tid: 42n, time: BigInt(i + 1) }, [0, path]));
  });
  const matcher = await Matcher.of([1, 2, 3].map((n) => `evt.arg.path regex "/a.{${n}}"`));
  const found = matcher.run({ name: "made up", networks: [], rows }, 3);
  const counts = Object.keys(BROKEN).map((hex, i) => [
    hex,
    1 + found.findIndex((numbers) => numbers.has(BigInt(i + 1))),
  ]);
  expect(Object.fromEntries(counts)).toEqual(BROKEN);
});

test.skipIf(isAbsent)("a raw text is no number", { timeout: 60_000 }, async () => {
  const mount = EVENTS.find(({ id }) => id === "SYSCALL_MOUNT_X")?.code ?? 0;
  const params = [0, "none", "/mnt", "tmpfs", 0];
  const row = eventBlock(encodeEvent({ type: mount, tid: 42n, time: 1n }, params));
  const conditions = ["evt.rawarg.type <= 1", "evt.rawarg.type != 1", "evt.rawarg.type exists"];
  const matcher = await Matcher.of(conditions);
  const found = matcher.run({ name: "made up", networks: [], rows: [row] }, conditions.length);
  expect(found.map((numbers) => numbers.size)).toEqual([0, 0, 1]);
});
