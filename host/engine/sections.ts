/**
 * Custom sections of a WebAssembly module, found without compiling it.
 *
 *   "\0asm" 1 0 0 0 │ id u8, size LEB128, body │ …      custom: id 0, body = name length, name, bytes
 */
const CUSTOM = 0;
const PREAMBLE_BYTES = 8;
const SECTIONS_MAX = 1_000;

/** Bytes of every custom section called `name`, in file order; views, not copies. */
export function customSections(module: Uint8Array, name: string): readonly Uint8Array[] {
  const found: Uint8Array[] = [];
  const cursor = { at: PREAMBLE_BYTES };
  for (let count = 0; count < SECTIONS_MAX && cursor.at < module.length; count++) {
    const id = module[cursor.at++];
    const bytes = readSize(module, cursor);
    const end = cursor.at + bytes;
    if (end > module.length) break;
    if (id === CUSTOM) {
      const nameEnd = readSize(module, cursor) + cursor.at;
      if (nameEnd <= end && text(module, cursor.at, nameEnd) === name) {
        found.push(module.subarray(nameEnd, end));
      }
    }
    cursor.at = end;
  }
  return found;
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

function text(module: Uint8Array, start: number, end: number): string {
  return new TextDecoder().decode(module.subarray(start, end));
}
