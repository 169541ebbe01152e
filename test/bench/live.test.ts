import { describe, expect, test } from "vitest";
import { cpuSlowDown, kernelNsPerEvent, slowDown, userNsPerEvent } from "../../bench/live/cost.ts";
import { Arrivals, latencies, quantileMs } from "../../bench/live/markers.ts";
import { rates, type Step, stepUp } from "../../bench/live/ramp.ts";
import { ticksOf } from "../../bench/proc/cpu-time.ts";
import { parseRollup } from "../../bench/proc/memory.ts";
import { accessibleAreas } from "../../bench/proc/pages.ts";

describe("costs of a pair of runs", () => {
  const observed = { markers: [], rounds: 1_000, ns: 2_000_000, cpuNs: 1_000_000 };
  const pair = {
    alone: observed,
    // Half the time for the same rounds is lost to capture.
    captured: { ...observed, rounds: 500, cpuNs: 700_000 },
    watched: { events: 900, drops: { total: 100 } },
    agent: { ns: 10_000, ticks: 0, systemTicks: 0 },
    engine: { ns: 80_000, ticks: 0, systemTicks: 0 },
  };

  test("kernel: the CPU time that rounds need more, over all events they made", () => {
    expect(kernelNsPerEvent(pair)).toBe(200);
  });

  test("user space: CPU time of both processes, over the events that reached them", () => {
    expect(userNsPerEvent(pair)).toBe(100);
  });

  test("slow-down, in elapsed and in CPU time", () => {
    expect([slowDown(pair), cpuSlowDown(pair)]).toEqual([2, 1.4]);
  });
});

describe("stepping up", () => {
  /** A capture that takes up to `limit`, of a program that can do up to `fastest`. */
  const capture =
    (limit: number, fastest = Number.POSITIVE_INFINITY) =>
    (asked: number): Promise<Step> => {
      const reached = Math.min(asked, fastest);
      return Promise.resolve({ asked, reached, events: reached, lost: reached > limit ? 1 : 0 });
    };

  test("ends at the first rate that loses twice", async () => {
    const { highest, end, steps } = await stepUp([100, 200, 300, 400], capture(250));
    expect([highest, end]).toEqual([200, "loss"]);
    expect(steps.map(({ asked }) => asked)).toEqual([100, 200, 300, 300]);
  });

  test("ends when the observed program can do no more", async () => {
    const { highest, end } = await stepUp([100, 200, 300, 400], capture(1_000, 210));
    expect([highest, end]).toEqual([210, "program"]);
  });

  test("a loss that does not come again does not end it", async () => {
    const lost = [0, 7, 0, 0];
    const { highest, end } = await stepUp([100, 200, 300], (asked) =>
      Promise.resolve({ asked, reached: asked, events: asked, lost: lost.shift() ?? 0 }),
    );
    expect([highest, end]).toEqual([300, "last step"]);
  });

  test("rates grow by a factor, and end in time", () => {
    expect(rates(100, 410, 2)).toEqual([100, 200, 400]);
  });
});

describe("latency of markers", () => {
  test("lines may come in pieces, several at once, or not at all", () => {
    const arrivals = new Arrivals();
    arrivals.read("12:00 Notice /tmp/a/lanner-mar", 900);
    arrivals.read("ker-0\n12:01 Notice /tmp/a/lanner-marker-2\n", 1_000);
    const found = latencies([100, 200, 300], arrivals);
    expect(found).toEqual({ ns: [700, 900], missing: 1 });
    expect(quantileMs(found, 1)).toBe(0.0009);
  });
});

describe("what /proc says", () => {
  test("CPU time stands behind a name that may hold anything", () => {
    const stat = "7 (a) (b 1 2) S 1 7 7 0 -1 4194304 99 0 0 0 31 42 0 0 20 0 1 0 100 0";
    expect(ticksOf(stat)).toEqual({ user: 31, system: 42 });
  });

  test("a rollup in bytes, with what it lacks as 0", () => {
    const text = "00-ff ---p 00000000 00:00 0 [rollup]\nRss:  12 kB\nPss:  8 kB\nPss_Anon: 3 kB\n";
    expect(parseRollup(text)).toEqual({
      rss: 12_288,
      pss: 8_192,
      pssAnonymous: 3_072,
      pssFile: 0,
      pssShared: 0,
    });
  });

  test("areas that nobody may access are left out", () => {
    const maps = [
      "1000-3000 rw-p 00000000 00:00 0 ",
      "4000-400000000 ---p 00000000 00:00 0 ",
      "ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0 [vsyscall]",
      "",
    ].join("\n");
    expect(accessibleAreas(maps)).toEqual([{ start: 0x1000, end: 0x3000 }]);
  });
});
