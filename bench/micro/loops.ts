/**
 * One WebAssembly module with a loop for each operator, compiled from assembly/ops as packs are, so
 * that neither side of a comparison pays for calls from JavaScript.
 *
 * A loop takes a list of values (`u32 address`, `u32 length` each), their number and the operand's
 * address, and returns how many of them the operator holds for.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import * as MAP from "../../host/schema/memory.ts";

const ROOT = path.resolve(import.meta.dirname, "../../../..");
/** Kept inside the tree, where the sources are found by relative paths. */
const FOLDER = path.join(ROOT, "build/bench");

export interface Loop {
  readonly name: string;
  /** AssemblyScript of type bool over `at`, `length` and `operand`. */
  readonly expression: string;
}

const OPTIONS = [
  ...["--runtime", "stub", "--exportStart", "start", "--noAssert", "--use", "abort="],
  ...["--importMemory", "--initialMemory", String(MAP.MEMORY_PAGES)],
  ...["--maximumMemory", String(MAP.MEMORY_PAGES), "--disable", "bulk-memory"],
  ...["--enable", "simd", "-O2"],
];

export function compileLoops(loops: readonly Loop[]): Uint8Array {
  const folder = mkdtempSync(path.join(FOLDER, "loops-"));
  try {
    writeFileSync(path.join(folder, "loops.ts"), sourceOf(loops, folder));
    const require = createRequire(import.meta.url);
    const compiler = path.join(
      path.dirname(require.resolve("assemblyscript/package.json")),
      "bin/asc.js",
    );
    const args = [compiler, "loops.ts", "--outFile", "loops.wasm", ...OPTIONS];
    execFileSync(process.execPath, args, { cwd: folder });
    return readFileSync(path.join(folder, "loops.wasm"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function sourceOf(loops: readonly Loop[], folder: string): string {
  const imports = [
    ["assembly/ops/text", "isText", "startsWithText", "endsWithText", "containsText"],
    ["assembly/ops/text", "containsFoldedText", "containsAny", "isInSet"],
    ["assembly/ops/paths", "isBelow"],
    ["assembly/ops/glob", "matchesGlob"],
    ["assembly/ops/regex", "matchesRegex"],
    ["assembly/ops/net", "isInNetworks"],
    ["assembly/ops/number", "isNumberIn"],
    ["assembly/ops/rows", "openRow", "isKnown", "answerOf", "remember"],
    ["bench/micro/assembly/threads", "ancestorId"],
    ["bench/micro/assembly/naive", "naiveIs", "naiveStarts", "naiveEnds", "naiveHas"],
    ["bench/micro/assembly/naive", "naiveHasFolded", "naiveIsIn", "naiveHasAny", "naiveBelow"],
    ["bench/micro/assembly/naive", "naiveGlob", "naiveNetworks", "naiveAncestor"],
  ].map(([file = "", ...names]) => {
    const from = path.relative(folder, path.join(ROOT, file));
    return `import { ${names.join(", ")} } from "${from}";`;
  });
  const threads = path.relative(folder, path.join(ROOT, "bench/micro/assembly/threads"));
  return [
    ...imports,
    `export { makeThreads } from "${threads}";`,
    ROW_CACHE,
    ...loops.map(functionOf),
  ].join("\n");
}

/** A predicate behind a row of remembered answers, as packs have them: one row per owner. */
const ROW_CACHE = `
const ROWS: usize = ${MAP.PACK_CACHE_BASE};
function cachedIsIn(at: usize, length: u32, set: usize): bool {
  const row = openRow(ROWS + ((at & 0xff0) << 2), at, 0, 1, 1);
  if (isKnown(row + 24, 1)) return answerOf(row + 24, 1);
  return remember(row + 24, 1, isInSet(at, length, set));
}`;

function functionOf({ name, expression }: Loop): string {
  return `
export function ${name}(list: usize, count: u32, operand: usize): u32 {
  let hits: u32 = 0;
  const end = list + (<usize>count << 3);
  for (let entry = list; entry < end; entry += 8) {
    const at = <usize>load<u32>(entry);
    const length = load<u32>(entry, 4);
    if (${expression}) hits++;
  }
  return hits;
}`;
}
