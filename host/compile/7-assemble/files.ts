/** What a compiler's process finds and leaves in its folder. */
export const SOURCE_FILE = "pack.ts";
export const COMPILED_FILE = "pack.wasm";
