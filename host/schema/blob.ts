/**
 * The tables that AssemblyScript needs at run time, as bytes for the state window, so that no pack
 * carries them. `assembly/schema/tables.ts` reads them; the two change together, with the version.
 * Little-endian; offsets count from the start; an offset of 0 means "none".
 *
 *   +0   magic u32           +4   version u32        +8   bytes u32
 *   +12  events u32          offset of u32 × eventTypes: offset of the event, by type
 *   +16  eventTypes u32
 *   +20  names u32           offset of u32 × nameCount: texts of parameter names, sorted bytewise
 *   +24  nameCount u32
 *   +28  flagTables u32      offset of u32 × flagTableCount
 *   +32  flagTableCount u32
 *   +36  variantTables u32   offset of u32 × variantTableCount
 *   +40  variantTableCount u32
 *   +44  syscalls u32        offset of u32 × syscallCount: texts, by portable code
 *   +48  syscallCount u32
 *   +52  errnos u32          the same by error number
 *   +56  errnoCount u32
 *   +60  signals u32         the same by signal number
 *   +64  signalCount u32
 *
 *   event     ├ name u32 ┼ category u16 ┼ flags u16 ┼ kind u8 ┼ params u8 ┼ 0 u16 ┤ param …
 *   param     ├ nameId u16 ┼ type u8 ┼ format u8 ┼ table u16 ┼ dirfd u8 ┼ 0 u8 ┤
 *   flags     ├ count u32 ┤ count × (value u32, text u32), in printing order
 *   variants  ├ count u32 ┤ count × (type u8, format u8, 0 u16)
 *   text      ├ length u16 ┤ bytes, not terminated
 *
 * `table` is an index of flagTables, for DYN of variantTables, 0xffff for none; `dirfd` is the
 * index of a parameter, 0xff for none.
 */
import { CATEGORIES, EVENT_FLAGS, EVENT_KINDS, FORMATS, PARAM_TYPES } from "./encoding.ts";
import { EVENT_TYPES, EVENTS } from "./events.ts";
import { FLAG_TABLES, VARIANT_TABLES } from "./flags.ts";
import { ERRNO_NAMES, SIGNAL_NAMES } from "./numbers.ts";
import { SYSCALL_CODES, SYSCALLS } from "./syscalls.ts";
import type { EventSchema, Param } from "./types.ts";

/** "LSCH". */
export const SCHEMA_MAGIC = 0x4843_534c;
export const SCHEMA_VERSION = 1;
const HEAD_BYTES = 68;

/** In the order of their ids: sorted bytewise (all names are ASCII). */
export const PARAM_NAMES: readonly string[] = [
  ...new Set(EVENTS.flatMap((event) => event.params.map((param) => param.name))),
].sort((a, b) => (a < b ? -1 : 1));

const NAME_IDS: ReadonlyMap<string, number> = new Map(PARAM_NAMES.map((name, id) => [name, id]));
const FLAG_TABLE_INDEXES = new Map(FLAG_TABLES.map((table, index) => [table.name, index]));
const VARIANT_TABLE_INDEXES = new Map(VARIANT_TABLES.map((table, index) => [table.name, index]));

/** Id of a parameter name, undefined when no event has such a parameter. */
export function paramNameId(name: string): number | undefined {
  return NAME_IDS.get(name);
}

/** The tables as drawn above. Always the same bytes for the same version of the tables. */
export function schemaBlob(): Uint8Array {
  const out = new Writer();
  out.reserve(HEAD_BYTES);
  const sections = [
    ...section(
      out,
      EVENT_TYPES,
      EVENTS.map((event) => [event.code, writeEvent(out, event)]),
    ),
    ...section(
      out,
      PARAM_NAMES.length,
      PARAM_NAMES.map((name, id) => [id, out.text(name)]),
    ),
    ...section(
      out,
      FLAG_TABLES.length,
      FLAG_TABLES.map((t, i) => [i, writeFlags(out, t.entries)]),
    ),
    ...section(
      out,
      VARIANT_TABLES.length,
      VARIANT_TABLES.map((t, i) => [i, writeVariants(out, t)]),
    ),
    ...section(
      out,
      SYSCALL_CODES,
      SYSCALLS.map((s) => [s.code, out.text(s.name)]),
    ),
    ...numbered(out, ERRNO_NAMES),
    ...numbered(out, SIGNAL_NAMES),
  ];
  [SCHEMA_MAGIC, SCHEMA_VERSION, out.length, ...sections].forEach((value, i) => {
    out.patch(i * 4, value);
  });
  return out.bytes();
}

