/** When a successor of a dead engine is pointless, and what is said of it. */
import { expect, test } from "vitest";
import { Deaths } from "../../host/engine/deaths.ts";

test("five in a row are too many", () => {
  const deaths = new Deaths();
  for (let death = 0; death < 4; death++) deaths.count(0);
  expect(deaths.areTooMany).toBe(false);
  deaths.count(0);
  expect(deaths.areTooMany).toBe(true);
  expect(deaths.text).toBe("after 5 failures in a row");
});

test("twenty within a minute are too many, whatever lies between them", () => {
  const deaths = new Deaths();
  const die = (now: number): void => {
    deaths.forget();
    deaths.count(now);
  };
  for (let death = 0; death < 19; death++) die(1_000 * death);
  expect(deaths.areTooMany).toBe(false);
  die(59_000);
  expect(deaths.areTooMany).toBe(true);
  expect(deaths.text).toBe("after 20 failures within a minute");
  die(120_000);
  expect(deaths.areTooMany).toBe(false);
});

test("an end without any is not said to follow failures", () => {
  expect(new Deaths().text).toBe("at once");
});
