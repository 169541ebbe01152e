/** The same pack with something left out, so that a difference of runs shows what it costs. */
import { withSections } from "../compile/7-assemble/custom-section.ts";
import { readPack } from "../engine/pack.ts";
import { withoutSections } from "../engine/sections.ts";
import type { PackManifest } from "../schema/manifest.ts";

const MANIFEST = "lanner.manifest";

/** Matches are reported, but there is nothing to render. */
export function withoutOutput(pack: Uint8Array): Uint8Array {
  const { manifest } = readPack(pack);
  const rules = manifest.rules.map((rule) => ({ ...rule, output: [] }));
  return withManifest(pack, { ...manifest, rules });
}

function withManifest(pack: Uint8Array, manifest: PackManifest): Uint8Array {
  const bytes = Buffer.from(JSON.stringify(manifest));
  return withSections(withoutSections(pack, MANIFEST), [{ name: MANIFEST, bytes }]);
}
