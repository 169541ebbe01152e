/** One pack as an instance: its memory, what it exports, and what it reports, checked. */
import { type OutputPart, PRIORITIES, type Priority } from "../schema/manifest.ts";
import { MATCHES_MAX, PACK_DATA_BASE, STATE_BASE } from "../schema/memory.ts";
import { fixedChars, type Pack, PackError } from "./pack.ts";
import { type FieldRequest, fieldRequests } from "./render.ts";
import { createWasmMemory, mapPackWindows, type WindowFiles, type WindowMode } from "./windows.ts";

export interface LoadOptions {
  readonly windows: WindowFiles;
  readonly mode: WindowMode;
  /** Rules below it count as not loaded. */
  readonly priority: Priority;
  /** Parts that are appended to every rule's output. */
  readonly appended: readonly OutputPart[];
  /** Number of a field for the engine, −1 for an unknown one. */
  readonly fieldIndex: (field: string) => number;
}

export class LoadedPack {
  readonly memory: WebAssembly.Memory;
  /** Goes into the engine's table as it is. */
  readonly evaluate: unknown;
  readonly #matches: () => unknown;
  readonly #chars: readonly number[];
  readonly #requests: readonly (readonly FieldRequest[] | undefined)[];

  /** Runs the pack's `init`: may throw whatever a pack can do wrong, or PackError. */
  constructor(pack: Pack, options: LoadOptions) {
    const module = new WebAssembly.Module(pack.bytes);
    this.memory = createWasmMemory();
    mapPackWindows(this.memory, options.windows, options.mode);
    new Uint8Array(this.memory.buffer).set(pack.data, PACK_DATA_BASE);
    const { exports } = new WebAssembly.Instance(module, { env: { memory: this.memory } });
    const { init, evaluate, matches } = exports;
    if (!isFunction(init) || !isFunction(evaluate) || !isFunction(matches)) {
      throw new PackError("does not export init, evaluate and matches");
    }
    init();
    this.evaluate = evaluate;
    this.#matches = matches;
    const least = PRIORITIES.indexOf(options.priority);
    this.#chars = pack.manifest.rules.map((rule) => fixedChars(rule.output));
    this.#requests = pack.manifest.rules.map((rule) =>
      PRIORITIES.indexOf(rule.priority) > least
        ? undefined
        : fieldRequests([...rule.output, ...options.appended], options.fieldIndex),
    );
  }

  /** What to render for a rule; undefined for one below the wanted priority. */
  requestsOf(rule: number): readonly FieldRequest[] | undefined {
    return this.#requests[rule];
  }

  /** What a rule's output is long without its values. */
  charsOf(rule: number): number {
    return this.#chars[rule] ?? 0;
  }

  /** Rule indexes that the pack reports for this event, or what is wrong with them. */
  readMatches(count: number): readonly number[] | string {
    if (count === 0 || count > MATCHES_MAX) {
      return `reported ${String(count)} matches for one event`;
    }
    let address: number;
    try {
      address = Number(this.#matches()) >>> 0;
    } catch (error) {
      return reasonOf(error);
    }
    if (address + 4 * count > STATE_BASE) return "put its match list outside its private memory";
    const view = new DataView(this.memory.buffer, address, 4 * count);
    const rules = Array.from({ length: count }, (_, i) => view.getUint32(4 * i, true));
    const inOrder = rules.every((rule, i) => i === 0 || rule > (rules[i - 1] ?? rule));
    const known = rules.every((rule) => rule < this.#requests.length);
    return inOrder && known ? rules : "reported rules that it does not have";
  }
}

/** Text of a trap or of any other failure, never a stack. */
export function reasonOf(error: unknown): string {
  if (error instanceof RangeError) return "ran out of stack";
  return error instanceof Error ? error.message : String(error);
}

function isFunction(value: unknown): value is () => unknown {
  return typeof value === "function";
}
