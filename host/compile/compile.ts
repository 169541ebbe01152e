/** The rule compiler's two doors: `checkRules` says what is wrong, `compileRules` makes a pack. */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Diagnostic, Problem } from "../diagnostics/diagnostic.ts";
import { INSTRUMENTS_SECTION } from "../schema/instruments.ts";
import type { PackManifest } from "../schema/manifest.ts";

import { MATCHES_MAX, PACK_DATA_BYTES_MAX } from "../schema/memory.ts";
import { validatePack } from "../validate/validate.ts";
import type { Plan } from "./5-plan/plan.ts";
import { makePlan } from "./5-plan/plan.ts";
import { type Profile, profileText } from "./5-plan/profile.ts";
import type { ProfileUse } from "./5-plan/profile-use.ts";
import { DataTooLarge } from "./6-emit/data.ts";
import type { Emitted } from "./6-emit/emit.ts";
import { emit } from "./6-emit/emit.ts";
import { emitSurvey } from "./6-emit/emit-survey.ts";
import { Instruments } from "./6-emit/instruments.ts";
import { ASSEMBLY_FOLDER, ASSEMBLY_PARTS, AssembleError, assemble } from "./7-assemble/assemble.ts";
import { defaultCacheDirectory, hashFolders, readCached, writeCached } from "./7-assemble/cache.ts";
import { withSections } from "./7-assemble/custom-section.ts";
import { layoutDigest } from "./7-assemble/layout.ts";
import { makeManifest } from "./7-assemble/manifest.ts";
import type { CheckOptions, RulesFile } from "./check.ts";
import { checkFiles } from "./check.ts";
import { slotTexts } from "./node-text.ts";

export interface CompileOptions extends CheckOptions {
  /** The pack's name in its manifest and in alerts about it. */
  readonly name?: string;
  /** Where compiled packs are kept; null to keep none. Default: the user's cache directory. */
  readonly cacheDirectory?: string | null;
  /**
   * Make a pack for measuring, see host/schema/instruments.ts: one that counts what it does, or one
   * that surveys what its conditions would answer and reports no matches.
   */
  readonly instrument?: "costs" | "survey";
  /** What is expected of events; decides the order of evaluation, never a result. */
  readonly profile?: Profile;
}

export interface CompiledPack {
  /** One module, complete: manifest and data are custom sections of it. */
  readonly wasm: Uint8Array;
  readonly manifest: PackManifest;
  readonly fromCache: boolean;
}

export interface Compiled {
  /** Absent when there is an error among the diagnostics. */
  readonly pack?: CompiledPack;
  readonly diagnostics: readonly Diagnostic[];
  /** What became of the profile, where there is one and rules were compiled just now. */
  readonly profileUse?: ProfileUse;
}

const DEFAULT_NAME = "rules";

/** Phases 1 to 5: everything that can be wrong with rules, without making code. */
export function checkRules(
  files: readonly RulesFile[],
  options: CheckOptions = {},
): { readonly diagnostics: readonly Diagnostic[] } {
  const { rules, diagnostics } = checkFiles(files, options);
  if (rules !== null) makePlan(rules);
  return { diagnostics };
}

