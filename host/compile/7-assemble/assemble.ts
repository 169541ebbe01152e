/**
 * Runs AssemblyScript's compiler over a generated module. It works in a process of its own, in a
 * directory with links to the sources that packs are compiled against, which is removed afterwards.
 */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { MEMORY_PAGES, PACK_MEMORY_PAGES } from "../../schema/memory.ts";

/** The package's `assembly` folder; host/ and dist/ lie equally deep. */
export const ASSEMBLY_FOLDER = fileURLToPath(new URL("../../../assembly", import.meta.url));
/** What packs are compiled against. */
export const ASSEMBLY_PARTS = ["fields", "ops", "record", "schema", "state"];

const ASSEMBLE_MS_MAX = 300_000;
const MESSAGE_BYTES_MAX = 1024 * 1024;

/** The compiler failed on code that this project made: a bug here, or a broken installation. */
export class AssembleError extends Error {
  override readonly name = "AssembleError";
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
  "-O2",
];

/** AssemblyScript text → WebAssembly. */
export async function assemble(source: string): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), "lanner-pack-"));
  try {
    await Promise.all(
      ASSEMBLY_PARTS.map((part) => symlink(join(ASSEMBLY_FOLDER, part), join(folder, part))),
    );
    await writeFile(join(folder, "pack.ts"), source);
    await runCompiler(folder);
    return new Uint8Array(await readFile(join(folder, "pack.wasm")));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function runCompiler(folder: string): Promise<void> {
  const require = createRequire(import.meta.url);
  const compiler = join(dirname(require.resolve("assemblyscript/package.json")), "bin", "asc.js");
  const args = [compiler, "pack.ts", "--outFile", "pack.wasm", ...OPTIONS];
  const limits = { cwd: folder, timeout: ASSEMBLE_MS_MAX, maxBuffer: MESSAGE_BYTES_MAX };
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, limits, (error, _, messages) => {
      if (error === null) resolve();
      else
        reject(
          new AssembleError(`cannot assemble the generated module:\n${messages.slice(0, 4000)}`, {
            cause: error,
          }),
        );
    });
  });
}
