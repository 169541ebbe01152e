import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { stale } from "../../host/schema/generate.ts";

test("generated files are what the tables give", () => {
  const root = fileURLToPath(new URL("../..", import.meta.url));
  expect([...stale(root).keys()]).toEqual([]);
});
