/** A bounded run of the fuzzer; `npm run fuzz` runs it for as long as asked. */
import { expect, test } from "vitest";
import { NO_ENGINE_REASON } from "../support/engine.ts";
import { fuzz } from "./conditions.ts";
import { recorded, recordings } from "./stream.ts";

const asked = process.env["LANNER_FUZZ_PAIRS"];
const seed = Number(process.env["LANNER_FUZZ_SEED"] ?? 1);
const isLong = asked !== undefined;
const title = "compiled conditions answer as the interpreter does";

test.skipIf(NO_ENGINE_REASON !== "")(title, { timeout: isLong ? 0 : 120_000 }, async () => {
  const files = [...recordings()].filter(([name]) => isLong || name === "demo");
  const streams = await Promise.all(files.map(([name, file]) => recorded(name, file)));
  const log = (line: string): void => {
    if (isLong) console.log(line);
  };
  log(`seed ${String(seed)}`);
  const result = await fuzz({
    seed,
    pairs: Number(asked ?? 5_000),
    streams,
    conditionsPerPack: isLong ? 100 : 30,
    eventsPerStream: isLong ? 200 : 100,
    log,
  });
  log(result.coverage.report());
  for (const [reason, count] of result.refused) log(`refused ${String(count)}: ${reason}`);
  expect(result.differences).toEqual([]);
  expect(result.coverage.gaps).toEqual([]);
  expect(result.pairs).toBeGreaterThanOrEqual(Number(asked ?? 5_000));
});
