/** Where things lie: what was built, what is shipped, and what is kept between runs. */
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The same distance from host/agent and from dist/agent. */
const ROOT = fileURLToPath(new URL("../..", import.meta.url));

export const ENGINE_FILE = join(ROOT, "build", "engine.wasm");
export const CAPTURE_FILE = join(ROOT, "build", "capture.bpf.o");
/** Waits, then becomes a command; see native/hold.c. */
export const HOLD_FILE = join(ROOT, "build", "lanner-hold");
export const DEFAULT_RULES = join(ROOT, "rules", "default");
/** Recorded by Lanner itself; shown where live capture is not possible. */
export const DEMO_FILE = join(ROOT, "rules", "demo", "demo.scap.gz");
export const PACKAGE_FILE = join(ROOT, "package.json");

/** `$LANNER_CACHE`, or `lanner` in `$XDG_CACHE_HOME` or `~/.cache`. */
export function cacheFolder(environment: Readonly<Record<string, string | undefined>>): string {
  const own = environment["LANNER_CACHE"] ?? "";
  if (own !== "") return own;
  const base = environment["XDG_CACHE_HOME"] ?? "";
  return join(base === "" ? join(homedir(), ".cache") : base, "lanner");
}
