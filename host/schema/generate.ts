/**
 * Writes every generated file, or with `--check` compares: exit code 1 and a message for each file
 * that is missing or differs. Run from the root of the checkout.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { type Accessors, accessorTable, findAccessors } from "./emit/accessors.ts";
import { assemblyEncoding, assemblyEvents, assemblyMemory } from "./emit/assembly.ts";
import { bpfSchema } from "./emit/c.ts";
import { eventsPage, fieldsPage } from "./emit/docs.ts";
import { assemblyFields, renderSwitch } from "./emit/fields.ts";

/** Path from the root of the checkout, and what makes the text. */
const OUTPUTS: Readonly<Record<string, (accessors: Accessors) => string>> = {
  "assembly/engine/generated/render.ts": renderSwitch,
  "assembly/schema/generated/encoding.ts": assemblyEncoding,
  "assembly/schema/generated/events.ts": assemblyEvents,
  "assembly/schema/generated/fields.ts": assemblyFields,
  "assembly/schema/generated/memory.ts": assemblyMemory,
  "bpf/generated/schema.h": bpfSchema,
  "docs/generated/events.md": eventsPage,
  "docs/generated/fields.md": fieldsPage,
  "host/schema/fields/generated/accessors.ts": accessorTable,
};

/** Texts of the files below `root` that differ from what the tables give, by path. */
export function stale(root: string): ReadonlyMap<string, string> {
  const accessors = findAccessors(root);
  const texts = Object.entries(OUTPUTS).map(([path, make]) => [path, make(accessors)] as const);
  return new Map(texts.filter(([path, text]) => readIfThere(`${root}/${path}`) !== text));
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function main(root: string, check: boolean): number {
  const files = stale(root);
  for (const [path, text] of files) {
    if (check) {
      console.error(`${path} is not what the tables give; run: npm run generate`);
      continue;
    }
    mkdirSync(dirname(`${root}/${path}`), { recursive: true });
    writeFileSync(`${root}/${path}`, text);
    console.log(`wrote ${path}`);
  }
  return check && files.size > 0 ? 1 : 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.exitCode = main(process.cwd(), process.argv.includes("--check"));
}
