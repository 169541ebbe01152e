/**
 * Runs AssemblyScript's compiler over a generated module. It works in a process of its own, in a
 * directory with links to the sources that packs are compiled against, which is removed afterwards.
 */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { COMPILED_FILE, SOURCE_FILE } from "./files.ts";

/** The package's `assembly` folder; host/ and dist/ lie equally deep. */
export const ASSEMBLY_FOLDER = fileURLToPath(new URL("../../../assembly", import.meta.url));
/** What packs are compiled against. */
export const ASSEMBLY_PARTS = ["fields", "ops", "pack", "record", "schema", "state"];

const ASSEMBLE_MS_MAX = 300_000;
const MESSAGE_BYTES_MAX = 1024 * 1024;

/** The compiler failed on code that this project made: a bug here, or a broken installation. */
export class AssembleError extends Error {
  override readonly name = "AssembleError";
}

/** Sources are compiled next to each other; from a test the built file is used. */
const COMPILER = import.meta.url.endsWith(".ts")
  ? new URL("../../../dist/compile/7-assemble/compiler.js", import.meta.url)
  : new URL("./compiler.js", import.meta.url);

/** AssemblyScript text → WebAssembly. */
export async function assemble(source: string): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), "lanner-pack-"));
  try {
    await Promise.all(
      ASSEMBLY_PARTS.map((part) => symlink(join(ASSEMBLY_FOLDER, part), join(folder, part))),
    );
    await writeFile(join(folder, SOURCE_FILE), source);
    await runCompiler(folder);
    return new Uint8Array(await readFile(join(folder, COMPILED_FILE)));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function runCompiler(folder: string): Promise<void> {
  const limits = { cwd: folder, timeout: ASSEMBLE_MS_MAX, maxBuffer: MESSAGE_BYTES_MAX };
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [fileURLToPath(COMPILER)], limits, (error, _, messages) => {
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
