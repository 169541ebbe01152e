/** What the compiled rules say: which condition matched which events of a stream. */
import type { Profile } from "../../host/compile/5-plan/profile.ts";
import { checkFiles, type RulesFile } from "../../host/compile/check.ts";
import { compileRules } from "../../host/compile/compile.ts";
import { openSession } from "../support/engine.ts";
import { type Stream, TABLES } from "./stream.ts";

/** One rule per condition, in their order. */
export function rulesFile(conditions: readonly string[]): RulesFile {
  const rules = conditions.map((condition, i) => ({
    rule: `condition ${String(i)}`,
    condition,
    desc: "made up",
    output: "matched",
    priority: "INFO",
    warn_evttypes: false,
  }));
  return { name: "conditions.yaml", text: JSON.stringify(rules) };
}

/** Why a condition is refused; null when it is not. */
export function refusal(condition: string): string | null {
  const { rules, diagnostics } = checkFiles([rulesFile([condition])]);
  if (rules !== null) return null;
  return JSON.stringify(diagnostics.find(({ severity }) => severity === "error")?.problem);
}

/** The pack did what it must not do. */
export class PackTrap extends Error {
  override readonly name = "PackTrap";
}

export class Matcher {
  readonly #pack: Uint8Array;

  private constructor(pack: Uint8Array) {
    this.#pack = pack;
  }

  static async of(conditions: readonly string[], profile?: Profile): Promise<Matcher> {
    const { pack, diagnostics } = await compileRules([rulesFile(conditions)], {
      cacheDirectory: null,
      ...(profile === undefined ? {} : { profile }),
    });
    if (pack === undefined) throw new Error(JSON.stringify(diagnostics));
    return new Matcher(pack.wasm);
  }

  /** Per condition the numbers of the events that it matched. */
  run(stream: Stream, conditions: number): readonly ReadonlySet<bigint>[] {
    const found = Array.from({ length: conditions }, () => new Set<bigint>());
    const { session, matches, faults, close } = openSession([this.#pack], { tables: TABLES });
    try {
      session.setHost({ networks: stream.networks });
      for (const row of stream.rows) {
        session.stage(row);
        session.replay(0, row.length);
        for (const { rule, event } of matches.splice(0)) found[rule]?.add(event);
      }
      if (faults.length > 0) throw new PackTrap(faults[0]?.reason);
      return found;
    } finally {
      close();
    }
  }
}
