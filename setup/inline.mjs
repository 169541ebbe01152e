/**
 * Puts small functions into their callers, further than AssemblyScript's own optimizer does:
 *
 *   node setup/inline.mjs FILE.wasm
 *
 * V8 inlines nothing in WebAssembly on Node 20, and every call checks the stack: an event passes
 * through a hundred functions of a few instructions. In place, and with a section that tells which
 * layout of the state the engine has: see layout.mjs.
 */
import { readFileSync, writeFileSync } from "node:fs";
import binaryen from "binaryen";
import { layoutDigest } from "./layout.mjs";

/** Instructions of a function that is always copied, that is copied when it makes no calls … */
const ALWAYS = 60;
const WITHOUT_CALLS = 200;
/** … and of one that has a single caller. */
const ONE_CALLER = 2_000;

function inline(wasm) {
  const module = binaryen.readBinary(wasm);
  module.setFeatures(binaryen.Features.All);
  binaryen.setOptimizeLevel(3);
  binaryen.setShrinkLevel(0);
  binaryen.setAlwaysInlineMaxSize(ALWAYS);
  binaryen.setFlexibleInlineMaxSize(WITHOUT_CALLS);
  binaryen.setOneCallerInlineMaxSize(ONE_CALLER);
  binaryen.setAllowInliningFunctionsWithLoops(true);
  module.runPasses(["inlining-optimizing", "inlining-optimizing"]);
  module.addCustomSection("lanner.layout", Buffer.from(layoutDigest()));
  return module.emitBinary();
}

const [file = ""] = process.argv.slice(2);
writeFileSync(file, inline(readFileSync(file)));
