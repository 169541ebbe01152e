/**
 * The engine and its packs as instances in this process.
 *
 * Order of things: windows are mapped before any module exists; the engine takes over the state
 * window or lays it out; then each pack gets its data, runs `init`, and its `evaluate` goes into
 * the engine's table. From then on the host only calls `drain` or `replay` and is called back once
 * per event and pack that matched.
 *
 * A pack is not trusted. Its traps are caught here, what it reports is checked here, and a pack
 * that fails either is switched off while the others carry on with the same event.
 */
import type { OutputPart, Priority } from "../schema/manifest.ts";
import { PACKS_MAX, REPLAY_BASE } from "../schema/memory.ts";
import { AlertValues } from "./alert-values.ts";
import { tellContainer } from "./container-json.ts";
import {
  type Engine,
  type EngineExports,
  instantiateEngine,
  PACK_TABLE_BASE,
} from "./engine-module.ts";
import { type HostFacts, tellHost } from "./host-facts.ts";
import { LoadedPack, reasonOf } from "./loaded-pack.ts";
import { checkLayout, readPack } from "./pack.ts";
import { purgeThreads } from "./purge.ts";
import { stateHead } from "./render.ts";
import type { SessionListener } from "./session-listener.ts";

import {
  blockEnd,
  FRAME_AT,
  MATCHES_AT,
  NO_PACK,
  readPulse,
  STATE_HEAD_BYTES,
} from "./state-window.ts";
import {
  createWasmMemory,
  mapEngineWindows,
  ringFill,
  type WindowFiles,
  type WindowMode,
} from "./windows.ts";

export type { Match, PackFault } from "./session-listener.ts";

/** Sizes of the tables in the state window. */
export interface TableSizes {
  readonly threads: number;
  readonly descriptors: number;
  readonly stringBytes: number;
  readonly containers: number;
  readonly users: number;
  readonly groups: number;
}

export interface SessionOptions {
  readonly engine: Uint8Array;
  /** Bytes made by host/schema/blob.ts. */
  readonly schema: Uint8Array;
  /** Names of the fields; a field's number is its index here. */
  readonly fields: readonly string[];
  readonly packs: readonly Uint8Array[];
  /** Indexes of packs that must not run. */
  readonly disabled: readonly number[];
  readonly windows: WindowFiles;
  readonly tables: TableSizes;
  readonly mode: WindowMode;
  /** Go on with the state that is in the window. */
  readonly takeOver: boolean;
  /** Report the first matching rule of a pack only, or all of them. */
  readonly matching: "first" | "all";
  /** Rules below it count as not loaded. */
  readonly priority: Priority;
  /** Parts that are appended to every rule's output. */
  readonly appended: readonly OutputPart[];
  /** Print captured data as Base64 instead of with dots. */
  readonly base64?: boolean;
}

/** The engine itself failed; its state may be torn, so nothing may be called any more. */
export class EngineFault extends Error {
  override readonly name = "EngineFault";
}

/** State window: `laid-out` fresh, `taken-over` whole, or `torn` and laid out again. */
export type StateOrigin = "laid-out" | "taken-over" | "torn";

const decoder = new TextDecoder();
/** A container event's JSON is cut here: what a large-payload block may hold. */
const CONTAINER_BYTES_MAX = 1 << 20;
const CONTAINER_ID_BYTES_MAX = 256;

export class Session {
  readonly origin: StateOrigin;
  readonly #options: SessionOptions;
  readonly #listener: SessionListener;
  readonly #memory: WebAssembly.Memory;
  readonly #head: DataView;
  readonly #view: DataView;
  readonly #bytes: Uint8Array;
  readonly #engine: Engine;
  readonly #fieldIndex: ReadonlyMap<string, number>;
  readonly #packs: (LoadedPack | undefined)[] = [];
  readonly #values: AlertValues;
  #hostCalls = 0;

