/**
 * Reads of the run-time tables that `host/schema/blob.ts` draws and writes. `base` is where they
 * lie (`Header.schemaBase`); they are trusted bytes of our own, so only numbers that come from
 * records are checked. A result of 0 means "there is none".
 *
 *   text   ├─ length u16 ─┤ bytes, not terminated
 *   param  ├─ nameId u16 ─┼─ type u8 ─┼─ format u8 ─┼─ table u16 ─┼─ dirfd u8 ─┼─ 0 u8 ─┤
 */

/** "LSCH", and the version of the layout. */
const MAGIC: u32 = 0x4843_534c;
const VERSION: u32 = 1;
const HEAD_BYTES: u32 = 68;

const EVENT_HEAD_BYTES: usize = 12;
const PARAM_BYTES: usize = 8;

export const NO_TABLE: u32 = 0xffff;
export const NO_DIRFD: u32 = 0xff;

/** True when `length` bytes at `base` are whole tables of this version. */
export function isSchema(base: usize, length: u32): bool {
  if (length < HEAD_BYTES || load<u32>(base) != MAGIC) return false;
  return load<u32>(base, 4) == VERSION && load<u32>(base, 8) == length;
}

/** A text of the tables, by its address. */
export class TableText {
  @inline static length(text: usize): u32 {
    return load<u16>(text);
  }
  @inline static bytes(text: usize): usize {
    return text + 2;
  }
}

/** A parameter of an event, by its address (see `paramAt`). */
export class ParamInfo {
  @inline static nameId(param: usize): u32 {
    return load<u16>(param);
  }
  /** `ParamType`. */
  @inline static type(param: usize): u32 {
    return load<u8>(param, 2);
  }
  /** `Format`. */
  @inline static format(param: usize): u32 {
    return load<u8>(param, 3);
  }
  /** For `flagTable`, for DYN parameters for `variantTable`; NO_TABLE. */
  @inline static table(param: usize): u32 {
    return load<u16>(param, 4);
  }
  /** Index of the parameter that holds the directory; NO_DIRFD. */
  @inline static dirfd(param: usize): u32 {
    return load<u8>(param, 6);
  }
}

/** Item `index` of the section whose offset and count stand at `head`: an address, or 0. */
function itemAt(base: usize, head: usize, index: u32): usize {
  if (index >= load<u32>(base + head, 4)) return 0;
  const offset = load<u32>(base + load<u32>(base + head) + (<usize>index << 2));
  return offset == 0 ? 0 : base + offset;
}

/** Address of the event's row, 0 for types that are not live. */
export function eventAt(base: usize, type: u32): usize {
  return itemAt(base, 12, type);
}

/** Text; for GENERIC_X this is "syscall", the call's name comes from `syscallName`. */
export function eventName(base: usize, type: u32): usize {
  const event = eventAt(base, type);
  return event == 0 ? 0 : base + load<u32>(event);
}

/** `Category`; 0 for types that are not live. */
export function eventCategory(base: usize, type: u32): u32 {
  const event = eventAt(base, type);
  return event == 0 ? 0 : load<u16>(event, 4);
}

/** Bits of `EventFlag`. */
export function eventFlags(base: usize, type: u32): u32 {
  const event = eventAt(base, type);
  return event == 0 ? 0 : load<u16>(event, 6);
}

/** `EventKind`; 0 for types that are not live. */
export function eventKind(base: usize, type: u32): u32 {
  const event = eventAt(base, type);
  return event == 0 ? 0 : load<u8>(event, 8);
}

/** Parameters that a current record of the type has; an old one may have fewer. */
export function paramCount(base: usize, type: u32): u32 {
  const event = eventAt(base, type);
  return event == 0 ? 0 : load<u8>(event, 9);
}

