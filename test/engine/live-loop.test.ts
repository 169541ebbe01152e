import { describe, expect, test } from "vitest";
import { LiveLoop, SLICE_EVENTS, TURN_MS } from "../../host/engine/live-loop.ts";

/** Drains what `found` says, one number per call, then nothing; remembers what was asked. */
function scene(found: number[]): {
  asked: string[];
  loop: LiveLoop;
  wake: () => void;
  failure: unknown[];
} {
  const asked: string[] = [];
  const failure: unknown[] = [];
  const waiting: (() => void)[] = [];
  const loop = new LiveLoop({
    drainer: {
      drain: () => {
        const events = found.shift() ?? 0;
        if (events < 0) throw new Error("broken");
        asked.push(`drain ${String(events)}`);
        return events;
      },
      sleep: () => asked.push("sleep"),
    },
    wait: (wake) => {
      asked.push("wait");
      waiting.push(wake);
    },
    afterBatch: () => {
      asked.push("batch");
      return Promise.resolve();
    },
    onFailure: (error) => failure.push(error),
  });
  return { asked, loop, wake: () => waiting.shift()?.(), failure };
}

const waits = (asked: readonly string[]): number => asked.filter((each) => each === "wait").length;

describe("the live loop", () => {
  test("sleeps after two empty drains, having looked once more", async () => {
    const { asked, loop } = scene([3]);
    loop.start();
    await expect.poll(() => waits(asked)).toBe(1);
    expect(asked).toEqual(["drain 3", "batch", "drain 0", "drain 0", "sleep", "drain 0", "wait"]);
    await loop.stop();
  });

  test("does nothing at all while it sleeps", async () => {
    const { asked, loop } = scene([]);
    loop.start();
    await expect.poll(() => waits(asked)).toBe(1);
    const before = asked.length;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(asked).toHaveLength(before);
    await loop.stop();
  });

  test("goes on when it is woken, and when an event comes between the drain and the sleep", async () => {
    const { asked, loop, wake } = scene([0, 0, 2, 0, 0, 0, 4]);
    loop.start();
    await expect.poll(() => waits(asked)).toBe(1);
    expect(asked.slice(0, 5)).toEqual(["drain 0", "drain 0", "sleep", "drain 2", "batch"]);
    wake();
    await expect.poll(() => waits(asked)).toBe(2);
    expect(asked).toContain("drain 4");
    await loop.stop();
  });

  test("drains at once again while slices are full, and what is left at the end", async () => {
    const { asked, loop } = scene([SLICE_EVENTS.most, SLICE_EVENTS.most, 1]);
    loop.start();
    await loop.stop();
    expect(asked.filter((each) => each.startsWith("drain"))).toEqual([
      `drain ${String(SLICE_EVENTS.most)}`,
      `drain ${String(SLICE_EVENTS.most)}`,
      "drain 1",
      "drain 0",
    ]);
  });

  test("gives the process a turn every few milliseconds of an endless flood", async () => {
    const slices: number[] = [];
    const flood = { on: true };
    const loop = new LiveLoop({
      drainer: {
        drain: (events) => {
          const until = performance.now() + events * 0.001;
          while (performance.now() < until);
          slices.push(events);
          return flood.on ? events : 0;
        },
        sleep: () => undefined,
      },
      wait: () => undefined,
      afterBatch: () => Promise.resolve(),
      onFailure: () => undefined,
    });
    loop.start();
    const gaps: number[] = [];
    for (let i = 0, last = performance.now(); i < 20; i++) {
      await new Promise((resolve) => setImmediate(resolve));
      const now = performance.now();
      gaps.push(now - last);
      last = now;
    }
    flood.on = false;
    await loop.stop();
    gaps.sort((a, b) => a - b);
    expect(gaps[10]).toBeLessThan(4 * TURN_MS);
    expect(slices.length).toBeGreaterThan(20);
  });

  test("ends in spite of events that keep coming", async () => {
    const { asked, loop } = scene(new Array<number>(1_000).fill(2));
    loop.start();
    await loop.stop();
    expect(asked.length).toBeLessThan(500);
  });

  test("hands on a failure and ends", async () => {
    const { failure, loop } = scene([1, -1]);
    loop.start();
    await expect.poll(() => failure.length).toBe(1);
    await loop.stop();
    expect(String(failure[0])).toContain("broken");
  });
});
