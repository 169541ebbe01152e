/** Runs the operators: in WebAssembly, naively, natively, and in JavaScript. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import Benchmark from "benchmark";
import { DataBlock } from "../../host/compile/6-emit/data.ts";
import * as MAP from "../../host/schema/memory.ts";
import { compileLoops, type Loop } from "./loops.ts";
import { buildNative } from "./native.ts";
import { OPERATORS, type Operator, THREADS } from "./operators.ts";

/** Values and their lists: above the constants, below the rows. */
const VALUES_AT = MAP.PACK_DATA_BASE + (16 << 20);
const LISTS_AT = MAP.PACK_DATA_BASE + (32 << 20);
const LIST_BYTES = 4_096;
const NATIVE_BASE = 0x2000_0000_0000n;

/** ns per value; absent where there is nothing to compare. */
export interface OperatorFigures {
  readonly operator: string;
  readonly hits: number;
  readonly lanner: number;
  readonly native?: number;
  readonly naive?: number;
  readonly naiveNative?: number;
  readonly javascript: number;
  readonly decoded: number;
  readonly buffer?: number;
  readonly regexp?: number;
}

interface Case {
  readonly loop: Loop;
  readonly operator: Operator;
  readonly operand: number;
}

type LoopFunction = (list: number, count: number, operand: number) => number;

export interface SuiteOptions {
  /** For each function that is measured. */
  readonly seconds: number;
  readonly native: boolean;
}

export class OperatorSuite {
  readonly #cases: readonly Case[];
  readonly #wasm: Uint8Array;
  readonly #memory: WebAssembly.Memory;
  readonly #exports: WebAssembly.Instance["exports"];
  /** What the native program has to have in its memory, too. */
  readonly #pieces: (readonly [at: number, bytes: Uint8Array])[] = [];

