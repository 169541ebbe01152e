/**
 * The micro benchmark: each operator against naive loops, JavaScript and native code; and, given a
 * recording, engine and rules as WebAssembly against the same modules as native code.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { interleave } from "../host/bench/interleave.ts";
import { describeMachine } from "../host/bench/machine.ts";
import { figure } from "../host/bench/statistics.ts";
import { readWorkload } from "../host/bench/workload.ts";
import { openCapture } from "../host/replay/reader.ts";
import { NoNative } from "./micro/native.ts";
import { type OperatorFigures, OperatorSuite } from "./micro/suite.ts";
import { NativeWhole, packOf, WasmWhole } from "./micro/whole.ts";

const ROOT = path.resolve(import.meta.dirname, "../../..");
/** Repetitions of the workload per process, of which the first half warms up. */
const REPETITIONS = 16;

interface Whole {
  readonly events: number;
  readonly wasm: ReturnType<typeof figure>;
  readonly native: ReturnType<typeof figure>;
  readonly ratio: number;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seconds: { type: "string", default: "0.5" },
      rounds: { type: "string", default: "5" },
      capture: { type: "string" },
      rules: { type: "string", short: "r", multiple: true, default: [] },
      short: { type: "boolean", default: false },
    },
  });
  const seconds = values.short ? 0.05 : Number(values.seconds);
  const { operators, reason } = measureOperators(seconds);
  console.table(operators.map(row));
  if (reason !== undefined) say(`No native figures: ${reason}`);
  const rounds = values.short ? 2 : Number(values.rounds);
  const { capture, rules } = values;
  const whole = capture === undefined ? undefined : await tryWhole(capture, rules, rounds);
  const result = { date: new Date().toISOString(), machine: describeMachine(), operators, whole };
  mkdirSync(path.join(ROOT, "bench/results"), { recursive: true });
  writeFileSync(path.join(ROOT, "bench/results/micro.json"), JSON.stringify(result, null, 2));
}

interface Measured {
  readonly operators: readonly OperatorFigures[];
  /** Why there are no native figures. */
  readonly reason?: string;
}

function measureOperators(seconds: number): Measured {
  const suite = new OperatorSuite();
  const tell = (operator: string): void => {
    process.stderr.write(`${operator}\n`);
  };
  try {
    return { operators: suite.run({ seconds, native: true }, tell) };
  } catch (error) {
    if (!(error instanceof NoNative)) throw error;
    return { operators: suite.run({ seconds, native: false }, tell), reason: error.message };
  }
}

function row(figures: OperatorFigures): Readonly<Record<string, string>> {
  const { lanner, native } = figures;
  const against = (other: number | undefined): string =>
    other === undefined ? "" : `${other.toFixed(1)} (${(other / lanner).toFixed(1)}×)`;
  return {
    operator: figures.operator,
    "Lanner ns": lanner.toFixed(1),
    "native ns": native === undefined ? "" : native.toFixed(1),
    "of native": native === undefined ? "" : `${(lanner / native).toFixed(2)}×`,
    naive: against(figures.naive),
    JavaScript: against(figures.javascript),
    "and decoding": against(figures.decoded),
    Buffer: against(figures.buffer),
    RegExp: against(figures.regexp),
  };
}

async function tryWhole(
  ...args: Parameters<typeof measureWhole>
): Promise<Whole | { readonly missing: string }> {
  try {
    const whole = await measureWhole(...args);
    say(wholeLine(whole));
    return whole;
  } catch (error) {
    if (!(error instanceof NoNative)) throw error;
    say(`No native figures of the whole: ${error.message}`);
    return { missing: error.message };
  }
}

/** Processes of both kinds take turns; the best repetition of each counts. */
async function measureWhole(
  capture: string,
  rules: readonly string[],
  rounds: number,
): Promise<Whole> {
  const work = await readWorkload(openCapture(capture, { lenient: false }));
  const pack = await packOf(rules);
  const native = new NativeWhole(work, pack);
  const wasm = new WasmWhole(work, pack);
  const matches: number[] = [];
  const best = (times: readonly number[]): number => Math.min(...times.slice(times.length >> 1));
  const variants = {
    wasm: (): number => {
      const before = wasm.matches;
      const times = Array.from({ length: REPETITIONS }, () => wasm.round());
      matches.push(wasm.matches - before);
      return best(times);
    },
    native: (): number => {
      const times = native.run(REPETITIONS);
      matches.push(times.matches);
      return best(times.rounds);
    },
  };
  try {
    const measure = (name: keyof typeof variants): number => variants[name]();
    const samples = await interleave(["wasm", "native"] as const, measure, {
      rounds,
      warmUps: 1,
    });
    if (new Set(matches).size !== 1) throw new RangeError("native and WebAssembly match otherwise");
    const [inWasm, inNative] = [
      figure(samples.get("wasm") ?? []),
      figure(samples.get("native") ?? []),
    ];
    const ratio = inWasm.best / inNative.best;
    return { events: work.times.length, wasm: inWasm, native: inNative, ratio };
  } finally {
    wasm.close();
    native.close();
  }
}

function wholeLine({ wasm, native, ratio, events }: Whole): string {
  const text = (one: typeof wasm): string =>
    `${one.best.toFixed(1)} ns (median ${one.median.toFixed(1)} ± ${one.spread.toFixed(1)})`;
  return `Engine and rules over ${events} events, per event: WebAssembly ${text(wasm)}, native ${text(native)}: ${ratio.toFixed(2)}×`;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

await main();
