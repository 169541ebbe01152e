/** Values that are written in a way of their own. */
import { expect, test } from "vitest";
import { milliseconds } from "../../host/config/duration.ts";
import { parsePriority } from "../../host/config/keys.ts";

test("priorities go by any name that Falco takes", () => {
  expect(["info", "INFORMATIONAL", "Warn", "emerg"].map(parsePriority)).toEqual([
    "Informational",
    "Informational",
    "Warning",
    "Emergency",
  ]);
  expect(["x", "", 3].map(parsePriority)).toEqual([undefined, undefined, undefined]);
});

test("durations are Prometheus's", () => {
  expect(["1h", "1h30m", "500ms", "1d2s"].map(milliseconds)).toEqual([
    3_600_000, 5_400_000, 500, 86_402_000,
  ]);
  expect(["", "500", "1m1h", "-1s", "1.5s"].map(milliseconds)).toEqual(
    Array.from({ length: 5 }, () => undefined),
  );
});