  constructor() {
    const data = new DataBlock();
    this.#cases = OPERATORS.flatMap((operator, i) => casesOf(operator, i, data));
    this.#wasm = compileLoops(this.#cases.map(({ loop }) => loop));
    const pages = MAP.MEMORY_PAGES;
    this.#memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    const module = new WebAssembly.Module(this.#wasm);
    this.#exports = new WebAssembly.Instance(module, { env: { memory: this.#memory } }).exports;
    (this.#exports["start"] as () => void)();
    if ((this.#exports["makeThreads"] as (count: number) => number)(THREADS) !== 0) {
      throw new RangeError("the threads do not fit");
    }
    this.#put(MAP.PACK_DATA_BASE, data.bytes());
    this.#putValues();
  }

  run(options: SuiteOptions, say: (operator: string) => void): readonly OperatorFigures[] {
    const native = options.native ? this.#runNative(options.seconds) : [];
    return OPERATORS.map((operator) => {
      say(operator.name);
      return this.#measure(operator, native, options.seconds);
    });
  }

  #measure(operator: Operator, native: readonly number[], seconds: number): OperatorFigures {
    const index = this.#cases.findIndex((one) => one.operator === operator);
    const hits = this.#call(index);
    checkHits(operator, hits);
    const hasNaive = operator.naive !== undefined;
    if (hasNaive && this.#call(index + 1) !== hits) {
      throw new RangeError(`the naive loop disagrees on ${operator.name}`);
    }
    const run = (body: () => number): number => time(body, operator.values.length, seconds);
    const naiveNative = native[index + 1];
    return {
      operator: operator.name,
      hits,
      lanner: run(() => this.#call(index)),
      ...(native[index] === undefined ? {} : { native: native[index] }),
      ...(hasNaive ? { naive: run(() => this.#call(index + 1)) } : {}),
      ...(hasNaive && naiveNative !== undefined ? { naiveNative } : {}),
      ...inJavaScript(operator, run),
    };
  }

  #call(index: number): number {
    const { loop, operator, operand } = this.#cases[index] ?? missing();
    const call = this.#exports[loop.name] as LoopFunction;
    return call(LISTS_AT + index * LIST_BYTES, operator.values.length, operand);
  }

  #runNative(seconds: number): readonly number[] {
    const names = this.#cases.map(({ loop }) => loop.name);
    const program = buildNative({
      modules: [{ name: "loops", wasm: this.#wasm, base: NATIVE_BASE }],
      main: "loops.c",
      map: [
        `#define BASE ${NATIVE_BASE}ull`,
        `#define MEMORY_PAGES ${MAP.MEMORY_PAGES}u`,
        `#define MEMORY_BYTES ${MAP.MEMORY_PAGES * MAP.WASM_PAGE_BYTES}ull`,
        `#define LIST_BYTES ${LIST_BYTES}u`,
        `#define THREADS ${THREADS}u`,
        `#define LOOPS ${names.map((name) => `LOOP(${name})`).join(" ")}`,
        "",
      ].join("\n"),
      defines: [],
    });
    const folder = mkdtempSync(path.join(tmpdir(), "lanner-loops-"));
    try {
      const memory = path.join(folder, "memory");
      writeFileSync(memory, Buffer.concat(this.#pieces.flatMap(pieceBytes)));
      const stretches = 5;
      const stretch = Math.round((seconds / stretches) * 1e9);
      const cases = this.#cases.map(
        ({ loop, operator, operand }) => `${loop.name}=${operator.values.length}=${operand}`,
      );
      const args = [memory, LISTS_AT, stretch, stretches].map(String);
      const output = execFileSync(program, [...args, ...cases], { encoding: "utf8" });
      const results = JSON.parse(output) as readonly { ns: number; hits: number }[];
      results.forEach(({ hits }, i) => {
        if (hits !== this.#call(i)) throw new RangeError(`native disagrees on ${names[i] ?? ""}`);
      });
      return results.map(({ ns }) => ns);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  #putValues(): void {
    let at = VALUES_AT;
    this.#cases.forEach(({ operator }, index) => {
      const list = Buffer.alloc(operator.values.length * 8);
      operator.values.forEach((value, i) => {
        list.writeUInt32LE(at, i * 8);
        list.writeUInt32LE(value.length, i * 8 + 4);
        this.#put(at, value);
        // Values lie as parameters of events do: apart, and on any address.
        at += value.length + 16;
      });
      this.#put(LISTS_AT + index * LIST_BYTES, list);
    });
  }

  #put(at: number, bytes: Uint8Array): void {
    new Uint8Array(this.#memory.buffer).set(bytes, at);
    this.#pieces.push([at, bytes]);
  }
}

function casesOf(operator: Operator, index: number, data: DataBlock): readonly Case[] {
  const { lanner, naive, naiveOperand = operator.operand } = operator;
  const own = { name: `lanner${index}`, expression: lanner };
  const cases: Case[] = [{ loop: own, operator, operand: operator.operand(data) }];
  if (naive !== undefined) {
    const loop = { name: `naive${index}`, expression: naive };
    cases.push({ loop, operator, operand: naiveOperand(data) });
  }
  return cases;
}

type Run = (body: () => number) => number;

function inJavaScript(
  operator: Operator,
  run: Run,
): Pick<OperatorFigures, "javascript" | "decoded" | "buffer" | "regexp"> {
  const { values, buffer, regexp, decode = (value: Buffer) => value.toString("utf8") } = operator;
  const javascript = operator.javascript as (value: string | number) => boolean;
  const decoded = values.map(decode);
  const texts = values.map((value) => value.toString("utf8"));
  return {
    javascript: run(() => count(decoded, javascript)),
    decoded: run(() => count(values, (value) => javascript(decode(value)))),
    ...(buffer === undefined ? {} : { buffer: run(() => count(values, buffer)) }),
    ...(regexp === undefined ? {} : { regexp: run(() => count(texts, (t) => regexp.test(t))) }),
  };
}

function checkHits(operator: Operator, hits: number): void {
  const { values, decode = (value: Buffer) => value.toString("utf8") } = operator;
  const javascript = operator.javascript as (value: string | number) => boolean;
  if (count(values.map(decode), javascript) === hits) return;
  throw new RangeError(`WebAssembly and JavaScript disagree on ${operator.name}`);
}

function count<Value>(values: readonly Value[], holds: (value: Value) => boolean): number {
  let hits = 0;
  for (const value of values) if (holds(value)) hits += 1;
  return hits;
}

/** ns per value, best of the benchmark's samples. */
function time(body: () => number, values: number, seconds: number): number {
  const benchmark = new Benchmark(body, { maxTime: seconds, minSamples: 5 });
  benchmark.run();
  const failure = (benchmark as { readonly error?: Error }).error;
  if (failure !== undefined) throw failure;
  return (Math.min(...(benchmark.stats.sample as readonly number[])) * 1e9) / values;
}

function pieceBytes([at, bytes]: readonly [number, Uint8Array]): readonly Uint8Array[] {
  const head = Buffer.alloc(8);
  head.writeUInt32LE(at);
  head.writeUInt32LE(bytes.length, 4);
  return [head, bytes];
}

function missing(): never {
  throw new RangeError("no such operator");
}
