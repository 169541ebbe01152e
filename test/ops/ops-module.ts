/** The ops compiled on their own, with helpers to put bytes and tables into their memory. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const OPS = fileURLToPath(new URL("../../assembly/ops", import.meta.url));
const BASE = 1 << 20;

type Exports = Record<string, (...args: readonly (number | bigint)[]) => number>;

export class OpsModule {
  readonly exports: Exports;
  readonly #memory: WebAssembly.Memory;

  constructor() {
    this.#memory = new WebAssembly.Memory({ initial: 64, maximum: 64 });
    const module = new WebAssembly.Module(compile());
    const instance = new WebAssembly.Instance(module, { env: { memory: this.#memory } });
    this.exports = instance.exports as unknown as Exports;
  }

  /** Puts bytes at `slot` × 64 KiB above the statics and returns their address. */
  put(slot: number, bytes: Uint8Array): number {
    const at = BASE + slot * 65_536;
    new Uint8Array(this.#memory.buffer).set(bytes, at);
    return at;
  }

  /** A constant as in assembly/ops/text.ts: its length, then its bytes. */
  constant(slot: number, text: Uint8Array): number {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(text.length);
    return this.put(slot, Buffer.concat([length, text]));
  }
}

function compile(): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), "lanner-ops-"));
  try {
    const files = readdirSync(OPS).filter((file) => file.endsWith(".ts"));
    const lines = files.map(
      (file) => `export * from "${relative(folder, join(OPS, file)).slice(0, -3)}";`,
    );
    writeFileSync(join(folder, "entry.ts"), lines.join("\n"));
    const require = createRequire(import.meta.url);
    const asc = join(dirname(require.resolve("assemblyscript/package.json")), "bin", "asc.js");
    const flags = "--runtime stub --noAssert --use abort= --importMemory --enable simd -O1".split(
      " ",
    );
    const sizes = ["--initialMemory", "64", "--maximumMemory", "64", "--disable", "bulk-memory"];
    execFileSync(process.execPath, [asc, "entry.ts", "-o", "ops.wasm", ...flags, ...sizes], {
      cwd: folder,
    });
    return readFileSync(join(folder, "ops.wasm"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
