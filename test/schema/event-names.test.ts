import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { EVENT_NAMES } from "../../host/schema/event-names.ts";
import { shared } from "../support/shared.ts";

const listing = shared("oracle", "listings", "all-event-names.json");

test("a generic call has a name, the generic event has none", () => {
  expect(EVENT_NAMES.has("getpid")).toBe(true);
  expect(EVENT_NAMES.has("openat")).toBe(true);
  expect(EVENT_NAMES.has("syscall")).toBe(false);
});

test.skipIf(listing === undefined)("names are Falco's (skipped without shared data)", () => {
  const theirs = JSON.parse(readFileSync(listing ?? "", "utf8")) as readonly string[];
  expect([...EVENT_NAMES].sort()).toEqual([...theirs].sort());
});
