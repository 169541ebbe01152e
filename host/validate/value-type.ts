/** Types of values. */
import { BadBinary, type BinaryReader } from "./binary.ts";

const VALUE_TYPES: ReadonlyMap<number, string> = new Map([
  [0x7f, "i32"],
  [0x7e, "i64"],
  [0x7d, "f32"],
  [0x7c, "f64"],
  [0x7b, "v128"],
]);

/** Reads one, a single byte: numbers and vectors only, since packs have no references. */
export function valueType(reader: BinaryReader): string {
  const type = VALUE_TYPES.get(reader.byte());
  if (type === undefined) throw new BadBinary("it uses a type that packs may not use");
  return type;
}
