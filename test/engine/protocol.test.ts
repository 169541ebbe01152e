import { describe, expect, test } from "vitest";
import { checkReport, MATCHES_PER_REPORT_MAX, reportLimits } from "../../host/engine/protocol.ts";

const quiet = reportLimits(
  [[{ output: [{ text: "a" }, { field: "evt.num" }] }, { output: [] }], []],
  [{ field: "container.id" }],
);
const limits = { ...quiet, record: true };
const match = { pack: 0, rule: 0, event: 1n, time: 2n, values: [3n, "host"] };
const matches = (...list: readonly unknown[]) => ({ kind: "matches", matches: list });

describe("a report of the engine process", () => {
  const good: readonly object[] = [
    { kind: "loading", pack: 1 },
    { kind: "ready", origin: "torn" },
    matches(match, { ...match, rule: 1, values: [null] }),
    matches({ ...match, values: [["a", "b"], 1.5] }),
    { kind: "fault", fault: { pack: 0, reason: "r", event: 0n, eventType: 5 } },
    { kind: "merged", merges: [{ pack: 0, rule: 1, count: 12_000, first: 1n, last: 2n }] },
    { kind: "throttled", throttling: { pack: 0, stride: 16, cost: 82_000, skipped: 7 } },
    { kind: "replayed", consumed: 0 },
    { kind: "recorded", bytes: 100 },
    { kind: "process", process: { pid: 7, container: "0123456789ab" } },
    { kind: "told", container: "0123456789ab" },
    { kind: "failed", reason: "r" },
    { kind: "stopped", totals: { hostCalls: 1, renderFaults: 0 } },
  ];
  test.each(good.map((report) => [JSON.stringify(report, bigints), report] as const))(
    "%s is taken",
    (_, report) => {
      expect(checkReport(report, limits)).toBe(report);
    },
  );

  const bad: readonly (readonly [string, unknown])[] = [
    ["no object", "matches"],
    ["an array", [match]],
    ["an unknown kind", { kind: "exec" }],
    ["a pack that there is not", matches({ ...match, pack: 2 })],
    ["a rule that the pack does not have", matches({ ...match, pack: 1 })],
    ["a rule of another type", matches({ ...match, rule: "0" })],
    ["too few values", matches({ ...match, values: [1n] })],
    ["too many values", matches({ ...match, values: [1n, "a", "b"] })],
    ["a match that is not there", { kind: "matches", matches: new Array(1) }],
    ["values that are not there", matches({ ...match, values: new Array(2) })],
    ["a list with holes", matches({ ...match, values: [new Array(1), "a"] })],
    ["a value that is no value", matches({ ...match, values: [{}, "a"] })],
    ["a list of things", matches({ ...match, values: [[1], "a"] })],
    ["a time beyond 64 bits", matches({ ...match, time: 1n << 64n })],
    ["a time before all times", matches({ ...match, time: -1n })],
    ["too many matches", matches(...Array<unknown>(MATCHES_PER_REPORT_MAX + 1).fill(match))],
    ["too much text", matches({ ...match, values: ["x".repeat((1 << 20) + 1), "a"] })],
    [
      "merged matches of a rule that there is not",
      { kind: "merged", merges: [{ pack: 1, rule: 0, count: 1, first: 1n, last: 2n }] },
    ],
    [
      "a pack that is held back beyond measure",
      { kind: "throttled", throttling: { pack: 0, stride: 1e9, cost: 1, skipped: 0 } },
    ],
    ["a replay beyond the window", { kind: "replayed", consumed: 2 ** 31 }],
    [
      "a fault of nobody",
      { kind: "fault", fault: { pack: 9, reason: "", event: 0n, eventType: 0 } },
    ],
    ["a process that there cannot be", { kind: "process", process: { pid: -1, container: "a" } }],
    ["a container without end", { kind: "told", container: "a".repeat(300) }],
    ["an origin of its own", { kind: "ready", origin: "elsewhere" }],
    ["totals that are none", { kind: "stopped", totals: { hostCalls: -1, renderFaults: 0 } }],
  ];
  test.each(bad)("%s is refused", (_, report) => {
    expect(checkReport(report, limits)).toBeUndefined();
  });

  test("recorded bytes are refused when nothing is recorded", () => {
    expect(checkReport({ kind: "recorded", bytes: 100 }, quiet)).toBeUndefined();
  });
});

function bigints(_: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}
