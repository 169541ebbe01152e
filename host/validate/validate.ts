/**
 * The door that every pack passes, however it was made. It reads the binary itself; that the module
 * is well typed is for the WebAssembly compiler to say, which runs after.
 */
import { MEMORY_PAGES, PACK_MEMORY_PAGES } from "../schema/memory.ts";
import { BadBinary, BinaryReader } from "./binary.ts";
import { refuseInstructions } from "./instructions.ts";

export const MODULE_BYTES_MAX = 64 * 1024 * 1024;
export const FUNCTIONS_MAX = 100_000;

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
const IMPORT = 2;
const TABLE = 4;
const MEMORY = 5;
const EXPORT = 7;
const START = 8;
const CODE = 10;
const DATA = 11;
const DATA_COUNT = 12;
/** Type, import, function, table, memory, global, export, start, element, then code and data. */
const ORDER = [1, IMPORT, 3, TABLE, MEMORY, 6, EXPORT, START, 9, DATA_COUNT, CODE, DATA];
const KIND_FUNCTION = 0;
const KIND_MEMORY = 2;
const EXPORTS = ["init", "evaluate", "matches"];

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
  let last = -1;
  let hasMemory = false;
  let exports: ReadonlySet<string> = new Set();
  while (!reader.ended) {
    const id = reader.byte();
    const section = reader.part(reader.u32());
    if (id === CUSTOM) {
      const name = section.name();
      if (!sections.has(name)) sections.set(name, section.rest());
      continue;
    }
    const position = ORDER.indexOf(id);
    if (position <= last) return { problem: "its sections are unknown, doubled or out of order" };
    last = position;
    const problem = refuseSection(id, section);
    if (problem !== null) return { problem };
    if (id === IMPORT) hasMemory = true;
    if (id === EXPORT) exports = readExports(section);
  }
  if (!hasMemory) return { problem: "it does not import env.memory" };
  const missing = EXPORTS.find((name) => !exports.has(name));
  if (missing !== undefined) return { problem: `it does not export the function ${missing}` };
  return { problem: null, sections };
}

function refuseSection(id: number, section: BinaryReader): string | null {
  switch (id) {
    case IMPORT:
      return refuseImports(section);
    case MEMORY:
      return section.u32() === 0 ? null : "it has a memory of its own";
    case START:
      return "it has a start function";
    case CODE:
      return refuseCode(section);
    case DATA:
      return refuseData(section);
    case DATA_COUNT:
      return "it has data for bulk memory instructions";
    default:
      return null;
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

function readExports(section: BinaryReader): Set<string> {
  const found = new Set<string>();
  for (let count = section.u32(); count > 0; count--) {
    const name = section.name();
    const kind = section.byte();
    section.u32();
    if (kind === KIND_FUNCTION) found.add(name);
  }
  return found;
}

function refuseCode(section: BinaryReader): string | null {
  const count = section.u32();
  if (count > FUNCTIONS_MAX) return `it has ${count} functions, more than ${FUNCTIONS_MAX}`;
  for (let i = 0; i < count; i++) {
    const body = section.part(section.u32());
    for (let locals = body.u32(); locals > 0; locals--) {
      body.u32();
      body.byte();
    }
    const reason = refuseInstructions(body);
    if (reason !== null) return `function ${i}: ${reason}`;
  }
  return null;
}

/** Only active segments at constant places; the engine's compiler checks that they fit. */
function refuseData(section: BinaryReader): string | null {
  for (let count = section.u32(); count > 0; count--) {
    if (section.u32() !== 0) return "it has passive data or several memories";
    if (section.byte() !== 0x41) return "its data does not lie at a constant place";
    section.skipNumber(32);
    if (section.byte() !== 0x0b) return "its data does not lie at a constant place";
    section.skip(section.u32());
  }
  return null;
}