/** An array of offsets, 0 where `items` says nothing. Returns its own offset and its length. */
function section(
  out: Writer,
  count: number,
  items: readonly (readonly [index: number, offset: number])[],
): [offset: number, count: number] {
  const offset = out.reserve(count * 4);
  for (const [index, item] of items) out.patch(offset + index * 4, item);
  return [offset, count];
}

function numbered(
  out: Writer,
  names: readonly (readonly [number: number, name: string])[],
): [offset: number, count: number] {
  const count = Math.max(...names.map(([number]) => number)) + 1;
  return section(
    out,
    count,
    names.map(([number, name]) => [number, out.text(name)]),
  );
}

function writeEvent(out: Writer, event: EventSchema): number {
  const name = out.text(event.name);
  const offset = out.u32(name);
  out.u16(numberOf(CATEGORIES, event.category));
  out.u16(event.flags.reduce((bits, flag) => bits | EVENT_FLAGS[flag], 0));
  out.u8(EVENT_KINDS[event.kind]);
  out.u8(event.params.length);
  out.u16(0);
  for (const param of event.params) writeParam(out, param);
  return offset;
}

function writeParam(out: Writer, param: Param): void {
  out.u16(NAME_IDS.get(param.name) ?? 0);
  out.u8(PARAM_TYPES[param.type]);
  out.u8(FORMATS[param.format ?? "decimal"]);
  out.u16(tableIndex(param));
  out.u8(param.dirfd ?? 0xff);
  out.u8(0);
}

function tableIndex({ name, type, flags }: Param): number {
  if (flags === undefined) return 0xffff;
  const index = (type === "DYN" ? VARIANT_TABLE_INDEXES : FLAG_TABLE_INDEXES).get(flags);
  if (index === undefined) throw new Error(`parameter ${name}: there is no table ${flags}`);
  return index;
}

function writeFlags(out: Writer, entries: readonly (readonly [string, number])[]): number {
  const texts = entries.map(([name]) => out.text(name));
  const offset = out.u32(entries.length);
  entries.forEach(([, value], i) => {
    out.u32(value);
    out.u32(texts[i] ?? 0);
  });
  return offset;
}

function writeVariants(out: Writer, table: (typeof VARIANT_TABLES)[number]): number {
  const offset = out.u32(table.variants.length);
  for (const variant of table.variants) {
    out.u8(PARAM_TYPES[variant.type]);
    out.u8(FORMATS[variant.format ?? "decimal"]);
    out.u16(0);
  }
  return offset;
}

function numberOf(table: Readonly<Record<string, number>>, word: string): number {
  const number = table[word];
  if (number === undefined) throw new Error(`no number for ${word}`);
  return number;
}

/** Appends little-endian values; texts are written once and aligned to four bytes. */
class Writer {
  readonly #bytes: number[] = [];
  readonly #texts = new Map<string, number>();

  get length(): number {
    return this.#bytes.length;
  }

  reserve(count: number): number {
    const offset = this.length;
    for (let i = 0; i < count; i++) this.u8(0);
    return offset;
  }

  u8(value: number): number {
    return this.#bytes.push(value & 0xff) - 1;
  }

  u16(value: number): number {
    const offset = this.u8(value);
    this.u8(value >>> 8);
    return offset;
  }

  u32(value: number): number {
    const offset = this.u16(value & 0xffff);
    this.u16(value >>> 16);
    return offset;
  }

  text(value: string): number {
    const known = this.#texts.get(value);
    if (known !== undefined) return known;
    const bytes = new TextEncoder().encode(value);
    const offset = this.u16(bytes.length);
    for (const byte of bytes) this.u8(byte);
    while (this.length % 4 !== 0) this.u8(0);
    this.#texts.set(value, offset);
    return offset;
  }

  patch(offset: number, value: number): void {
    for (let i = 0; i < 4; i++) this.#bytes[offset + i] = (value >>> (8 * i)) & 0xff;
  }

  bytes(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }
}
