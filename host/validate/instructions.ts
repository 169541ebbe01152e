/**
 * Walks the instructions of one function and refuses those that a pack must not have: V8 performs
 * bulk memory and atomic instructions in C++, where a store to a read-only window kills the process
 * instead of trapping, and a memory that grows would not keep its windows.
 *
 * The walk must read every immediate with the length that every version of V8 reads, or it takes
 * the middle of one instruction for the start of another. Whatever has further forms in proposals
 * (block types, memory and table indexes, alignment flags) is therefore accepted in one form only.
 */
import { BadBinary, type BinaryReader } from "./binary.ts";
import { valueType } from "./value-type.ts";

/** Immediates: none, an index, call_indirect, memory access, block type, constant, lane, zero. */
type Immediates = "" | "i" | "call" | "m" | "b" | "s32" | "s64" | "f32" | "f64" | "lane" | "zero";

const SPECIAL: ReadonlyMap<number, Immediates> = new Map<number, Immediates>([
  [0x02, "b"],
  [0x03, "b"],
  [0x04, "b"],
  [0x0c, "i"],
  [0x0d, "i"],
  [0x10, "i"],
  [0x11, "call"],
  [0x20, "i"],
  [0x21, "i"],
  [0x22, "i"],
  [0x23, "i"],
  [0x24, "i"],
  [0x3f, "zero"],
  [0x41, "s32"],
  [0x42, "s64"],
  [0x43, "f32"],
  [0x44, "f64"],
]);

const PLAIN: readonly (readonly [first: number, last: number])[] = [
  [0x00, 0x01],
  [0x05, 0x05],
  [0x0b, 0x0b],
  [0x0f, 0x0f],
  [0x1a, 0x1b],
  [0x45, 0xc4],
];

/** By opcode; a walk passes some hundred thousand instructions. */
const FORMS: readonly (Immediates | undefined)[] = Array.from({ length: 256 }, (_, opcode) => {
  if (opcode >= 0x28 && opcode <= 0x3e) return "m";
  if (PLAIN.some(([first, last]) => opcode >= first && opcode <= last)) return "";
  return SPECIAL.get(opcode);
});

const NESTING_MAX = 10_000;
const END = 0x0b;
const BR_TABLE = 0x0e;
const TYPED_SELECT = 0x1c;
const MEMORY_GROW = 0x40;
const PREFIX_MISC = 0xfc;
const PREFIX_SIMD = 0xfd;
const PREFIX_ATOMIC = 0xfe;
/** Saturating truncations; what follows is bulk memory and tables. */
const MISC_LAST = 7;

/** Null, or why the function is refused. */
export function refuseInstructions(code: BinaryReader): string | null {
  let depth = 1;
  while (!code.ended) {
    const opcode = code.byte();
    const reason = opcode >= PREFIX_MISC ? prefixed(opcode, code) : ordinary(opcode, code);
    if (reason !== null) return reason;
    if (opcode === END) depth--;
    else if (opcode >= 0x02 && opcode <= 0x04) depth++;
    if (depth > NESTING_MAX) return `its blocks nest deeper than ${NESTING_MAX}`;
    if (depth === 0) break;
  }
  return depth === 0 && code.ended ? null : "it does not end where its code ends";
}

function ordinary(opcode: number, code: BinaryReader): string | null {
  const immediates = FORMS[opcode];
  if (immediates !== undefined) return skip(immediates, code);
  if (opcode === MEMORY_GROW) return "it uses memory.grow";
  if (opcode === BR_TABLE) {
    for (let labels = code.u32() + 1; labels > 0; labels--) code.u32();
    return null;
  }
  if (opcode === TYPED_SELECT) {
    if (code.byte() !== 1) return "it selects other than one value";
    valueType(code);
    return null;
  }
  return `it uses the instruction 0x${opcode.toString(16)}, which packs may not use`;
}

function prefixed(prefix: number, code: BinaryReader): string | null {
  if (prefix === PREFIX_ATOMIC) return "it uses atomic instructions";
  const opcode = code.u32();
  if (prefix === PREFIX_MISC)
    return opcode <= MISC_LAST ? null : "it uses bulk memory or table instructions";
  if (prefix === PREFIX_SIMD) return simd(opcode, code);
  return `it uses instructions with prefix 0x${prefix.toString(16)}`;
}

/** Gaps in the numbering of vector instructions. */
const SIMD_UNDEFINED: ReadonlySet<number> = new Set([
  ...[0x9a, 0xa2, 0xa5, 0xa6, 0xaf, 0xb0, 0xb2, 0xb3, 0xb4, 0xbb],
  ...[0xc2, 0xc5, 0xc6, 0xcf, 0xd0, 0xd2, 0xd3, 0xd4, 0xe2, 0xee],
]);
const SIMD_LAST = 0xff;

function simd(opcode: number, code: BinaryReader): string | null {
  if (opcode <= 0x0b || opcode === 0x5c || opcode === 0x5d) return skip("m", code);
  if (opcode === 0x0c || opcode === 0x0d) {
    code.skip(16);
    return null;
  }
  if (opcode >= 0x15 && opcode <= 0x22) return skip("lane", code);
  if (opcode >= 0x54 && opcode <= 0x5b) {
    skip("m", code);
    return skip("lane", code);
  }
  return opcode <= SIMD_LAST && !SIMD_UNDEFINED.has(opcode)
    ? null
    : `it uses the vector instruction ${opcode}, which packs may not use`;
}

/** Bit 6 of the alignment says that a memory index follows: packs have one memory. */
const ALIGNMENT_MAX = 4;

function skip(immediates: Immediates, code: BinaryReader): null {
  switch (immediates) {
    case "":
      return null;
    case "i":
      code.u32();
      return null;
    case "call":
      code.u32();
      if (code.u32() !== 0) throw new BadBinary("it calls through a table other than its first");
      return null;
    case "m":
      if (code.u32() > ALIGNMENT_MAX) throw new BadBinary("a memory access is of an unknown form");
      code.u32();
      return null;
    case "b":
      skipBlockType(code);
      return null;
    case "s32":
      code.skipNumber(32);
      return null;
    case "s64":
      code.skipNumber(64);
      return null;
    case "f32":
      code.skip(4);
      return null;
    case "f64":
      code.skip(8);
      return null;
    case "lane":
      code.skip(1);
      return null;
    case "zero":
      if (code.byte() !== 0) throw new BadBinary("it names a memory other than its first");
      return null;
  }
}

const NO_VALUE = 0x40;

/**
 * One byte: no value, one of the value types, or the index of one of the first 64 types. Longer
 * forms are indexes beyond those, or types of references, which take a second number with them.
 */
function skipBlockType(code: BinaryReader): void {
  const type = code.peek();
  if (type === NO_VALUE || type < NO_VALUE) code.skip(1);
  else valueType(code);
}
