/**
 * Compiled packs, kept by a hash of everything that went into them. The text of the rule files is
 * hashed as it is: a warm start parses no YAML and loads no compiler.
 */
import { createHash } from "node:crypto";
import { readFileSync, renameSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeFolder } from "../compile/7-assemble/cache.ts";
import type { RuleFile } from "./rule-files.ts";

export class PackCache {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = join(folder, "packs");
  }

  /** `stamps` name what else the result depends on: options, and the compiler itself. */
  key(files: readonly RuleFile[], stamps: readonly string[]): string {
    const hash = createHash("sha256");
    for (const text of [...stamps, ...files.flatMap(({ name, text: body }) => [name, body])]) {
      hash.update(`${String(Buffer.byteLength(text))}:`).update(text);
    }
    return hash.digest("hex");
  }

  get(key: string): Uint8Array | undefined {
    try {
      if (!isPrivate(this.#folder)) return undefined;
      const file = this.#file(key);
      const bytes = readFileSync(file);
      // So that whoever clears the cache by age keeps what is in use.
      utimesSync(file, new Date(), new Date());
      return bytes;
    } catch {
      return undefined;
    }
  }

  /** A cache that cannot be written costs a compilation at each start, nothing else. */
  put(key: string, bytes: Uint8Array): void {
    try {
      makeFolder(this.#folder);
      const half = `${this.#file(key)}.${String(process.pid)}`;
      writeFileSync(half, bytes, { mode: 0o600 });
      renameSync(half, this.#file(key));
    } catch {
      return;
    }
  }

  #file(key: string): string {
    return join(this.#folder, `${key}.wasm`);
  }
}

/** What is read here runs as a pack: nobody else may be able to put it there. */
function isPrivate(folder: string): boolean {
  const { uid, mode } = statSync(folder);
  return uid === process.geteuid?.() && (mode & 0o022) === 0;
}

/** Changes when a file does, without reading it; "absent" without one. */
export function fileStamp(path: string): string {
  try {
    const { size, mtimeMs } = statSync(path);
    return `${String(size)} ${String(mtimeMs)}`;
  } catch {
    return "absent";
  }
}
