/**
 * An engine of its own that is asked for the values of fields in the middle of events, when packs
 * are called: a module that always matches stands where packs do.
 */
import { readFileSync } from "node:fs";
import { readContainerJson } from "../../host/engine/container-json.ts";
import {
  type EngineExports,
  instantiateEngine,
  PACK_TABLE_BASE,
} from "../../host/engine/engine-module.ts";
import { FRAME_AT } from "../../host/engine/state-window.ts";
import { schemaBlob } from "../../host/schema/blob.ts";
import { EVENTS, eventByCode } from "../../host/schema/events.ts";
import { fieldIndex } from "../../host/schema/fields.ts";
import { MEMORY_PAGES, REPLAY_BASE, STATE_BASE } from "../../host/schema/memory.ts";
import { ENGINE_FILE } from "../support/engine.ts";
import type { Rendered } from "../support/interpret/values.ts";
import { shapeOf } from "../support/interpret/values.ts";
import { evaluateFunction } from "../support/pack.ts";
import { type Stream, TABLES } from "./stream.ts";

/** Kinds of value that `render` returns. */
const KIND = { text: 1, address: 5, bytes: 6, double: 7, list: 8 } as const;

export class Observer {
  readonly #memory = new WebAssembly.Memory({ initial: MEMORY_PAGES, maximum: MEMORY_PAGES });
  readonly #bytes = new Uint8Array(this.#memory.buffer);
  readonly #view = new DataView(this.#memory.buffer);
  readonly #engine: EngineExports;

  readonly #onEvent: (observer: Observer) => void;

  /** `onEvent` is called in each event that a rule can see; only then is `read` allowed. */
  constructor(stream: Stream, onEvent: (observer: Observer) => void) {
    this.#onEvent = onEvent;
    const { exports, table } = instantiateEngine(readFileSync(ENGINE_FILE), this.#memory, {
      onMatch: () => this.#onEvent(this),
      onContainer: (address, length) => this.#onContainer(address >>> 0, length),
    });
    this.#engine = exports;
    const { threads, descriptors, stringBytes, containers, users, groups } = TABLES;
    const failed = exports.layOut(threads, descriptors, stringBytes, containers, users, groups);
    if (failed !== 0) throw new Error(`table ${String(failed)} does not fit`);
    const schema = schemaBlob();
    this.#bytes.set(schema, REPLAY_BASE);
    exports.loadSchema(REPLAY_BASE, schema.length);
    for (const { address, mask } of stream.networks) {
      const at = exports.argument() >>> 0;
      this.#bytes.set(address, at);
      this.#bytes.set(mask, at + address.length);
      exports.addNetwork(address.length === 4 ? 2 : 10, at, at + address.length);
    }
    table.set(PACK_TABLE_BASE, evaluateFunction("(i32.const 1)"));
    for (const { code } of EVENTS) exports.subscribe(0, code);
    exports.setPack(0, 1);
  }

  /** Applies whole blocks. */
  replay(blocks: Uint8Array): void {
    this.#bytes.set(blocks, REPLAY_BASE);
    const done = this.#engine.replay(REPLAY_BASE, blocks.length) >>> 0;
    if (done !== blocks.length) throw new Error(`the engine stopped at byte ${String(done)}`);
  }

  /** `evt.num` of the event. */
  get number(): bigint {
    return this.#view.getBigUint64(STATE_BASE + FRAME_AT.number, true);
  }

  get type(): number {
    return this.#view.getUint32(STATE_BASE + FRAME_AT.type, true);
  }

  read(field: string, argument: string | null): Rendered | undefined {
    const index = argument !== null && /^\d+$/.test(argument) ? Number(argument) : -1;
    const length = this.#put(argument ?? "");
    const kind = this.#engine.render(fieldIndex(field), index, length);
    if (kind === 0) return undefined;
    const isRaw = field === "evt.rawarg" && isNumeric(this.type, argument ?? "");
    const isText =
      kind === KIND.text || kind === KIND.bytes || kind === KIND.address || kind === KIND.list;
    const at = this.#engine.valueAddress() >>> 0;
    const end = at + (this.#engine.valueLength() >>> 0);
    const bytes = isText ? Buffer.from(this.#bytes.subarray(at, end)).toString("latin1") : "";
    return { bytes, number: this.#engine.valueNumber(), isNumber: isRaw || !isText };
  }

  #put(text: string): number {
    const bytes = Buffer.from(text);
    this.#bytes.set(bytes, this.#engine.argument() >>> 0);
    return bytes.length;
  }

  #onContainer(address: number, length: number): void {
    const json = Buffer.from(this.#bytes.subarray(address, address + length)).toString();
    const facts = readContainerJson(json);
    if (facts === undefined || this.#engine.openContainer(this.#put(facts.id)) === 0) return;
    for (const [i, text] of facts.texts) this.#engine.setContainerText(i, this.#put(text));
    for (const [i, value] of facts.numbers) this.#engine.setContainerNumber(i, value);
    this.#engine.closeContainer();
  }
}

/** A number with a format of its own is rendered as text, but compared as a number. */
function isNumeric(type: number, name: string): boolean {
  const params = eventByCode(type)?.params ?? [];
  const param = params.find((candidate) => candidate.name === name);
  return param !== undefined && ["integer", "truth"].includes(shapeOf(param.type).kind);
}
