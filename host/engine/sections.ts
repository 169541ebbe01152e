/**
 * What a WebAssembly module says of itself, found without compiling it.
 *
 *   "\0asm" 1 0 0 0 │ id u8, size LEB128, body │ …      a name: length LEB128, UTF-8
 */
const CUSTOM = 0;
const PREAMBLE_BYTES = 8;
const SECTIONS_MAX = 1_000;

/** Bytes of every custom section called `name`, in file order; views, not copies. */
export function customSections(module: Uint8Array, name: string): readonly Uint8Array[] {
  const found: Uint8Array[] = [];
  for (const { id, start, end } of sections(module)) {
    if (id !== CUSTOM) continue;
    const cursor = { at: start };
    if (readName(module, cursor, end) === name) found.push(module.subarray(cursor.at, end));
  }
  return found;
}

/** The module without its custom sections called `name`. */
export function withoutSections(module: Uint8Array, name: string): Uint8Array {
  const kept = [module.subarray(0, PREAMBLE_BYTES)];
  for (const section of sections(module)) {
    const { id, begin, start, end } = section;
    if (id === CUSTOM && readName(module, { at: start }, end) === name) continue;
    kept.push(module.subarray(begin, end));
  }
  return Buffer.concat(kept);
}

interface Section {
  readonly id: number;
  /** Of the id, `start` of the body. */
  readonly begin: number;
  readonly start: number;
  readonly end: number;
}

function sections(module: Uint8Array): readonly Section[] {
  const found: Section[] = [];
  const cursor = { at: PREAMBLE_BYTES };
  while (found.length < SECTIONS_MAX && cursor.at < module.length) {
    const begin = cursor.at;
    const id = module[cursor.at++] ?? 0;
    const bytes = readSize(module, cursor);
    const end = cursor.at + bytes;
    if (end > module.length) break;
    found.push({ id, begin, start: cursor.at, end });
    cursor.at = end;
  }
  return found;
}

/** Undefined when the name reaches beyond `end`. */
function readName(module: Uint8Array, cursor: { at: number }, end: number): string | undefined {
  const bytes = readSize(module, cursor);
  if (bytes > end - cursor.at) return undefined;
  cursor.at += bytes;
  return new TextDecoder().decode(module.subarray(cursor.at - bytes, cursor.at));
}

/** Unsigned LEB128 of at most five bytes; a longer one reads as more than any file holds. */
function readSize(module: Uint8Array, cursor: { at: number }): number {
  let value = 0;
  for (let shift = 0; shift < 35; shift += 7) {
    const byte = module[cursor.at++] ?? 0;
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return value;
  }
  return Number.MAX_SAFE_INTEGER;
}
