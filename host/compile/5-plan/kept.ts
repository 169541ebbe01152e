/**
 * How often the row of a cache is still open when an event asks, where nobody counted: the row of a
 * descriptor or process that the event itself makes or changes never is.
 */
import { EVENTS } from "../../schema/events.ts";
import type { RowKind } from "./profile.ts";

const LASTING = 15 / 16;

const CHANGES_DESCRIPTOR: ReadonlySet<string> = new Set([
  ...EVENTS.filter(({ flags }) => flags.includes("creates_fd") || !flags.includes("uses_fd")).map(
    ({ name }) => name,
  ),
  "connect",
]);
const CHANGES_PROCESS: ReadonlySet<string> = new Set([
  "execve",
  "execveat",
  "clone",
  "clone3",
  "fork",
  "vfork",
]);

/** From 0 to 1; `types` are names. */
export function keptGuess(kind: RowKind, types: readonly string[]): number {
  const changes = kind === "descriptor" ? CHANGES_DESCRIPTOR : CHANGES_PROCESS;
  if (types.length === 0) return LASTING;
  return (LASTING * types.filter((type) => !changes.has(type)).length) / types.length;
}
