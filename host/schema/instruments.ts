/**
 * What an instrumented pack counts while it runs; a pack for production has none of it. Slots lie
 * at the end of the pack's predicate caches, one after the other, 32 bytes each:
 *
 *   0        8          16           24         28
 *   ├─ asked ┼─ true ───┼─ remembered ┼─ control ┤
 *     u64      u64        u64           u32
 *
 * `asked` counts evaluations, `true` those that were, `remembered` answers that came from a cache.
 * `control` is written by whoever measures: of a rule, 1 leaves it out; of a predicate, how often
 * it is computed again each time it is computed.
 */
import { PACK_CACHE_BASE, PACK_CACHE_BYTES_MAX } from "./memory.ts";

export const INSTRUMENT_SLOTS_MAX = 65_536;
export const INSTRUMENT_SLOT_BYTES = 32;
export const INSTRUMENTS_BASE =
  PACK_CACHE_BASE + PACK_CACHE_BYTES_MAX - INSTRUMENT_SLOTS_MAX * INSTRUMENT_SLOT_BYTES;
export const INSTRUMENT_AT = { asked: 0, true: 8, remembered: 16, control: 24 } as const;

/** Custom section of an instrumented pack: its slots as JSON, in their order. */
export const INSTRUMENTS_SECTION = "lanner.instruments";

export type InstrumentSlot =
  /** A rule that an event of the right type has reached; `rule` as in the manifest. */
  | { readonly kind: "rule"; readonly rule: number }
  /** One question to one value, or several to the same value. */
  | {
      readonly kind: "predicate";
      readonly text: string;
      /** Its name in a profile; absent for several questions. */
      readonly key?: string;
      readonly lifetime: string;
    }
  /** Of a survey: events of a type; those that found an open row; those for which a node holds. */
  | { readonly kind: "event"; readonly event: string }
  | { readonly kind: "row"; readonly event: string; readonly lifetime: string }
  | { readonly kind: "node"; readonly event: string; readonly key: string }
  /** A condition whose answer is kept: until the next event, or while its subject is unchanged. */
  | { readonly kind: "memory"; readonly text: string; readonly lifetime: string };
