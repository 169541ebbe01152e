import type { Bytes } from "./predicate.ts";

/** What is wrong with a pattern, or null. */
export function regexProblem(pattern: Bytes): string | null {
	return pattern.length > 4096 ? "too long" : null;
}

const PLAIN = /^[^\\.*+?()[\]{}|^$]+$/;

/** A simpler operator that does the same, or null. */
export function regexHint(pattern: Bytes): string | null {
	const core = pattern.replace(/^\^/, "").replace(/\$$/, "");
	if (PLAIN.test(core)) return "=";
	if (core.endsWith(".*") && PLAIN.test(core.slice(0, -2))) return "startswith";
	if (core.startsWith(".*") && PLAIN.test(core.slice(2))) return "endswith";
	if (core.startsWith(".*") && core.endsWith(".*") && PLAIN.test(core.slice(2, -2))) return "contains";
	return null;
}
