/** A running instrumented pack: its counters and controls; see host/schema/instruments.ts. */
import { customSections } from "../engine/sections.ts";
import {
  INSTRUMENT_AT,
  INSTRUMENT_SLOT_BYTES,
  INSTRUMENTS_BASE,
  INSTRUMENTS_SECTION,
  type InstrumentSlot,
} from "../schema/instruments.ts";

export interface SlotCounts {
  readonly asked: number;
  readonly true: number;
  readonly remembered: number;
}

export class InstrumentedPack {
  readonly slots: readonly InstrumentSlot[];
  readonly #view: DataView;

  /** Throws RangeError when the pack was compiled without counters. */
  constructor(pack: Uint8Array, memory: WebAssembly.Memory) {
    const [section] = customSections(pack, INSTRUMENTS_SECTION);
    if (section === undefined) throw new RangeError("the pack counts nothing");
    this.slots = JSON.parse(new TextDecoder().decode(section)) as readonly InstrumentSlot[];
    this.#view = new DataView(
      memory.buffer,
      INSTRUMENTS_BASE,
      this.slots.length * INSTRUMENT_SLOT_BYTES,
    );
  }

  clear(): void {
    for (const [slot] of this.slots.entries()) {
      const at = slot * INSTRUMENT_SLOT_BYTES;
      this.#view.setBigUint64(at + INSTRUMENT_AT.asked, 0n, true);
      this.#view.setBigUint64(at + INSTRUMENT_AT.true, 0n, true);
      this.#view.setBigUint64(at + INSTRUMENT_AT.remembered, 0n, true);
    }
  }

  counts(): readonly SlotCounts[] {
    return this.slots.map((_, slot) => {
      const at = slot * INSTRUMENT_SLOT_BYTES;
      const read = (member: number): number => Number(this.#view.getBigUint64(at + member, true));
      return {
        asked: read(INSTRUMENT_AT.asked),
        true: read(INSTRUMENT_AT.true),
        remembered: read(INSTRUMENT_AT.remembered),
      };
    });
  }

  /** Of a rule, 1 leaves it out; of a predicate, how often it is computed again. */
  control(slot: number, value: number): void {
    this.#view.setUint32(slot * INSTRUMENT_SLOT_BYTES + INSTRUMENT_AT.control, value, true);
  }
}
