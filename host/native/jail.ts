/** The engine process gives up what it does not need. */
import { fileURLToPath } from "node:url";
import { addon } from "./load.ts";
import { guarded } from "./native-error.ts";
import type { ForbiddenCall, Jail } from "./values.ts";

/** The same distance from host/native and from dist/native. */
const CONFINE_FILE = fileURLToPath(new URL("../../build/lanner-confine", import.meta.url));

/**
 * For the rest of this process's life: no privilege, no new descriptors but for reading, no other
 * process; and the kernel kills it when the one that started it ends, also while code runs that
 * never comes back to hear of it. Everything that is to be imported must have been imported.
 * @throws NativeError when capabilities cannot be dropped.
 */
export function enterJail(): Jail {
  return guarded(() => addon().enterJail());
}

/** Tries what the jail forbids, with arguments that have no effect anywhere. */
export function tryForbidden(): readonly ForbiddenCall[] {
  return guarded(() => addon().tryForbidden());
}

/**
 * Program and arguments that start `program` with its first `descriptors` descriptors only, and
 * without io_uring, which would get around the jail (native/confine.c).
 */
export function confined(
  descriptors: number,
  program: string,
  args: readonly string[],
): readonly [string, readonly string[]] {
  return [CONFINE_FILE, [String(descriptors), program, ...args]];
}
