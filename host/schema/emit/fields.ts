/** AssemblyScript for the field table: numbers, and the rendering of a field by its number. */
import { FIELDS } from "../fields.ts";
import type { Accessor, Field } from "../types.ts";
import type { Accessors } from "./accessors.ts";
import { GENERATED } from "./banner.ts";

/** `assembly/schema/generated/fields.ts`. */
export function assemblyFields(): string {
  const members = FIELDS.map((field, i) => `  ${enumName(field.name)} = ${String(i)},`);
  return `// ${GENERATED}

/** Numbers of the fields for \`render\`. They change whenever a field is added. */
export const enum FieldId {
${members.join("\n")}
}

export const FIELDS: u32 = ${String(FIELDS.length)};
`;
}

/** `assembly/engine/generated/render.ts`. */
export function renderSwitch(accessors: Accessors): string {
  const imports = new Map<string, string[]>();
  const cases: string[] = [];
  for (const field of FIELDS) {
    const accessor = accessors.get(field.name);
    if (accessor === undefined) continue;
    const indexed = indexedCall(field, accessor) === null ? null : accessor.indexed;
    const names = [accessor.plain, indexed].filter((name) => name !== null);
    if (names.length === 0) continue;
    imports.set(accessor.file, [...(imports.get(accessor.file) ?? []), ...names]);
    cases.push(`    case FieldId.${enumName(field.name)}:`, renderCase(field, accessor));
  }
  return `// ${GENERATED}
${[...imports].sort(byName).map(importOf).join("\n")}
import { Kind, Value } from "../../fields/value";
import { FieldId } from "../../schema/generated/fields";

/** \`number\` of a field that was given no argument, or one that is no number. */
export const NO_INDEX: u32 = 0xffff_ffff;

/**
 * Reads field \`id\` of the current frame into \`Value\`. Returns the kind of the value, Missing
 * also when nothing reads the field. The argument comes both ways: as a number and as text.
 */
export function renderField(id: u32, number: u32, key: usize, keyLength: u32): Kind {
  switch (id) {
${cases.join("\n")}
    default:
      return Kind.Missing;
  }
}
`;
}

function renderCase(field: Field, accessor: Accessor): string {
  const indexed = indexedCall(field, accessor);
  const plain = accessor.plain === null ? null : `${accessor.plain}()`;
  const kind = kindOf(field);
  // "Any of" fields of whatever type print all their values as one text.
  const plainKind = accessor.plain?.endsWith("Joined") === true ? "Kind.Text" : kind;
  const plainLine = plain === null ? "return Kind.Missing;" : `return ${test(plain, plainKind)};`;
  if (indexed === null) return `      ${plainLine}`;
  return `      if (${indexed.given}) return ${test(indexed.call, kind)};\n      ${plainLine}`;
}

function indexedCall(field: Field, { indexed }: Accessor): { given: string; call: string } | null {
  if (indexed === null) return null;
  // Either-end fields take an end instead of an argument; rules cannot print them, tests ask.
  const isEnd = field.flags.includes("filter_only");
  if (field.argument === null && !isEnd) return null;
  if (field.argument?.kind === "key") {
    return { given: "keyLength != 0", call: `${indexed}(key, keyLength)` };
  }
  return { given: "number != NO_INDEX", call: `${indexed}(number)` };
}

function test(call: string, kind: string): string {
  return `${call} ? ${kind} : Kind.Missing`;
}

function kindOf(field: Field): string {
  if (field.list) return "Kind.Texts";
  switch (field.type) {
    case "DYN":
      return "Value.kind";
    case "BOOL":
      return "Kind.Truth";
    case "BYTEBUF":
      return "Kind.Bytes";
    case "DOUBLE":
      return "Kind.Double";
    case "IPADDR":
    case "IPNET":
      return "Kind.Address";
    case "INT16":
    case "INT32":
    case "INT64":
      return "Kind.Signed";
    case "UINT32":
    case "UINT64":
    case "PORT":
    case "RELTIME":
    case "ABSTIME":
      return "Kind.Unsigned";
    case "CHARBUF":
      return "Kind.Text";
    default:
      throw new Error(`${field.name}: no kind for ${field.type}`);
  }
}

function importOf([file, names]: readonly [string, readonly string[]]): string {
  return `import { ${[...names].sort().join(", ")} } from "../../fields/${file}";`;
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

/** `proc.exe_ino.ctime` → `PROC_EXE_INO_CTIME`. */
function enumName(field: string): string {
  return field.replaceAll(".", "_").toUpperCase();
}
