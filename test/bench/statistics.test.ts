import { describe, expect, test } from "vitest";
import { interleave } from "../../host/bench/interleave.ts";
import { difference, figure, quantile } from "../../host/bench/statistics.ts";

describe("figures of repeated runs", () => {
  test("one interrupted run moves neither median nor best", () => {
    expect(figure([12, 10, 11, 900, 13])).toEqual({ median: 12, best: 10, spread: 1, runs: 5 });
  });

  test("a quantile between two samples lies between them", () => {
    expect(quantile([10, 20], 0.25)).toBe(12.5);
  });

  test("a difference is taken round by round, and of the best runs", () => {
    const { median, best } = difference([15, 115, 16], [10, 110, 12]);
    expect([median, best]).toEqual([5, 5]);
  });
});

describe("interleaving", () => {
  test("every variant runs once a round, and warm-ups do not count", async () => {
    const order: string[] = [];
    const samples = await interleave(["a", "b"], (variant) => order.push(variant), {
      rounds: 2,
      warmUps: 1,
    });
    expect(order).toEqual(["a", "b", "b", "a", "a", "b"]);
    expect(samples.get("a")).toEqual([4, 5]);
  });
});