/** Throws `AssembleError` only for a bug of this project or a broken installation. */
export async function compileRules(
  files: readonly RulesFile[],
  options: CompileOptions = {},
): Promise<Compiled> {
  const directory =
    options.cacheDirectory === undefined ? defaultCacheDirectory() : options.cacheDirectory;
  const key = directory === null ? "" : await cacheKey(files, options);
  const cached = directory === null ? null : readCached(directory, key);
  if (cached !== null) {
    const pack = readPack(cached.wasm, true);
    if (pack !== null) return { pack, diagnostics: cached.diagnostics };
  }
  const { rules, diagnostics } = checkFiles(files, options);
  if (rules === null) return { diagnostics };
  const plan = makePlan(rules, options.profile);
  const tooLarge =
    plan.rules.length > MATCHES_MAX ? problemOfSize("rules", plan.rules.length, MATCHES_MAX) : null;
  const instruments = options.instrument === undefined ? null : new Instruments();
  const isSurvey = options.instrument === "survey";
  const emitted =
    tooLarge ??
    emitFitting(plan, () =>
      isSurvey && instruments !== null ? emitSurvey(plan, instruments) : emit(plan, instruments),
    );
  if ("code" in emitted) return { diagnostics: [...diagnostics, sizeDiagnostic(files, emitted)] };
  const module = await assemble(emitted.source);
  const manifest = makeManifest(plan, {
    name: options.name ?? DEFAULT_NAME,
    layout: await layoutDigest(),
    dataBytes: emitted.data.length,
  });
  const wasm = withSections(module, [
    { name: "lanner.manifest", bytes: Buffer.from(JSON.stringify(manifest)) },
    { name: "lanner.data", bytes: emitted.data },
    ...instrumentSections(instruments),
  ]);
  const verdict = validatePack(wasm);
  if (verdict.problem !== null)
    throw new AssembleError(`the generated module is refused: ${verdict.problem}`);
  if (directory !== null) writeCached(directory, key, { wasm, diagnostics });
  const pack = { wasm, manifest, fromCache: false };
  const { profileUse } = plan;
  return { pack, diagnostics, ...(profileUse === null ? {} : { profileUse }) };
}

function instrumentSections(
  instruments: Instruments | null,
): readonly { readonly name: string; readonly bytes: Uint8Array }[] {
  if (instruments === null) return [];
  const bytes = Buffer.from(JSON.stringify(slotTexts(instruments.slots)));
  return [{ name: INSTRUMENTS_SECTION, bytes }];
}

function emitFitting(plan: Plan, make: () => Emitted): Emitted | Problem {
  try {
    const emitted = make();
    return emitted.fits ? emitted : problemOfSize("predicates", plan.caches.size, 0);
  } catch (error) {
    if (error instanceof DataTooLarge)
      return problemOfSize("bytes of constants", PACK_DATA_BYTES_MAX, PACK_DATA_BYTES_MAX);
    throw error;
  }
}

function problemOfSize(what: string, size: number, max: number): Problem {
  return { code: "pack-too-large", what, size, max };
}

function sizeDiagnostic(files: readonly RulesFile[], problem: Problem): Diagnostic {
  const at = { file: files.at(-1)?.name ?? "", offset: 0, line: 0, column: 0 };
  return {
    severity: "error",
    problem,
    loading: at.file,
    at,
    chain: [{ itemType: "rules content", itemName: "", at }],
  };
}

/** The pack in a module; null when the validator refuses it or it has no manifest. */
function readPack(wasm: Uint8Array, fromCache: boolean): CompiledPack | null {
  const verdict = validatePack(wasm);
  const bytes = verdict.problem === null ? verdict.sections.get("lanner.manifest") : undefined;
  if (bytes === undefined) return null;
  return {
    wasm,
    manifest: JSON.parse(Buffer.from(bytes).toString("utf8")) as PackManifest,
    fromCache,
  };
}

const HOST_FOLDER = fileURLToPath(new URL("..", import.meta.url));

/** Everything that the bytes of the pack depend on. */
async function cacheKey(files: readonly RulesFile[], options: CompileOptions): Promise<string> {
  const sources = [
    ...ASSEMBLY_PARTS.map((part) => join(ASSEMBLY_FOLDER, part)),
    join(HOST_FOLDER, "compile"),
    join(HOST_FOLDER, "schema"),
  ];
  const {
    sources: eventSources,
    appendOutput,
    selections,
    staticFields,
    name,
    instrument,
    profile,
  } = options;
  const asked = {
    files,
    eventSources,
    appendOutput,
    selections,
    staticFields,
    name,
    instrument,
    profile: profile === undefined ? null : profileText(profile),
    node: process.version,
  };
  return createHash("sha256")
    .update(await hashFolders(sources))
    .update(JSON.stringify(asked))
    .digest("hex");
}
