/**
 * Inputs that are kept: the smallest of each kind that a long run met, and whatever failed. One
 * line each: kind, tab, the gzipped bytes in base64.
 */
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync, gzipSync } from "node:zlib";

export type Target = "reader" | "engine";

const BYTES_MAX = 4_096;
const KINDS_MAX = 160;

export class Corpus {
  readonly #isGrowing: boolean;
  readonly #kept = new Map<Target, Map<string, Buffer>>();

  /** `isGrowing`: `keep` takes in what is new. */
  constructor(isGrowing: boolean) {
    this.#isGrowing = isGrowing;
    for (const target of ["reader", "engine"] as const) this.#kept.set(target, load(target));
  }

  inputs(target: Target): ReadonlyMap<string, Buffer> {
    return this.#of(target);
  }

  /** Keeps `bytes` when they are the first, or the fewest, of their kind. */
  keep(target: Target, kind: string, bytes: Buffer): void {
    if (!this.#isGrowing || bytes.length > BYTES_MAX) return;
    const kept = this.#of(target);
    const known = kept.get(kind);
    if (known === undefined && kept.size >= KINDS_MAX) return;
    if (known === undefined || bytes.length < known.length) kept.set(kind, Buffer.from(bytes));
  }

  /** Keeps what failed, at once. */
  add(target: Target, bytes: Buffer): void {
    this.#of(target).set(`failed ${fingerprint(bytes)}`, bytes);
    this.save();
  }

  save(): void {
    for (const [target, inputs] of this.#kept) {
      const rows = [...inputs].sort(([one], [other]) => (one < other ? -1 : 1));
      const lines = rows.map(([kind, bytes]) => `${kind}\t${gzipSync(bytes).toString("base64")}\n`);
      writeFileSync(fileOf(target), lines.join(""));
    }
  }

  #of(target: Target): Map<string, Buffer> {
    return this.#kept.get(target) ?? new Map<string, Buffer>();
  }
}

export function fingerprint(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex").slice(0, 12);
}

function fileOf(target: Target): string {
  return fileURLToPath(new URL(`corpus/${target}.txt`, import.meta.url));
}

function load(target: Target): Map<string, Buffer> {
  const inputs = new Map<string, Buffer>();
  if (!existsSync(fileOf(target))) return inputs;
  for (const line of readFileSync(fileOf(target), "utf8").split("\n")) {
    const [kind = "", packed] = line.split("\t");
    if (packed !== undefined) inputs.set(kind, gunzipSync(Buffer.from(packed, "base64")));
  }
  return inputs;
}
