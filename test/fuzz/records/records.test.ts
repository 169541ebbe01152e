/** A bounded run of the record fuzzer, and its corpus; `npm run fuzz -- --records N` goes on. */
import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import { compileRules } from "../../../host/compile/compile.ts";
import { NO_ENGINE_REASON } from "../../support/engine.ts";
import { Corpus } from "./corpus.ts";
import { EngineRun } from "./engine-run.ts";
import { checkCompressed, checkParts, checkReading } from "./reader-run.ts";
import { fuzzEngine, fuzzReader } from "./records.ts";

const asked = process.env["LANNER_FUZZ_RECORDS"];
const seed = Number(process.env["LANNER_FUZZ_SEED"] ?? 1);
const isLong = asked !== undefined;
const captures = isLong ? Math.ceil(Number(asked) / 2) : 2_000;
const events = isLong ? Math.floor(Number(asked) / 2) : 40_000;
const options = { timeout: isLong ? 0 : 120_000 };

const corpus = new Corpus(process.env["LANNER_FUZZ_KEEP"] === "1");
const log = (line: string): void => {
  if (isLong) console.log(line);
};

/**
 * A thread that ends this process when no step is made for long: a hang would keep the test runner
 * itself from noticing.
 */
function startGuard(): { step: () => void; stop: () => Promise<unknown> } {
  const steps = new Int32Array(new SharedArrayBuffer(4));
  const script = `
    const { workerData } = require("node:worker_threads");
    for (let last = -1; ; ) {
      if (Atomics.wait(workerData, 0, -1, 0) === "not-equal" && workerData[0] === last) {
        process.stderr.write("hang: no step within 60 s after step " + last + "\\n");
        process.kill(process.pid, "SIGKILL");
      }
      last = workerData[0];
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60_000);
    }`;
  const worker = new Worker(script, { eval: true, workerData: steps });
  worker.unref();
  return { step: () => Atomics.add(steps, 0, 1), stop: () => worker.terminate() };
}

async function seconds(what: string, run: () => Promise<void> | void): Promise<void> {
  const start = performance.now();
  await run();
  log(`${what} in ${((performance.now() - start) / 1_000).toFixed(1)} s, seed ${String(seed)}`);
}

test("every damaged capture is read to its end or refused in words", options, async () => {
  for (const [kind, bytes] of corpus.inputs("reader")) {
    await checkParts(bytes);
    const check = kind.startsWith("gzip") ? checkCompressed : checkReading;
    await check(bytes, 100);
  }
  const guard = startGuard();
  const run = { seed, captures, events, corpus, packs: [], log, onStep: guard.step };
  await seconds(`${String(captures)} damaged captures`, () => fuzzReader(run));
  await guard.stop();
  if (isLong) corpus.save();
});

const title = "no damaged event is read beyond its end, or taken for what it is not";
test.skipIf(NO_ENGINE_REASON !== "")(title, options, async () => {
  const kept = new EngineRun();
  for (const bytes of corpus.inputs("engine").values()) kept.feedRow(bytes);
  kept.close();
  const guard = startGuard();
  const packs = isLong ? [await rules()] : [];
  const run = { seed, captures, events, corpus, packs, log, onStep: guard.step };
  const compared = { values: 0 };
  await seconds(`${String(events)} damaged events`, () => {
    compared.values = fuzzEngine(run).values;
  });
  log(`${String(compared.values)} rendered values compared`);
  await guard.stop();
  if (isLong) corpus.save();
  expect(compared.values).toBeGreaterThan(10_000);
});

/** Rules of our own that look at every kind of value. */
async function rules(): Promise<Uint8Array> {
  const conditions = [
    "proc.cmdline contains x or proc.aname[2] startswith s or proc.env[A] exists",
    "fd.name glob /etc/* or fd.sip = 127.0.0.1 or fd.net in (10.0.0.0/8) or fd.rport > 80",
    "evt.arg.flags contains O_CREAT or evt.rawres < 0 or evt.args icontains sh or evt.buffer endswith z",
    "container.id != host or user.name = root or group.name in (a, b) or proc.exepath pmatch (/bin)",
    "toupper(proc.name) = SH or basename(fd.name) = passwd or len(evt.abspath) > 4",
  ];
  const list = conditions.map((condition, i) => ({
    ...{ rule: `rule ${String(i)}`, desc: "made up", output: "matched", priority: "INFO" },
    ...{ condition, warn_evttypes: false },
  }));
  const file = { name: "fuzz.yaml", text: JSON.stringify(list) };
  const { pack, diagnostics } = await compileRules([file], { cacheDirectory: null });
  if (pack === undefined) throw new Error(JSON.stringify(diagnostics));
  return pack.wasm;
}
