/** Rule files to a pack: from the cache, or by the compiler, which is loaded only then. */
import { fileURLToPath } from "node:url";
import type { ProfileUse } from "../compile/5-plan/profile-use.ts";
import type { CompileOptions } from "../compile/compile.ts";
import type { SourceText } from "../diagnostics/render-text.ts";
import { AgentError, EXIT } from "./io.ts";
import type { Notices } from "./notices.ts";
import { fileStamp, PackCache } from "./pack-cache.ts";
import { ENGINE_FILE } from "./paths.ts";
import type { RuleChanges } from "./rule-changes.ts";

/**
 * What a pack depends on besides its rules: layouts (the engine has the same), the compiler, whose
 * files are all written by one build, and the addresses that names in conditions stand for.
 */
const STAMPED = [
  "/etc/hosts",
  ENGINE_FILE,
  fileURLToPath(new URL("../compile/compile.js", import.meta.url)),
] as const;

/** `instrument`: a pack for measuring; see host/compile/compile.ts. */
export type PackOptions = RuleChanges & Pick<CompileOptions, "instrument">;

/** The pack's module. Throws AgentError with all diagnostics when the rules are in error. */
export async function compilePack(
  files: readonly SourceText[],
  around: {
    readonly cache: string;
    readonly notices: Notices;
    readonly options?: PackOptions;
    /** A profile, as its file has it; it is read only when there is something to compile. */
    readonly profile?: SourceText;
  },
): Promise<Uint8Array> {
  const cache = new PackCache(around.cache);
  const { options = {}, profile } = around;
  const stamps = [...STAMPED.map(fileStamp), JSON.stringify(options), profile?.text ?? ""];
  const key = cache.key(files, stamps);
  const cached = cache.get(key);
  if (cached !== undefined) return cached;
  const names = files.map((file) => file.name).join(", ");
  const purpose = options.instrument === undefined ? "" : PURPOSES[options.instrument];
  const { refusal } = cache;
  const kept = refusal === null ? "; this is done once" : "";
  if (refusal !== null) around.notices.warn(`compiled rules are not kept: ${refusal}`);
  around.notices.say(`compiling ${names}${purpose}${kept}`);
  const { compileRules } = await import("../compile/compile.ts");
  const { parseProfile } = await import("./profile-file.ts");
  const { pack, diagnostics, profileUse } = await compileRules(files, {
    ...options,
    ...(profile === undefined ? {} : { profile: parseProfile(profile) }),
    cacheDirectory: around.cache,
  });
  if (pack === undefined) {
    const { renderText } = await import("../diagnostics/render-text.ts");
    const what = files.some((file) => file.frame !== undefined) ? "filter is" : "rules are";
    const text = `the ${what} in error\n${renderText(diagnostics, files)}`;
    throw new AgentError(EXIT.usage, text);
  }
  if (profileUse !== undefined) warnOfProfile(profileUse, profile?.name ?? "", around.notices);
  cache.put(key, pack.wasm);
  return pack.wasm;
}

/** Of the predicates: below this share the profile was made for other rules. */
const KNOWN_SHARE_MIN = 0.5;

function warnOfProfile(use: ProfileUse, name: string, notices: Notices): void {
  if (use.kind === "unused") {
    notices.warn(`${name} has no effect: a rule reads util.cnt, so conditions keep their order`);
    return;
  }
  const { known, predicates } = use;
  if (known >= predicates * KNOWN_SHARE_MIN) return;
  notices.warn(
    `${name} knows ${String(known)} of ${String(predicates)} predicates of these rules; write a ` +
      `new one with: lanner bench -r RULES CAPTURE --write-profile FILE`,
  );
}

const PURPOSES = { costs: " with counters", survey: " for a survey" } as const;
