/** Whose files may be trusted. */
import type { Stats } from "node:fs";

/** Belongs to this user, or to root, who can do anything anyway. */
export function isOurs({ uid }: Stats): boolean {
  return uid === 0 || uid === process.geteuid?.();
}
