/**
 * Writes every generated file, or with `--check` compares: exit code 1 and a message for each file
 * that is missing or differs. Run from the root of the checkout.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { assemblyEvents, assemblyMemory } from "./emit/assembly.ts";
import { bpfSchema } from "./emit/c.ts";

/** Path from the root of the checkout, and what makes the text. */
export const OUTPUTS: Readonly<Record<string, () => string>> = {
  "assembly/schema/generated/events.ts": assemblyEvents,
  "assembly/schema/generated/memory.ts": assemblyMemory,
  "bpf/generated/schema.h": bpfSchema,
};

/** The files, as paths from `root`, whose text on disk is not what the tables give. */
export function stale(root: string): string[] {
  return Object.entries(OUTPUTS)
    .filter(([path, make]) => readIfThere(`${root}/${path}`) !== make())
    .map(([path]) => path);
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
  const paths = stale(root);
  for (const path of paths) {
    if (check) {
      console.error(`${path} is not what the tables give; run: npm run generate`);
      continue;
    }
    mkdirSync(dirname(`${root}/${path}`), { recursive: true });
    writeFileSync(`${root}/${path}`, OUTPUTS[path]?.() ?? "");
    console.log(`wrote ${path}`);
  }
  return check && paths.length > 0 ? 1 : 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.exitCode = main(process.cwd(), process.argv.includes("--check"));
}