/** Address of a parameter's row, for `ParamInfo`; 0 beyond the last. */
export function paramAt(base: usize, type: u32, index: u32): usize {
  const event = eventAt(base, type);
  if (event == 0 || index >= <u32>load<u8>(event, 9)) return 0;
  return event + EVENT_HEAD_BYTES + <usize>index * PARAM_BYTES;
}

/** Index of the parameter with that name id, −1 when the event has none. */
export function paramIndex(base: usize, type: u32, nameId: u32): i32 {
  const event = eventAt(base, type);
  if (event == 0) return -1;
  const count = <u32>load<u8>(event, 9);
  let param = event + EVENT_HEAD_BYTES;
  for (let i: u32 = 0; i < count; i++) {
    if (ParamInfo.nameId(param) == nameId) return <i32>i;
    param += PARAM_BYTES;
  }
  return -1;
}

/** Text of a parameter's name, 0 beyond the last parameter. */
export function paramName(base: usize, type: u32, index: u32): usize {
  const param = paramAt(base, type, index);
  return param == 0 ? 0 : nameText(base, ParamInfo.nameId(param));
}

/** Text of a name id. */
export function nameText(base: usize, nameId: u32): usize {
  return itemAt(base, 20, nameId);
}

/** Id of the parameter name with these bytes, −1 when no event has such a parameter. */
export function nameIdOf(base: usize, bytes: usize, length: u32): i32 {
  let low: u32 = 0;
  let high: u32 = load<u32>(base, 24);
  while (low < high) {
    const middle = (low + high) >> 1;
    const order = compare(nameText(base, middle), bytes, length);
    if (order == 0) return <i32>middle;
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return -1;
}

/** Bytewise order of a text against other bytes; a prefix comes first. */
function compare(text: usize, bytes: usize, length: u32): i32 {
  const own = TableText.length(text);
  const shorter = min<u32>(own, length);
  for (let i: u32 = 0; i < shorter; i++) {
    const difference = <i32>load<u8>(TableText.bytes(text) + i) - <i32>load<u8>(bytes + i);
    if (difference != 0) return difference;
  }
  return <i32>own - <i32>length;
}

/** Address of a flag table, for `FlagTable`. */
export function flagTable(base: usize, index: u32): usize {
  return itemAt(base, 28, index);
}

/** Entries of a flag table, by the table's address; they stand in printing order. */
export class FlagTable {
  @inline static count(table: usize): u32 {
    return load<u32>(table);
  }
  @inline static value(table: usize, entry: u32): u32 {
    return load<u32>(table + 4 + (<usize>entry << 3));
  }
  /** Text of the entry's name. */
  @inline static name(base: usize, table: usize, entry: u32): usize {
    return base + load<u32>(table + 8 + (<usize>entry << 3));
  }
}

/** `ParamType` of a DYN parameter with this first byte, 0 for a variant that does not exist. */
export function variantType(base: usize, tableIndex: u32, variant: u32): u32 {
  const at = variantAt(base, tableIndex, variant);
  return at == 0 ? 0 : load<u8>(at);
}

/** `Format` of a DYN parameter with this first byte. */
export function variantFormat(base: usize, tableIndex: u32, variant: u32): u32 {
  const at = variantAt(base, tableIndex, variant);
  return at == 0 ? 0 : load<u8>(at, 1);
}

function variantAt(base: usize, tableIndex: u32, variant: u32): usize {
  const table = itemAt(base, 36, tableIndex);
  if (table == 0 || variant >= load<u32>(table)) return 0;
  return table + 4 + (<usize>variant << 2);
}

/** Text of a system call's name by its portable code. */
export function syscallName(base: usize, code: u32): usize {
  return itemAt(base, 44, code);
}

/** Text of an error's name by its positive number. */
export function errnoName(base: usize, number: u32): usize {
  return itemAt(base, 52, number);
}

/** Text of a signal's name; 0 for real-time signals, which print as numbers. */
export function signalName(base: usize, number: u32): usize {
  return itemAt(base, 60, number);
}
