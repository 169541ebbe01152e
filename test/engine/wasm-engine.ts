/**
 * The engine module over a plain memory, without windows: what tests feed and what they look at.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import {
  type EngineExports,
  instantiateEngine,
  PACK_TABLE_BASE,
} from "../../host/engine/engine-module.ts";
import { schemaBlob } from "../../host/schema/blob.ts";
import { fieldIndex } from "../../host/schema/fields.ts";
import { MEMORY_PAGES, REPLAY_BASE, STATE_BASE } from "../../host/schema/memory.ts";
import { evaluateFunction } from "../support/pack.ts";
import { typeOf } from "../support/records.ts";

const ENGINE = fileURLToPath(new URL("../../build/engine.wasm", import.meta.url));
const COUNTERS = STATE_BASE + 2_048;
const FRAME = STATE_BASE + 1_024;
const HEADER = { changing: 12, changeClock: 24, lineageChangedAt: 32, eventNumber: 48 } as const;

/** Numbers of assembly/state/counters.ts. */
export const COUNTER = {
  events: 0,
  evaluated: 1,
  matches: 3,
  malformed: 5,
  unknownTypes: 6,
  threadsFull: 7,
  descriptorsFull: 8,
  processDescriptorsFull: 9,
  stringsFull: 10,
  containersFull: 12,
  placeholders: 16,
  threadsAdded: 17,
  threadsRemoved: 18,
  threadsReplaced: 19,
  descriptorsAdded: 20,
  descriptorsRemoved: 21,
  packTraps: 23,
  discarded: 24,
  ringGaps: 25,
  entersUsed: 28,
} as const;

export interface Sizes {
  readonly threads?: number;
  readonly descriptors?: number;
  readonly stringBytes?: number;
  readonly containers?: number;
}

/** What the engine exports beyond what the session uses. */
interface MoreExports extends EngineExports {
  addInterface(family: number, address: number): void;
  setBootTime(time: bigint): void;
  openContainer(length: number): number;
  setContainerText(index: number, length: number): void;
  setContainerNumber(index: number, value: bigint): void;
  closeContainer(): void;
}

export class WasmEngine {
  readonly memory = new WebAssembly.Memory({ initial: MEMORY_PAGES, maximum: MEMORY_PAGES });
  readonly exports: MoreExports;
  readonly table: WebAssembly.Table;
  /** Called by the engine; tests may replace them. */
  onMatch: (pack: number, count: number) => void = () => undefined;
  onContainer: (json: string) => void = () => undefined;
  onProcess: (pid: number, container: string) => number = () => 0;
  readonly #view: DataView;

  constructor(sizes: Sizes = {}) {
    const imports = {
      onMatch: (pack: number, count: number) => this.onMatch(pack, count),
      onContainer: (address: number, length: number) =>
        this.onContainer(this.text(address >>> 0, length)),
      onProcess: (pid: number, address: number, length: number) =>
        this.onProcess(pid, this.text(address >>> 0, length)),
    };
    const engine = instantiateEngine(readFileSync(ENGINE), this.memory, imports);
    this.exports = engine.exports as MoreExports;
    this.table = engine.table;
    this.#view = new DataView(this.memory.buffer);
    const { threads = 1_024, descriptors = 4_096, stringBytes = 8 << 20, containers = 64 } = sizes;
    const wrong = this.exports.layOut(threads, descriptors, stringBytes, containers, 64, 64);
    if (wrong !== 0) throw new Error(`the tables do not fit: ${wrong}`);
    const blob = schemaBlob();
    this.bytes.set(blob, REPLAY_BASE);
    this.exports.loadSchema(REPLAY_BASE, blob.length);
  }

  get bytes(): Uint8Array {
    return new Uint8Array(this.memory.buffer);
  }

  text(address: number, length: number): string {
    return Buffer.from(this.memory.buffer, address, length).toString();
  }

  /** Applies blocks; returns the bytes consumed. */
  feed(...blocks: readonly Uint8Array[]): number {
    const bytes = Buffer.concat(blocks);
    this.bytes.set(bytes, REPLAY_BASE);
    return this.exports.replay(REPLAY_BASE, bytes.length) >>> 0;
  }

  /** Value of a field of the last event, undefined when it is missing. */
  field(name: string, argument = ""): string | number | boolean | undefined {
    const bytes = Buffer.from(argument);
    this.bytes.set(bytes, this.exports.argument() >>> 0);
    const index = /^\d+$/.test(argument) ? Number(argument) : -1;
    const kind = this.exports.render(fieldIndex(name), index, bytes.length);
    const address = this.exports.valueAddress() >>> 0;
    const length = this.exports.valueLength() >>> 0;
    const number = this.exports.valueNumber();
    if (kind === 0) return undefined;
    if (kind === 2) return Number(number);
    if (kind === 3) return Number(BigInt.asUintN(64, number));
    if (kind === 4) return number !== 0n;
    if (kind === 5) return [...this.bytes.subarray(address, address + length)].join(".");
    if (kind === 7) return new Float64Array(BigInt64Array.of(number).buffer)[0];
    return this.text(address, length);
  }

  counter(name: keyof typeof COUNTER): number {
    return Number(this.#view.getBigUint64(COUNTERS + 8 * COUNTER[name], true));
  }

  header(name: keyof typeof HEADER): number {
    const at = STATE_BASE + HEADER[name];
    return name === "changing"
      ? this.#view.getUint32(at, true)
      : Number(this.#view.getBigUint64(at, true));
  }

  /** Address of the entry that the frame names, 0 for none. */
  frame(name: "thread" | "leader" | "descriptor" | "container"): number {
    const at = { thread: 16, leader: 20, descriptor: 24, container: 28 }[name];
    return this.#view.getUint32(FRAME + at, true);
  }

  get frameNumber(): number {
    return Number(this.#view.getBigUint64(FRAME, true));
  }

  /** Puts a pack's `evaluate` in place; `types` are ids. */
  addPack(index: number, evaluate: unknown, types: readonly string[]): void {
    this.table.set(PACK_TABLE_BASE + index, evaluate);
    for (const id of types) this.exports.subscribe(index, typeOf(id));
    this.exports.setPack(index, 1);
  }
}

/** Returns `count`. */
export const packThatReturns = (count: number): unknown =>
  evaluateFunction(`(i32.const ${String(count)})`);

export const packThatTraps = (): unknown => evaluateFunction("(unreachable)");
