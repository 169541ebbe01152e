/**
 * Whether this machine can run the live suites. They load BPF programs and capture only processes
 * that the test itself starts. LANNER_REQUIRE_LIVE=1 turns a skip into a failure.
 */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { NativeError, probe } from "../../host/native/native.ts";

export const BPF_OBJECT = fileURLToPath(new URL("../../build/capture.bpf.o", import.meta.url));

/** Empty when live suites can run, otherwise the reason in words. */
export const NO_LIVE_REASON: string = reason();

/** For `describe.skipIf` and the suite's name. Throws when live suites are required. */
export function liveIsMissing(): boolean {
  if (NO_LIVE_REASON === "") return false;
  if (process.env["LANNER_REQUIRE_LIVE"] === "1") {
    throw new Error(`live suites are required, but ${NO_LIVE_REASON}`);
  }
  return true;
}

/** `name`, and why it is skipped where it is. */
export function liveName(name: string): string {
  return NO_LIVE_REASON === "" ? name : `${name} (skipped: ${NO_LIVE_REASON})`;
}

function reason(): string {
  try {
    const features = probe();
    if (!features.root) return "this needs root";
    if (!features.capture) return "the addon was built without libbpf";
    if (!features.btf) return "the kernel has no BTF";
    const missing = features.programs.find(
      ({ name, available }) => !available && (name === "ringbuf" || name === "tp_btf"),
    );
    if (missing !== undefined) return `${missing.name} does not work: ${missing.reason}`;
  } catch (error) {
    if (error instanceof NativeError) return error.message;
    throw error;
  }
  return existsSync(BPF_OBJECT) ? "" : "build/capture.bpf.o was not built";
}
