/** The counters of an instrumented pack, against the matches that the engine itself counts. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DEMO_FILE } from "../../host/agent/paths.ts";
import { BenchSession } from "../../host/bench/bench-session.ts";
import { InstrumentedPack } from "../../host/bench/instrumented-pack.ts";
import { readWorkload } from "../../host/bench/workload.ts";
import { compileRules } from "../../host/compile/compile.ts";
import { openCapture } from "../../host/replay/reader.ts";
import { NO_ENGINE_REASON, sessionOptions, TABLES } from "../support/engine.ts";

const RULES = `
- rule: Any open
  desc: d
  condition: evt.type in (open, openat) and proc.name exists
  output: opened
  priority: NOTICE
- rule: No open
  desc: d
  condition: evt.type in (open, openat) and proc.name = nobody-has-this-name
  output: opened
  priority: NOTICE
`;

describe.skipIf(NO_ENGINE_REASON !== "")("an instrumented pack", () => {
  let matches = 0;
  let session: BenchSession;
  let pack: InstrumentedPack;

  beforeAll(async () => {
    const files = [{ name: "rules", text: RULES }];
    const { pack: compiled } = await compileRules(files, {
      instrument: "costs",
      cacheDirectory: null,
    });
    const wasm = compiled?.wasm ?? new Uint8Array(0);
    const tables = { ...TABLES, threads: 16_384, descriptors: 32_768, stringBytes: 16 << 20 };
    session = new BenchSession(await readWorkload(openCapture(DEMO_FILE)), {
      ...sessionOptions([wasm]),
      tables,
      mode: "mapped",
      onMatch: () => {
        matches += 1;
      },
    });
    pack = new InstrumentedPack(
      wasm,
      session.packMemory(0) ?? new WebAssembly.Memory({ initial: 1 }),
    );
  }, 120_000);

  afterAll(() => {
    session.close();
  });

  const ruleSlot = (rule: number): number =>
    pack.slots.findIndex((slot) => slot.kind === "rule" && slot.rule === rule);

  function repeat(): number {
    pack.clear();
    matches = 0;
    session.repeat();
    return matches;
  }

  test("counts as many true answers of a rule as the engine reports matches", () => {
    const reported = repeat();
    const [open, none] = [pack.counts()[ruleSlot(0)], pack.counts()[ruleSlot(1)]];
    expect(reported).toBeGreaterThan(0);
    expect(open?.true).toBe(reported);
    expect(none?.asked).toBe(open?.asked);
    expect(none?.true).toBe(0);
  });

  test("says the same in every repetition: state does not grow", () => {
    repeat();
    const once = pack.counts();
    repeat();
    expect(pack.counts()).toEqual(once);
  });

  test("leaves a rule out when told to", () => {
    pack.control(ruleSlot(0), 1);
    expect(repeat()).toBe(0);
    expect(pack.counts()[ruleSlot(0)]?.asked).toBe(0);
    pack.control(ruleSlot(0), 0);
    expect(repeat()).toBeGreaterThan(0);
  });
});
