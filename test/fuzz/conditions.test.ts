/** A bounded run of the fuzzer; `npm run fuzz` runs it for as long as asked. */
import { expect, test } from "vitest";
import { NO_ENGINE_REASON } from "../support/engine.ts";
import { fuzz } from "./conditions.ts";
import { Random } from "./random.ts";
import { recorded, recordings } from "./stream.ts";
import { world } from "./world.ts";

const asked = process.env["LANNER_FUZZ_PAIRS"];
const seed = Number(process.env["LANNER_FUZZ_SEED"] ?? 1);
const isLong = asked !== undefined;
/** Made-up events per stream, and more streams than there are of a seed. */
const MADE_UP = 6_000;
const WORLDS_MAX = 1_000;
/** Of the event types that exist, those among the made-up events that conditions are asked of. */
const TYPES_MIN = 60;
const title = "compiled conditions answer as the interpreter does";

test.skipIf(NO_ENGINE_REASON !== "")(title, { timeout: isLong ? 0 : 120_000 }, async () => {
  const files = [...recordings()].filter(([name]) => isLong || name === "demo");
  const streams = await Promise.all(files.map(([name, file]) => recorded(name, file)));
  for (let i = 0; i < (isLong ? 3 : 1); i++)
    streams.push(world(`made up ${String(i)}`, MADE_UP, new Random(seed * WORLDS_MAX + i)));
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
  const madeUp = result.coverage.streams.get("made up 0");
  expect(madeUp?.types.size).toBeGreaterThanOrEqual(TYPES_MIN);
  expect(result.pairs).toBeGreaterThanOrEqual(Number(asked ?? 5_000));
});
