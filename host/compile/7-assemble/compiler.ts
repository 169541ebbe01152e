/**
 * The process that makes a module of the generated source: AssemblyScript translates it as it is,
 * then Binaryen optimizes it once, small functions put into their callers. V8 inlines nothing in
 * WebAssembly on Node 20, and every call checks the stack.
 *
 *   node compiler.js   in a folder with pack.ts; writes pack.wasm, or says on stderr why not
 */
import { readFileSync, writeFileSync } from "node:fs";
import binaryen from "binaryen";
import { MEMORY_PAGES, PACK_MEMORY_PAGES } from "../../schema/memory.ts";
import { COMPILED_FILE, SOURCE_FILE } from "./files.ts";

/** Not a literal where it is imported: its declarations take Node's `console` away. */
const COMPILER = ["assemblyscript", "asc"].join("/");

interface Compiler {
  main(args: readonly string[]): Promise<{
    readonly error: Error | null;
    readonly stderr: { toString(): string };
  }>;
}

const OPTIONS = [
  "--runtime",
  "stub",
  // Statics whose values are not literals are set by `init`, not by a start function.
  "--exportStart",
  "init",
  "--noAssert",
  "--use",
  "abort=",
  "--importMemory",
  // Not all of it: V8 emits no trap for a constant address within the declared minimum.
  "--initialMemory",
  String(PACK_MEMORY_PAGES),
  "--maximumMemory",
  String(MEMORY_PAGES),
  // Writes into a read-only window have to trap, see host/validate.
  "--disable",
  "bulk-memory",
  "--enable",
  "simd",
  "-O0",
];

/** Instructions of a function that is always copied, that is copied when it makes no calls … */
const ALWAYS = 60;
const WITHOUT_CALLS = 200;
/** … and of one that has a single caller. */
const ONE_CALLER = 2_000;

async function translate(): Promise<void> {
  const compiler = (await import(COMPILER)) as Compiler;
  const { error, stderr } = await compiler.main([
    SOURCE_FILE,
    "--outFile",
    COMPILED_FILE,
    ...OPTIONS,
  ]);
  if (error === null) return;
  throw new Error(`${error.message}\n${stderr.toString()}`);
}

function optimize(): void {
  const module = binaryen.readBinary(readFileSync(COMPILED_FILE));
  // What AssemblyScript may use with these options; bulk memory is not among it.
  module.setFeatures(
    binaryen.Features.MutableGlobals |
      binaryen.Features.NontrappingFPToInt |
      binaryen.Features.SignExt |
      binaryen.Features.SIMD128,
  );
  binaryen.setOptimizeLevel(2);
  binaryen.setShrinkLevel(0);
  binaryen.setAlwaysInlineMaxSize(ALWAYS);
  binaryen.setFlexibleInlineMaxSize(WITHOUT_CALLS);
  binaryen.setOneCallerInlineMaxSize(ONE_CALLER);
  binaryen.setAllowInliningFunctionsWithLoops(true);
  module.optimize();
  writeFileSync(COMPILED_FILE, module.emitBinary());
}

try {
  await translate();
  optimize();
} catch (error) {
  process.stderr.write(String(error));
  process.exitCode = 1;
}
