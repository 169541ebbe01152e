/**
 * Which functions of `assembly/fields/` read which field. A field is implemented when a function
 * with its name exists, so there is no list to keep:
 *
 *   proc.name     procName()                plain
 *   proc.args     procArgs(), procArgsAt(u32)
 *   proc.env      procEnv(), procEnvOf(usize, u32)
 *   proc.aname    procAname(u32), and procAnameJoined() for all levels in one text
 */
import { readdirSync, readFileSync } from "node:fs";
import { FIELDS } from "../fields.ts";
import type { Accessor, Field } from "../types.ts";
import { GENERATED } from "./banner.ts";

interface Reader {
  readonly name: string;
  readonly file: string;
  readonly parameters: "" | "u32" | "usize, u32";
}

export type Accessors = ReadonlyMap<string, Accessor>;

/** `fs.path.name` → `fsPathName`. */
export function accessorName(field: string): string {
  return field.replace(/[._]([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** Reads the sources in `root`/assembly/fields. */
export function findAccessors(root: string): Accessors {
  const readers = findReaders(`${root}/assembly/fields`);
  const found = FIELDS.map((field) => [field.name, accessorOf(field, readers)] as const);
  return new Map(found.filter((pair): pair is readonly [string, Accessor] => pair[1] !== null));
}

function findReaders(folder: string): ReadonlyMap<string, Reader> {
  const readers = new Map<string, Reader>();
  for (const name of readdirSync(folder).sort()) {
    if (!name.endsWith(".ts")) continue;
    const source = readFileSync(`${folder}/${name}`, "utf8");
    for (const match of source.matchAll(/^export function (\w+)\(([^)]*)\): bool/gm)) {
      const parameters = (match[2] ?? "").replace(/\w+: /g, "");
      if (parameters !== "" && parameters !== "u32" && parameters !== "usize, u32") continue;
      const reader = match[1] ?? "";
      // Capitals inside a word (evtRawArg, evtRawarg) are a matter of taste.
      readers.set(reader.toLowerCase(), { name: reader, file: name.slice(0, -3), parameters });
    }
  }
  return readers;
}

function accessorOf(field: Field, readers: ReadonlyMap<string, Reader>): Accessor | null {
  const base = accessorName(field.name);
  const pick = (parameters: string, ...suffixes: readonly string[]): Reader | undefined =>
    suffixes
      .map((suffix) => readers.get(`${base}${suffix}`.toLowerCase()))
      .find((reader) => reader?.parameters === parameters);
  const plain = pick("", "", "Joined");
  const indexed =
    field.argument?.kind === "key" ? pick("usize, u32", "Key", "Of", "") : pick("u32", "At", "");
  const file = (plain ?? indexed)?.file;
  if (file === undefined) return null;
  if (plain !== undefined && indexed !== undefined && plain.file !== indexed.file) {
    throw new Error(`${field.name} is read in ${plain.file} and in ${indexed.file}`);
  }
  return { file, plain: plain?.name ?? null, indexed: indexed?.name ?? null };
}

/** `host/schema/fields/generated/accessors.ts`. */
export function accessorTable(accessors: Accessors): string {
  const rows = [...accessors].map(
    ([field, { file, plain, indexed }]) =>
      `  "${field}": { file: "${file}", plain: ${quoted(plain)}, indexed: ${quoted(indexed)} },\n`,
  );
  return `// ${GENERATED}
import type { Accessor } from "../../types.ts";

export const ACCESSORS: Readonly<Record<string, Accessor>> = {
${rows.join("")}};
`;
}

function quoted(name: string | null): string {
  return name === null ? "null" : `"${name}"`;
}
