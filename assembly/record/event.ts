/**
 * One captured event, read in place: a scap event block without its file wrapping.
 *
 *   0        8        16      20     22        26                26+2n
 *   ├─ time ─┼─ tid ──┼─ len ─┼ type ┼─ params ┼─ lengths u16×n ─┼─ values, back to back …
 *     u64 ns   u64      u32     u16    u32
 *
 * Types with the large-payload flag have u32 lengths. Nothing is aligned. `decode` is the only
 * door: it checks every length before anybody follows it, and remembers where the parameters are.
 */
import { PARAMS_BASE } from "../schema/generated/memory";
import { isLargePayload } from "./large-payload";

export const EVENT_HEADER_BYTES: u32 = 26;
/** The longest parameter list of the schema is execve's 29; a hostile record may claim more. */
export const PARAMS_MAX: u32 = 64;

export class EventAt {
  @inline static time(event: usize): u64 {
    return load<u64>(event, 0);
  }
  @inline static tid(event: usize): i64 {
    return load<i64>(event, 8);
  }
  @inline static bytes(event: usize): u32 {
    return load<u32>(event, 16);
  }
  @inline static type(event: usize): u32 {
    return load<u16>(event, 20);
  }
  @inline static params(event: usize): u32 {
    return load<u32>(event, 22);
  }
}

/**
 * Parameters of the event that `decode` saw last, in the state window (PARAMS_BASE). The engine
 * writes them, once for each event; packs read the same bytes. One that the record lacks has
 * length 0.
 *
 *   0       4       8
 *   ├ event ┼ count ┼ address u32, length u32 of each parameter …
 *     u32     u32
 */
export class Params {
  @inline static get event(): usize {
    return load<u32>(<usize>PARAMS_BASE);
  }
  @inline static get count(): u32 {
    return load<u32>(<usize>PARAMS_BASE, 4);
  }
  @inline static address(index: u32): usize {
    return load<u32>(<usize>PARAMS_BASE + (<usize>index << 3), 8);
  }
  @inline static length(index: u32): u32 {
    return index < Params.count ? load<u32>(<usize>PARAMS_BASE + (<usize>index << 3), 12) : 0;
  }
  @inline static has(index: u32): bool {
    return Params.length(index) != 0;
  }
  /** Zero when the record is too short for the parameter, as for a missing one. */
  @inline static u64(index: u32): u64 {
    return Params.length(index) >= 8 ? load<u64>(Params.address(index)) : 0;
  }
  @inline static i64(index: u32): i64 {
    return <i64>Params.u64(index);
  }
  @inline static u32(index: u32): u32 {
    return Params.length(index) >= 4 ? load<u32>(Params.address(index)) : 0;
  }
  @inline static u16(index: u32): u32 {
    return Params.length(index) >= 2 ? <u32>load<u16>(Params.address(index)) : 0;
  }
  @inline static u8(index: u32): u32 {
    return Params.length(index) >= 1 ? <u32>load<u8>(Params.address(index)) : 0;
  }
  /** Length of a text parameter without its final NUL. */
  @inline static textLength(index: u32): u32 {
    const length = Params.length(index);
    return length == 0 ? 0 : length - 1;
  }
}

/**
 * Locates the parameters of the event at `event`, of which `available` bytes may be read.
 * Returns false, and leaves no parameters, when a length does not fit.
 */
export function decode(event: usize, available: u32): bool {
  keep(0, 0);
  if (available < EVENT_HEADER_BYTES) return false;
  const bytes = EventAt.bytes(event);
  const count = EventAt.params(event);
  if (bytes > available || bytes < EVENT_HEADER_BYTES || count > PARAMS_MAX) return false;
  const wide = isLargePayload(EventAt.type(event));
  const lengths = event + EVENT_HEADER_BYTES;
  const end = event + bytes;
  let value = lengths + ((<usize>count) << (wide ? 2 : 1));
  if (value > end) return false;
  let slot = <usize>PARAMS_BASE + 8;
  for (let i: u32 = 0; i < count; i++) {
    const length = wide
      ? load<u32>(lengths + (<usize>i << 2))
      : <u32>load<u16>(lengths + (<usize>i << 1));
    if (length > <u32>(end - value)) return false;
    store<u32>(slot, <u32>value);
    store<u32>(slot, length, 4);
    slot += 8;
    value += length;
  }
  if (value != end) return false;
  keep(event, count);
  return true;
}

function keep(event: usize, count: u32): void {
  store<u32>(<usize>PARAMS_BASE, <u32>event);
  store<u32>(<usize>PARAMS_BASE, count, 4);
}
