import { createHash } from "node:crypto";

export interface NamedRules {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const DIGITS = 8;

/** Names and a digest of what is in them, so that figures of other rules are never compared. */
export function ruleSetName(files: readonly NamedRules[]): string {
  const hash = createHash("sha256");
  for (const { bytes } of files) hash.update(bytes);
  const names = files.map(({ name }) => name).join(" + ");
  return `${names} (${hash.digest("hex").slice(0, DIGITS)})`;
}
