/**
 * Compiled packs, kept by a hash of everything that went into them. The text of the rule files is
 * hashed as it is: a warm start parses no YAML and loads no compiler.
 */
import { createHash } from "node:crypto";
import { statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { PrivateFolder } from "../files/private-folder.ts";
import type { RuleFile } from "./rule-files.ts";

export class PackCache {
  readonly #path: string;
  readonly #folder: PrivateFolder;

  constructor(folder: string) {
    this.#path = join(folder, "packs");
    this.#folder = new PrivateFolder(this.#path);
  }

  /** Why packs are not kept, in words; null when they are. */
  get refusal(): string | null {
    return this.#folder.refusal();
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
    const bytes = this.#folder.read(fileName(key));
    if (bytes !== undefined) this.#touch(key);
    return bytes;
  }

  /** A cache that cannot be written costs a compilation at each start, nothing else. */
  put(key: string, bytes: Uint8Array): void {
    this.#folder.write(fileName(key), bytes);
  }

  /** So that whoever clears the cache by age keeps what is in use. */
  #touch(key: string): void {
    try {
      utimesSync(join(this.#path, fileName(key)), new Date(), new Date());
    } catch {
      // On a file system that is mounted read-only.
    }
  }
}

function fileName(key: string): string {
  return `${key}.wasm`;
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
