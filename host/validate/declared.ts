/**
 * Sections of a pack in which it declares things. What V8 makes room for or writes while it
 * instantiates a module is bounded here: it writes active data in C++, where a read-only window
 * ends the process instead of trapping.
 */
import { PACK_CACHE_BASE } from "../schema/memory.ts";
import { BadBinary, type BinaryReader } from "./binary.ts";
import { refuseInstructions } from "./instructions.ts";
import { valueType } from "./value-type.ts";

/** What later sections refer to. */
export interface Declared {
  /** Types as text: "(i32 i64) i32". */
  readonly types: string[];
  /** Type index of each function. */
  readonly functions: number[];
  /** Function index by exported name. */
  readonly exports: Map<string, number>;
  tableEntries: number;
}

const TYPES_MAX = 10_000;
const VALUES_MAX = 1_000;
const GLOBALS_MAX = 100_000;
const SEGMENTS_MAX = 100_000;
const TABLE_ENTRIES_MAX = 10_000;
const LOCALS_MAX = 50_000;

const FUNCTION_TYPE = 0x60;
const FUNCREF = 0x70;
const END = 0x0b;
const GLOBAL_GET = 0x23;
const I32_CONST = 0x41;
const I64_CONST = 0x42;
const F32_CONST = 0x43;
const F64_CONST = 0x44;
const PREFIX_SIMD = 0xfd;
const V128_CONST = 0x0c;

function valueTypes(reader: BinaryReader): string {
  const count = reader.u32();
  if (count > VALUES_MAX) throw new BadBinary("a function takes or returns too many values");
  return Array.from({ length: count }, () => valueType(reader)).join(" ");
}

export function readTypes(section: BinaryReader, declared: Declared): string | null {
  const count = section.u32();
  if (count > TYPES_MAX) return `it has ${count} types, more than ${TYPES_MAX}`;
  for (let i = 0; i < count; i++) {
    if (section.byte() !== FUNCTION_TYPE) return "it has a type that is no function's";
    declared.types.push(`(${valueTypes(section)}) ${valueTypes(section)}`.trim());
  }
  return null;
}

export function refuseTables(section: BinaryReader, declared: Declared): string | null {
  const count = section.u32();
  if (count > 1) return "it has several tables";
  if (count === 0) return null;
  if (section.byte() !== FUNCREF) return "its table is not of functions";
  const flags = section.byte();
  if (flags > 1) return "its table is of an unknown form";
  declared.tableEntries = section.u32();
  if (flags === 1) section.u32();
  return declared.tableEntries <= TABLE_ENTRIES_MAX
    ? null
    : `its table has ${declared.tableEntries} entries, more than ${TABLE_ENTRIES_MAX}`;
}

export function refuseGlobals(section: BinaryReader): string | null {
  const count = section.u32();
  if (count > GLOBALS_MAX) return `it has ${count} globals, more than ${GLOBALS_MAX}`;
  for (let i = 0; i < count; i++) {
    valueType(section);
    if (section.byte() > 1) return "a global is of an unknown form";
    skipConstant(section);
    if (section.byte() !== END) return "a global does not start as a constant";
  }
  return null;
}

function skipConstant(section: BinaryReader): void {
  const opcode = section.byte();
  if (opcode === I32_CONST) section.skipNumber(32);
  else if (opcode === I64_CONST) section.skipNumber(64);
  else if (opcode === F32_CONST) section.skip(4);
  else if (opcode === F64_CONST) section.skip(8);
  else if (opcode === GLOBAL_GET) section.u32();
  else if (opcode === PREFIX_SIMD && section.u32() === V128_CONST) section.skip(16);
  else throw new BadBinary("a global does not start as a constant");
}

/** Where an active segment goes; undefined unless that is a plain i32.const. */
function segmentOffset(section: BinaryReader): number | undefined {
  if (section.byte() !== I32_CONST) return undefined;
  const offset = section.address();
  return section.byte() === END ? offset : undefined;
}

export function refuseElements(section: BinaryReader, declared: Declared): string | null {
  const segments = section.u32();
  if (segments > SEGMENTS_MAX) return `it has ${segments} element segments`;
  for (let i = 0; i < segments; i++) {
    if (section.byte() !== 0) return "it has elements of an unknown form";
    const offset = segmentOffset(section);
    if (offset === undefined) return "its elements do not lie at a constant place";
    const count = section.u32();
    if (offset + count > declared.tableEntries) return "its elements reach beyond its table";
    for (let j = 0; j < count; j++) section.u32();
  }
  return null;
}

export function refuseCode(section: BinaryReader, declared: Declared): string | null {
  const count = section.u32();
  if (count !== declared.functions.length) return "its functions and their code differ in number";
  for (let i = 0; i < count; i++) {
    const body = section.part(section.u32());
    let locals = 0;
    for (let groups = body.u32(); groups > 0; groups--) {
      locals += body.u32();
      valueType(body);
    }
    if (locals > LOCALS_MAX) return `function ${i} has ${locals} locals, more than ${LOCALS_MAX}`;
    const reason = refuseInstructions(body);
    if (reason !== null) return `function ${i}: ${reason}`;
  }
  return null;
}

/** Only active segments at constant places below the predicate caches, so below every window. */
export function refuseData(section: BinaryReader): string | null {
  const segments = section.u32();
  if (segments > SEGMENTS_MAX) return `it has ${segments} data segments`;
  for (let i = 0; i < segments; i++) {
    if (section.byte() !== 0) return "it has passive data or several memories";
    const offset = segmentOffset(section);
    if (offset === undefined) return "its data does not lie at a constant place";
    const bytes = section.u32();
    if (offset + bytes > PACK_CACHE_BASE) return "its data reaches beyond its constant data";
    section.skip(bytes);
  }
  return null;
}