  /** Throws EngineFault or the addon's error when the engine cannot be set up. */
  constructor(options: SessionOptions, listener: SessionListener) {
    if (options.packs.length > PACKS_MAX) {
      throw new RangeError(`at most ${String(PACKS_MAX)} packs run together`);
    }
    this.#options = options;
    this.#listener = listener;
    this.#memory = createWasmMemory();
    mapEngineWindows(this.#memory, options.windows);
    this.#head = stateHead(this.#memory, STATE_HEAD_BYTES);
    this.#view = new DataView(this.#memory.buffer);
    this.#bytes = new Uint8Array(this.#memory.buffer);
    this.#fieldIndex = new Map(options.fields.map((name, index) => [name, index]));
    this.#engine = instantiateEngine(options.engine, this.#memory, {
      onMatch: (pack, count) => {
        this.#onMatch(pack >>> 0, count >>> 0);
      },
      onContainer: (address, length) => {
        this.#onContainer(address >>> 0, length >>> 0);
      },
      onEvaluated: (pack) => listener.onEvaluated?.(pack >>> 0),
      onProcess: (pid, address, length) => this.#onProcess(pid, address >>> 0, length >>> 0),
    });
    const { base64 = false } = options;
    this.#values = new AlertValues(this.#exports, this.#memory, base64);
    this.origin = this.#prepareState();
    this.#exports.setBase64(base64 ? 1 : 0);
    options.windows.rings.forEach((ring, index) => {
      this.#exports.setRing(index, ring.bytes);
    });
    options.packs.forEach((bytes, index) => {
      this.#packs[index] = options.disabled.includes(index) ? undefined : this.#load(bytes, index);
    });
  }

  /** Calls from Wasm into JavaScript so far: at most one per event and pack that matched. */
  get hostCalls(): number {
    return this.#hostCalls;
  }

  /** Alerts whose fields could not be rendered; their values are missing. */
  get renderFaults(): number {
    return this.#values.faults;
  }

  /** The engine's memory, for tests and measurements. */
  get memory(): WebAssembly.Memory {
    return this.#memory;
  }

  /** The greatest share of a ring, 0 to 1, that is still to be drained. */
  get ringFill(): number {
    return ringFill(this.#view, this.#options.windows.rings);
  }

  /** Memory of a pack that runs, or undefined. */
  packMemory(pack: number): WebAssembly.Memory | undefined {
    return this.#packs[pack]?.memory;
  }

  /** Applies and evaluates up to `eventsMax` events of the rings. Returns their number. */
  drain(eventsMax: number): number {
    return this.#guarded(() => this.#exports.drain(eventsMax) >>> 0) ?? 1;
  }

  /**
   * Applies and evaluates scap blocks of the replay window. Returns the bytes consumed: fewer than
   * `length` when a block is no event or is cut off.
   */
  replay(offset: number, length: number): number {
    let at = offset;
    const end = offset + length;
    while (at < end) {
      const start = at;
      const consumed = this.#guarded(() => this.#exports.replay(REPLAY_BASE + start, end - start));
      if (consumed !== undefined) return start + (consumed >>> 0) - offset;
      at = this.#afterCurrentBlock();
    }
    return at - offset;
  }

  /** Ends the replay under way behind the current block; for `onMatch`. */
  pauseReplay(): void {
    this.#exports.pauseReplay();
  }

  /** `PacedEngine`. */
  timePacks(on: boolean): void {
    this.#exports.timePacks(on ? 1 : 0);
  }

  pacePack(pack: number, stride: number): void {
    this.#exports.pacePack(pack, stride);
  }

  skippedOf(pack: number): number {
    return Number(this.#exports.skippedOf(pack));
  }

  /** Tells what the engine must know of the host that the events come from. */
  setHost(facts: HostFacts): void {
    tellHost(this.#exports, this.#bytes, facts);
  }

  /** Lets go of idle threads that are not among the living; returns how many. */
  purge(living: Uint32Array): number {
    return purgeThreads(this.#exports, this.#bytes, living);
  }

  /** After a take-over: packs that had not answered when the predecessor died see its event. */
  finishInterrupted(): void {
    if (this.origin !== "taken-over") return;
    this.#guarded(() => {
      this.#exports.resume();
      return 0;
    });
  }

  /** Puts bytes into the replay window, where `replay` finds them. */
  stage(bytes: Uint8Array, offset = 0): void {
    if (offset + bytes.length > this.#options.windows.replay.bytes) {
      throw new RangeError("the bytes do not fit the replay window");
    }
    this.#bytes.set(bytes, REPLAY_BASE + offset);
  }

  /** The engine asks for a wake-up before it sleeps; drain once more before blocking. */
  sleep(): void {
    this.#exports.sleep();
  }

  tap(on: boolean): void {
    this.#exports.tap(on ? 1 : 0);
  }

  /** Bytes that the tap has put into the replay window since it was switched on or cleared. */
  tapped(): number {
    return this.#exports.tapped() >>> 0;
  }

  get #exports(): EngineExports {
    return this.#engine.exports;
  }

  #prepareState(): StateOrigin {
    const attached = this.#options.takeOver ? this.#exports.attach() : undefined;
    if (attached === 0) return "taken-over";
    const { threads, descriptors, stringBytes, containers, users, groups } = this.#options.tables;
    const failed = this.#exports.layOut(
      threads,
      descriptors,
      stringBytes,
      containers,
      users,
      groups,
    );
    if (failed !== 0) {
      throw new EngineFault(
        `table ${String(failed)} does not fit the state window of ` +
          `${String(this.#options.windows.state.bytes)} bytes; lower falco_libs.thread_table_size`,
      );
    }
    this.stage(this.#options.schema);
    this.#exports.loadSchema(REPLAY_BASE, this.#options.schema.length);
    return attached === 1 ? "torn" : "laid-out";
  }

  #load(bytes: Uint8Array, index: number): LoadedPack | undefined {
    this.#listener.onLoading?.(index);
    try {
      const pack = readPack(bytes);
      checkLayout(pack, this.#engine.layout);
      const fieldIndex = (field: string): number => this.#fieldIndex.get(field) ?? -1;
      const loaded = new LoadedPack(pack, { ...this.#options, fieldIndex });
      this.#engine.table.set(PACK_TABLE_BASE + index, loaded.evaluate);
      for (const type of pack.manifest.eventTypes) this.#exports.subscribe(index, type);
      this.#exports.setPack(index, 1);
      return loaded;
    } catch (error) {
      this.#listener.onFault({ pack: index, reason: reasonOf(error), event: 0n, eventType: 0 });
      return undefined;
    }
  }

  /**
   * Runs the engine; undefined when a pack trapped and the event was finished without it.
   * A trap outside a pack is the engine's own and leaves the state in doubt.
   */
  #guarded(run: () => number): number | undefined {
    try {
      return run();
    } catch (error) {
      this.#switchOff(error);
    }
    // Every round switches a pack off, so this ends.
    for (;;) {
      try {
        this.#exports.resume();
        return undefined;
      } catch (error) {
        this.#switchOff(error);
      }
    }
  }

  #switchOff(error: unknown): void {
    if (error instanceof EngineFault) throw error;
    const pack = this.#head.getUint32(FRAME_AT.pack, true);
    if (pack === NO_PACK || this.#packs[pack] === undefined) {
      throw new EngineFault(`the engine failed: ${reasonOf(error)}`, { cause: error });
    }
    this.#refuse(pack, reasonOf(error));
  }

  #refuse(pack: number, reason: string): void {
    this.#packs[pack] = undefined;
    this.#exports.setPack(pack, 0);
    const { eventNumber, eventType } = readPulse(this.#head);
    this.#listener.onFault({ pack, reason, event: eventNumber, eventType });
  }

  /** Must throw EngineFault only: the engine is in the middle of an event. */
  #onMatch(index: number, count: number): void {
    this.#hostCalls += 1;
    const pack = this.#packs[index];
    if (pack === undefined) return;
    const rules = pack.readMatches(count);
    if (typeof rules === "string") {
      this.#refuse(index, rules);
      return;
    }
    for (const rule of rules) {
      if (pack.requestsOf(rule) === undefined) continue;
      this.#emit(index, rule, pack);
      if (this.#options.matching === "first") return;
    }
  }

  #emit(index: number, rule: number, pack: LoadedPack): void {
    const event = this.#head.getUint32(FRAME_AT.event, true);
    if (event > this.#bytes.length - 8) throw new EngineFault("the frame's event is no event");
    this.#head.setBigUint64(MATCHES_AT, this.#head.getBigUint64(MATCHES_AT, true) + 1n, true);
    const time = this.#view.getBigUint64(event, true);
    if (this.#listener.admits?.(index, rule, time) === false) return;
    const values = this.#values.render(pack.requestsOf(rule) ?? []);
    const number = this.#head.getBigUint64(FRAME_AT.number, true);
    const match = { pack: index, rule, event: number, time, values };
    this.#listener.onMatch(match, this.#values.chars + pack.charsOf(rule));
  }

  /** The event's own fields and all after it show what the JSON tells. */
  #onContainer(address: number, length: number): void {
    this.#hostCalls += 1;
    tellContainer(this.#exports, this.#bytes, this.#text(address, length, CONTAINER_BYTES_MAX));
  }

  #onProcess(pid: number, address: number, length: number): number {
    this.#hostCalls += 1;
    const container = this.#text(address, length, CONTAINER_ID_BYTES_MAX);
    return this.#listener.onProcess?.(pid, container) === true ? 1 : 0;
  }

  #text(address: number, length: number, max: number): string {
    return decoder.decode(this.#bytes.subarray(address, address + Math.min(length, max)));
  }

  /** Offset in the replay window of the block behind the one that is being evaluated. */
  #afterCurrentBlock(): number {
    const event = this.#head.getUint32(FRAME_AT.event, true) - REPLAY_BASE;
    const end = blockEnd(event, (at) => this.#view.getUint32(REPLAY_BASE + at, true));
    if (end === undefined) throw new EngineFault("the frame's event is in no block");
    return end;
  }
}
