import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Path of a file of the shared conformance data, or undefined where it is not on this machine. */
export function shared(...parts: readonly string[]): string | undefined {
  const beside = fileURLToPath(new URL("../../../shared", import.meta.url));
  const base = process.env["LANNER_SHARED"] ?? beside;
  const path = [base, ...parts].join("/");
  return existsSync(path) ? path : undefined;
}
