/**
 * Engine and pack over a recording: as WebAssembly in this process, and the same two modules as
 * native code. Both replay the same blocks the same number of times on the same kind of windows,
 * and have to agree on how many events matched.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { postpone, type Workload } from "../../host/bench/workload.ts";
import { compileRules } from "../../host/compile/compile.ts";
import {
  type EngineExports,
  instantiateEngine,
  PACK_TABLE_BASE,
} from "../../host/engine/engine-module.ts";
import { type Pack, readPack } from "../../host/engine/pack.ts";
import {
  createWasmMemory,
  mapEngineWindows,
  mapPackWindows,
  type WindowFiles,
} from "../../host/engine/windows.ts";
import { closeFd, createMemory } from "../../host/native/native.ts";
import { schemaBlob } from "../../host/schema/blob.ts";
import { EVALUATE_PARAMS } from "../../host/schema/manifest.ts";
import * as MAP from "../../host/schema/memory.ts";
import { buildNative } from "./native.ts";

const ROOT = path.resolve(import.meta.dirname, "../../../..");
/** layOut's arguments: threads, descriptors, bytes of text, containers, users, groups. */
const TABLES = [131_072, 262_144, 64 << 20, 4_096, 16_384, 16_384] as const;
/** Where the native program puts the two memories: far from anything else, 4 GiB apart. */
const ENGINE_BASE = 0x2000_0000_0000n;
const PACK_BASE = 0x2001_0000_0000n;

export interface WholeTimes {
  /** ns per event, one for each round; the first rounds warm up. */
  readonly rounds: readonly number[];
  readonly matches: number;
}

/** The rules as a pack; none for an empty list. */
export async function packOf(files: readonly string[]): Promise<Pack | undefined> {
  if (files.length === 0) return undefined;
  const rules = files.map((name) => ({ name, text: readFileSync(name, "utf8") }));
  const { pack } = await compileRules(rules);
  if (pack === undefined) throw new RangeError(`there is an error in ${files.join(", ")}`);
  return readPack(pack.wasm);
}

export class WasmWhole {
  readonly #work: Workload;
  readonly #exports: EngineExports;
  readonly #bytes: Uint8Array;
  readonly #files: WindowFiles;
  readonly #events: Buffer;
  #matches = 0;

