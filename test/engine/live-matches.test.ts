import { describe, expect, test } from "vitest";
import { FairQueue } from "../../host/engine/fair-queue.ts";
import { LiveMatches } from "../../host/engine/live-matches.ts";
import { MatchQueue } from "../../host/engine/match-queue.ts";
import { MATCH_RATES } from "../../host/engine/match-rates.ts";
import type { Report } from "../../host/engine/protocol.ts";
import { Suspects } from "../../host/engine/suspects.ts";

/** An agent that takes reports only when it is told to. */
function scene(): {
  matches: LiveMatches;
  raise: (pack: number, rule: number, times?: number) => void;
  take: () => void;
  clock: { now: number };
  heard: () => ReadonlyMap<string, number>;
  merged: () => ReadonlyMap<string, number>;
} {
  const clock = { now: 0 };
  const reports: Report[] = [];
  const sent: (() => void)[] = [];
  const matches = new LiveMatches(
    (report, done) => {
      reports.push(report);
      sent.push(done);
    },
    () => clock.now,
  );
  const raise = (pack: number, rule: number, times = 1): void => {
    for (let i = 0; i < times; i++) {
      if (!matches.admits(pack, rule, 1n)) continue;
      matches.add({ pack, rule, event: 1n, time: 1n, values: [] }, 100);
    }
  };
  const sums = (rows: (report: Report) => readonly (readonly [string, number])[]) => {
    const map = new Map<string, number>();
    for (const [key, n] of reports.flatMap(rows)) map.set(key, (map.get(key) ?? 0) + n);
    return map;
  };
  return {
    matches,
    raise,
    clock,
    take: () => {
      for (const done of sent.splice(0)) done();
    },
    heard: () =>
      sums((report) =>
        report.kind === "matches"
          ? report.matches.map(({ pack, rule }) => [`${String(pack)}:${String(rule)}`, 1] as const)
          : [],
      ),
    merged: () =>
      sums((report) =>
        report.kind === "merged"
          ? report.merges.map(
              ({ pack, rule, count }) => [`${String(pack)}:${String(rule)}`, count] as const,
            )
          : [],
      ),
  };
}

describe("matches of a live capture", () => {
  test("a rule within its rate is heard in full beside one that floods, and all add up", () => {
    const { matches, raise, clock, take, heard, merged } = scene();
    for (let i = 0; i < 50; i++) {
      raise(0, 0, 10_000);
      raise(0, 1);
      clock.now += 100;
      matches.turn();
      take();
    }
    matches.flush();
    expect(heard().get("0:1")).toBe(50);
    expect(merged().has("0:1")).toBe(false);
    const [printed = 0, counted = 0] = [heard().get("0:0"), merged().get("0:0")];
    expect(printed + counted).toBe(500_000);
    expect(printed).toBeLessThanOrEqual(MATCH_RATES.rule.burst + 5 * MATCH_RATES.rule.perSecond);
  });

  test("an agent that takes nothing costs neither memory nor the rare rule's match", () => {
    const { matches, raise, heard, merged, take } = scene();
    for (let rule = 0; rule < 500; rule++) raise(0, rule, 1_000);
    raise(1, 7);
    take();
    take();
    const early = heard();
    expect(early.get("1:7")).toBe(1);
    matches.flush();
    const sum = [...heard().values(), ...merged().values()].reduce((a, b) => a + b, 0);
    expect(sum).toBe(500_001);
    const printed = [...heard().values()].reduce((a, b) => a + b, 0);
    expect(printed).toBeLessThanOrEqual(MATCH_RATES.pack.burst + MATCH_RATES.rare.burst + 1);
  });

  test("huge alerts use up what a pack may print, and no other's", () => {
    const { matches, raise, heard, merged } = scene();
    for (let i = 0; i < 100; i++) {
      if (matches.admits(0, 0, 1n)) {
        matches.add({ pack: 0, rule: 0, event: 1n, time: 1n, values: [] }, 1 << 20);
      }
      raise(1, 0);
    }
    matches.flush();
    expect(heard().get("1:0")).toBe(100);
    expect((heard().get("0:0") ?? 0) + (merged().get("0:0") ?? 0)).toBe(100);
    expect(heard().get("0:0")).toBeLessThanOrEqual(MATCH_RATES.chars.burst / (1 << 20) + 1);
  });

  test("merged matches carry the times of the first and last of them", () => {
    const { matches, clock } = scene();
    const seen: Report[] = [];
    const own = new LiveMatches(
      (report) => seen.push(report),
      () => clock.now,
    );
    for (let i = 0; i < 5_000; i++) {
      if (own.admits(0, 3, BigInt(i))) {
        own.add({ pack: 0, rule: 3, event: 1n, time: BigInt(i), values: [] }, 1);
      }
    }
    own.flush();
    matches.flush();
    const { burst } = MATCH_RATES.rule;
    expect(seen.at(-1)).toEqual({
      kind: "merged",
      merges: [{ pack: 0, rule: 3, count: 5_000 - burst, first: BigInt(burst), last: 4_999n }],
    });
  });
});

test("lanes take turns, and keep their order", () => {
  const queue = new FairQueue<string>();
  for (const item of ["a1", "a2", "a3"]) queue.add(1, item);
  queue.add(2, "b1");
  const order = Array.from({ length: 5 }, () => queue.next());
  expect(order).toEqual(["a1", "b1", "a2", "a3", undefined]);
  expect(queue.size).toBe(0);
});

test("matches of a replay wait for the agent, none is dropped", async () => {
  const sent: (() => void)[] = [];
  let heard = 0;
  const queue = new MatchQueue((report, done) => {
    heard += report.kind === "matches" ? report.matches.length : 0;
    sent.push(done);
  });
  let added = 0;
  while (!queue.isFull) {
    queue.add({ pack: 0, rule: 0, event: 1n, time: 1n, values: [] }, 10);
    added += 1;
  }
  const settled = queue.settled();
  expect(heard).toBe(added);
  for (const done of sent.splice(0)) {
    done();
    await Promise.resolve();
  }
  await settled;
  expect(queue.isFull).toBe(false);
});

test("a pack is to blame when engines are killed in it again and again", () => {
  const suspects = new Suspects();
  expect([1, 1, 1].map((pack, i) => suspects.isGuilty(pack, i))).toEqual([false, false, true]);
  expect([1, 2, 1, 1].map((pack, i) => suspects.isGuilty(pack, i))).not.toContain(true);
  expect([0, 70_000, 140_000].map((now) => suspects.isGuilty(3, now))).not.toContain(true);
  expect([1, 2, 3, 4].map((now) => suspects.isGuilty(undefined, now))).not.toContain(true);
});
