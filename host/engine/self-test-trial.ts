/** The trial of self-test.ts. It may die by a signal: that is an answer too. */
import { writeSync } from "node:fs";
import { createMemory, mapWindow } from "../native/native.ts";
import { STATE_BASE, WASM_PAGE_BYTES } from "../schema/memory.ts";
import { createWasmMemory } from "./windows.ts";

/** (func (export "store") (param i32) (i32.store (local.get 0) (i32.const 1))) over env.memory */
const STORE = Buffer.from(
  "0061736d0100000001050160017f0002120103656e76066d656d6f7279020101808002030201000709010573746f726500000a0b010900200041013602000b",
  "hex",
);

function run(): string {
  const memory = createWasmMemory();
  const fd = createMemory("lanner-trial", WASM_PAGE_BYTES);
  writeSync(fd, Buffer.of(7), 0, 1, 0);
  mapWindow(memory.buffer, STATE_BASE, { fd, fdOffset: 0, bytes: WASM_PAGE_BYTES, access: "read" });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(STORE), { env: { memory } });
  const store = instance.exports["store"] as (address: number) => void;
  store(0);
  try {
    store(STATE_BASE);
  } catch {
    const kept = new Uint8Array(memory.buffer)[STATE_BASE] === 7;
    return kept ? "trapped" : "a store trapped but changed the window";
  }
  return "a store into a read-only window did not trap";
}

process.stdout.write(run());