  constructor(work: Workload, pack: Pack | undefined) {
    this.#work = work;
    this.#files = {
      state: { fd: createMemory("bench-state", MAP.STATE_BYTES_MAX), bytes: MAP.STATE_BYTES_MAX },
      replay: {
        fd: createMemory("bench-replay", MAP.REPLAY_BYTES_MAX),
        bytes: MAP.REPLAY_BYTES_MAX,
      },
      rings: [],
    };
    const memory = createWasmMemory();
    mapEngineWindows(memory, this.#files);
    this.#bytes = new Uint8Array(memory.buffer);
    const wasm = readFileSync(path.join(ROOT, "build/engine.wasm"));
    const engine = instantiateEngine(wasm, memory, {
      onMatch: () => {
        this.#matches += 1;
      },
      onContainer: () => undefined,
    });
    this.#exports = engine.exports;
    if (this.#exports.layOut(...TABLES) !== 0) throw new RangeError("the tables do not fit");
    const schema = schemaBlob();
    this.#bytes.set(schema, MAP.REPLAY_BASE);
    this.#exports.loadSchema(MAP.REPLAY_BASE, schema.length);
    if (pack !== undefined) this.#add(pack, engine.table);
    const { events, lists } = work;
    this.#bytes.set(lists, MAP.REPLAY_BASE + events.length);
    this.#events = Buffer.from(memory.buffer, MAP.REPLAY_BASE, events.length);
    this.#events.set(events);
  }

  /** Replays the workload once, later than before and with its lists; ns per event. */
  round(): number {
    const { lists, events, times, period } = this.#work;
    postpone(this.#events, times, period);
    this.#replay(events.length, lists.length);
    const start = process.hrtime.bigint();
    this.#replay(0, events.length);
    return Number(process.hrtime.bigint() - start) / times.length;
  }

  get matches(): number {
    return this.#matches;
  }

  close(): void {
    closeFd(this.#files.state.fd);
    closeFd(this.#files.replay.fd);
  }

  #replay(start: number, length: number): void {
    for (let at = start; at < start + length; ) {
      const left = start + length - at;
      const done = this.#exports.replay(MAP.REPLAY_BASE + at, left) >>> 0;
      if (done === 0) throw new RangeError("the engine takes a block for damaged");
      at += done;
    }
  }

  #add(pack: Pack, table: WebAssembly.Table): void {
    const memory = createWasmMemory();
    mapPackWindows(memory, this.#files, "mapped");
    new Uint8Array(memory.buffer).set(pack.data, MAP.PACK_DATA_BASE);
    const module = new WebAssembly.Module(pack.bytes);
    const { exports } = new WebAssembly.Instance(module, { env: { memory } });
    (exports["init"] as () => void)();
    table.set(PACK_TABLE_BASE, exports["evaluate"]);
    for (const type of pack.manifest.eventTypes) this.#exports.subscribe(0, type);
    this.#exports.setPack(0, 1);
  }
}

/** As wasm2c's runtime tells types apart: how many parameters and results, and what they are. */
const EVALUATE_TYPE = [
  String(EVALUATE_PARAMS.length),
  "1",
  ...[...EVALUATE_PARAMS, "i32"].map((type) => `WASM_RT_${type.toUpperCase()}`),
].join(",");

export class NativeWhole {
  readonly #work: Workload;
  readonly #program: string;
  readonly #folder: string;

  /** Translates and compiles what is not there yet; throws NoNative where that cannot be. */
  constructor(work: Workload, pack: Pack | undefined) {
    this.#work = work;
    const engine = readFileSync(path.join(ROOT, "build/engine.wasm"));
    const packs = pack === undefined ? [] : [{ name: "pack", wasm: pack.bytes, base: PACK_BASE }];
    this.#program = buildNative({
      modules: [{ name: "engine", wasm: engine, base: ENGINE_BASE }, ...packs],
      main: "whole.c",
      map: nativeMap(),
      defines: pack === undefined ? [] : ["PACK", `EVALUATE_TYPE=${EVALUATE_TYPE}`],
    });
    this.#folder = mkdtempSync(path.join(tmpdir(), "lanner-whole-"));
    const put = (name: string, bytes: Uint8Array): void => {
      writeFileSync(path.join(this.#folder, name), bytes);
    };
    put("schema", schemaBlob());
    put("lists", work.lists);
    put("events", work.events);
    put("times", new Uint8Array(work.times.buffer));
    if (pack === undefined) return;
    put("data", pack.data);
    put("types", new Uint8Array(Uint16Array.from(pack.manifest.eventTypes).buffer));
  }

  run(rounds: number): WholeTimes {
    const { times, period } = this.#work;
    const args = [this.#folder, String(rounds), String(period)];
    const output = execFileSync(this.#program, args, { encoding: "utf8" });
    const { ns, matches } = JSON.parse(output) as { ns: number[]; matches: number };
    return { rounds: ns.map((total) => total / times.length), matches };
  }

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function nativeMap(): string {
  const names = ["MEMORY_PAGES", "WASM_PAGE_BYTES", "STATE_BASE", "STATE_BYTES_MAX"] as const;
  const more = ["REPLAY_BASE", "REPLAY_BYTES_MAX", "PACK_DATA_BASE"] as const;
  const numbers = [...names, ...more].map((name) => `#define ${name} ${MAP[name]}u`);
  return [
    ...numbers,
    `#define ENGINE_BASE ${ENGINE_BASE}ull`,
    `#define PACK_BASE ${PACK_BASE}ull`,
    `#define PACK_TABLE_BASE ${PACK_TABLE_BASE}u`,
    `#define TABLE_SIZES ${TABLES.join(", ")}`,
    "",
  ].join("\n");
}
