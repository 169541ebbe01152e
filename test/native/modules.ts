/** Throw-away modules over one memory of the full size: they load and store at any address. */
import binaryen from "binaryen";
import { MEMORY_PAGES } from "../../host/schema/memory.ts";

const TEXT = `(module
  (import "env" "memory" (memory ${String(MEMORY_PAGES)} ${String(MEMORY_PAGES)}))
  (func (export "load") (param i32) (result i32) (i32.load (local.get 0)))
  (func (export "store") (param i32 i32) (i32.store (local.get 0) (local.get 1)))
  (func (export "storeByte") (param i32 i32) (i32.store8 (local.get 0) (local.get 1)))
  (func (export "storeVector") (param i32) (v128.store (local.get 0) (v128.const i64x2 1 2))))`;

export interface Poker {
  readonly memory: WebAssembly.Memory;
  readonly load: (address: number) => number;
  readonly store: (address: number, value: number) => void;
  readonly storeByte: (address: number, value: number) => void;
  readonly storeVector: (address: number) => void;
}

let compiled: WebAssembly.Module | undefined;

function compile(): WebAssembly.Module {
  const module = binaryen.parseText(TEXT);
  module.setFeatures(binaryen.Features.SIMD128);
  const binary = Uint8Array.from(module.emitBinary());
  module.dispose();
  return new WebAssembly.Module(binary);
}

/** An instance with a memory of its own. */
export function poker(): Poker {
  compiled ??= compile();
  const memory = new WebAssembly.Memory({ initial: MEMORY_PAGES, maximum: MEMORY_PAGES });
  const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
  return { ...(exports as unknown as Omit<Poker, "memory">), memory };
}
