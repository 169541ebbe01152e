import type { Bytes } from "./predicate.ts";
import { compileRegex } from "./regex/automaton.ts";
import { RegexError } from "./regex/syntax.ts";

/** What is wrong with a pattern, or null. */
export function regexProblem(pattern: Bytes): string | null {
  try {
    compileRegex(pattern);
    return null;
  } catch (error) {
    if (error instanceof RegexError) return error.message;
    throw error;
  }
}

const PLAIN = /^[^\\.*+?()[\]{}|^$]+$/;

/** A simpler operator that does the same, or null. */
export function regexHint(pattern: Bytes): string | null {
  const core = pattern.replace(/^\^/, "").replace(/\$$/, "");
  if (PLAIN.test(core)) return "=";
  if (core.endsWith(".*") && PLAIN.test(core.slice(0, -2))) return "startswith";
  if (core.startsWith(".*") && PLAIN.test(core.slice(2))) return "endswith";
  const isInner = core.startsWith(".*") && core.endsWith(".*") && PLAIN.test(core.slice(2, -2));
  return isInner ? "contains" : null;
}
