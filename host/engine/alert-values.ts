/**
 * The values of one match, rendered one after the other within a bound: an output may name many
 * fields, each of which may be long.
 */
import { ALERT_CHARS_MAX } from "../schema/manifest.ts";
import type { FieldValue } from "../schema/value.ts";
import type { EngineExports } from "./engine-module.ts";
import { type FieldRequest, renderField } from "./render.ts";

/** What a number, an address or a missing value is counted as. */
const SMALL_CHARS = 24;

export class AlertValues {
  readonly #engine: EngineExports;
  readonly #memory: WebAssembly.Memory;
  readonly #base64: boolean;
  #faults = 0;
  #chars = 0;

  constructor(engine: EngineExports, memory: WebAssembly.Memory, base64: boolean) {
    this.#engine = engine;
    this.#memory = memory;
    this.#base64 = base64;
  }

  /** Fields that could not be rendered or did not fit; their values are missing. */
  get faults(): number {
    return this.#faults;
  }

  /** Characters of the values that were rendered last. */
  get chars(): number {
    return this.#chars;
  }

  /** Only valid while the engine is inside `onMatch`. */
  render(requests: readonly FieldRequest[]): readonly FieldValue[] {
    this.#chars = 0;
    return requests.map((request) => this.#one(request));
  }

  #one(request: FieldRequest): FieldValue {
    if (this.#chars >= ALERT_CHARS_MAX) return this.#missing();
    try {
      const base64 = this.#base64;
      const value = renderField(this.#engine, this.#memory, { ...request, base64 });
      const chars = charsOf(value);
      if (this.#chars + chars > ALERT_CHARS_MAX) return this.#missing();
      this.#chars += chars;
      return value;
    } catch {
      return this.#missing();
    }
  }

  #missing(): null {
    this.#faults += 1;
    return null;
  }
}

function charsOf(value: FieldValue): number {
  if (typeof value === "string") return value.length;
  if (typeof value !== "object" || value === null) return SMALL_CHARS;
  return value.reduce((sum, item) => sum + item.length + 1, 0);
}
