/**
 * The door that every pack passes, however it was made: when it was compiled or read from the
 * cache, and again where host/engine instantiates it. It reads the binary itself; that the module
 * is well typed is for the WebAssembly compiler to say, which runs after.
 */
import { EVALUATE_PARAMS } from "../schema/manifest.ts";
import { MEMORY_PAGES, PACK_MEMORY_PAGES } from "../schema/memory.ts";
import { BadBinary, BinaryReader } from "./binary.ts";
import {
  type Declared,
  readTypes,
  refuseCode,
  refuseData,
  refuseElements,
  refuseGlobals,
  refuseTables,
} from "./declared.ts";

const MODULE_BYTES_MAX = 64 * 1024 * 1024;
const COUNT_MAX = 100_000;

export interface Accepted {
  readonly problem: null;
  /** Custom sections by name; the first of equal names counts. */
  readonly sections: ReadonlyMap<string, Uint8Array>;
}
export interface Refused {
  /** A clause that completes "the pack is refused: …". */
  readonly problem: string;
}

const MAGIC = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const CUSTOM = 0;
const TYPE = 1;
const IMPORT = 2;
const FUNCTION = 3;
const TABLE = 4;
const MEMORY = 5;
const GLOBAL = 6;
const EXPORT = 7;
const START = 8;
const ELEMENT = 9;
const CODE = 10;
const DATA = 11;
const DATA_COUNT = 12;
/** Data count lies between the elements and the code. */
const ORDER = [
  TYPE,
  IMPORT,
  FUNCTION,
  TABLE,
  MEMORY,
  GLOBAL,
  EXPORT,
  START,
  ELEMENT,
  DATA_COUNT,
  CODE,
  DATA,
];
const KIND_FUNCTION = 0;
const KIND_MEMORY = 2;
const KIND_GLOBAL = 3;
/** What the host and the engine call, and what that takes and returns. */
const EXPORTS = [
  ["init", "()"],
  ["evaluate", `(${EVALUATE_PARAMS.join(" ")}) i32`],
  ["matches", "() i32"],
] as const;

export function validatePack(wasm: Uint8Array): Accepted | Refused {
  if (wasm.length > MODULE_BYTES_MAX)
    return { problem: `it has ${wasm.length} bytes, more than ${MODULE_BYTES_MAX}` };
  try {
    return readModule(new BinaryReader(wasm));
  } catch (error) {
    if (error instanceof BadBinary) return { problem: error.message };
    throw error;
  }
}

function readModule(reader: BinaryReader): Accepted | Refused {
  for (const byte of MAGIC)
    if (reader.byte() !== byte) return { problem: "it is no WebAssembly module" };
  const sections = new Map<string, Uint8Array>();
  const declared: Declared = { types: [], functions: [], exports: new Map(), tableEntries: 0 };
  let last = -1;
  let hasMemory = false;
  let hasCode = false;
  while (!reader.ended) {
    const id = reader.byte();
    const section = reader.part(reader.u32());
    if (id === CUSTOM) {
      const name = section.name();
      if (isForCompiler(name)) return { problem: `it has hints for the compiler, ${name}` };
      if (!sections.has(name)) sections.set(name, section.rest());
      continue;
    }
    const position = ORDER.indexOf(id);
    if (position <= last) return { problem: "its sections are unknown, doubled or out of order" };
    last = position;
    const problem = refuseSection(id, section, declared);
    if (problem !== null) return { problem };
    if (!section.ended) return { problem: `section ${id} is longer than what it holds` };
    if (id === IMPORT) hasMemory = true;
    if (id === CODE) hasCode = true;
  }
  if (!hasMemory) return { problem: "it does not import env.memory" };
  if (!hasCode) return { problem: "it has no code" };
  const problem = refuseExports(declared);
  return problem === null ? { problem, sections } : { problem };
}

/** Branch hints, frequencies and the like, which newer engines read along with the code. */
function isForCompiler(name: string): boolean {
  return name.startsWith("metadata.code.") || name === "compilationHints";
}

function refuseSection(id: number, section: BinaryReader, declared: Declared): string | null {
  switch (id) {
    case TYPE:
      return readTypes(section, declared);
    case IMPORT:
      return refuseImports(section);
    case FUNCTION:
      return readFunctions(section, declared);
    case TABLE:
      return refuseTables(section, declared);
    case MEMORY:
      return section.u32() === 0 ? null : "it has a memory of its own";
    case GLOBAL:
      return refuseGlobals(section);
    case EXPORT:
      return readExports(section, declared);
    case START:
      return "it has a start function";
    case ELEMENT:
      return refuseElements(section, declared);
    case CODE:
      return refuseCode(section, declared);
    case DATA:
      return refuseData(section);
    default:
      return "it has data for bulk memory instructions";
  }
}

/** One import: the memory, of the one size that there is. */
function refuseImports(section: BinaryReader): string | null {
  if (section.u32() !== 1) return "it imports something other than env.memory";
  const [module, name, kind] = [section.name(), section.name(), section.byte()];
  if (module !== "env" || name !== "memory" || kind !== KIND_MEMORY)
    return `it imports ${module}.${name}`;
  const flags = section.byte();
  if (flags !== 1) return "its memory is shared, or has no maximum";
  const [minimum, maximum] = [section.u32(), section.u32()];
  // A greater minimum would be a hole: see PACK_MEMORY_PAGES.
  if (minimum !== PACK_MEMORY_PAGES || maximum !== MEMORY_PAGES) {
    return `its memory is not of exactly ${PACK_MEMORY_PAGES} to ${MEMORY_PAGES} pages`;
  }
  return null;
}

function readFunctions(section: BinaryReader, declared: Declared): string | null {
  const count = section.u32();
  if (count > COUNT_MAX) return `it has ${count} functions, more than ${COUNT_MAX}`;
  for (let i = 0; i < count; i++) declared.functions.push(section.u32());
  return null;
}

function readExports(section: BinaryReader, declared: Declared): string | null {
  const count = section.u32();
  if (count > COUNT_MAX) return `it has ${count} exports, more than ${COUNT_MAX}`;
  for (let i = 0; i < count; i++) {
    const name = section.name();
    const kind = section.byte();
    const index = section.u32();
    if (kind > KIND_GLOBAL) return `its export ${name} is of an unknown kind`;
    if (kind === KIND_FUNCTION) declared.exports.set(name, index);
  }
  return null;
}

function refuseExports({ exports, functions, types }: Declared): string | null {
  for (const [name, wanted] of EXPORTS) {
    const index = exports.get(name);
    if (index === undefined) return `it does not export the function ${name}`;
    const found = types[functions[index] ?? -1];
    if (found !== wanted) return `its ${name} is not of the type ${wanted}`;
  }
  return null;
}
