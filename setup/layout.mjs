/**
 * What packs and engine have to agree on: where state, frames and parameters lie, and what the
 * facts mean that come with a call. The engine carries a digest over these sources, a compiled pack
 * another (host/compile/7-assemble/layout.ts, which reads them the same way), and a pack is loaded
 * only when they are the same.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { at } from "./paths.mjs";
import { filesBelow } from "./stamp.mjs";

const PARTS = ["record", "schema", "state", "fields/facts.ts"];

/** Hexadecimal, over name and content of each file. */
export function layoutDigest() {
  const hash = createHash("sha256");
  for (const part of PARTS) {
    for (const file of filesBelow(at("assembly", part), (name) => name.endsWith(".ts"))) {
      const content = readFileSync(file);
      hash.update(`${relative(at("assembly"), file)}\0${content.length}\0`).update(content);
    }
  }
  return hash.digest("hex");
}
