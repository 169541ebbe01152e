/**
 * How large conditions are once their macros are written out, told without writing them out. A
 * macro costs what it stands for wherever it is used, so macros that use one another twice double
 * each time. Characters also count values, arguments and patterns, which multiply like checks.
 */
import type { Problem } from "../../diagnostics/diagnostic.ts";
import type { Expression, MacroUse } from "../2-parse/ast.ts";
import { CONDITION_CHARACTERS_MAX } from "../2-parse/parse-condition.ts";
import { DEPTH_MAX } from "../2-parse/parse-operand.ts";

/** Above the longest text of a condition: without macros none is refused. */
const EXPANDED_CHARACTERS_MAX = 4 * CONDITION_CHARACTERS_MAX;

/** What all macros and rules may have together: 65,536 rules of a thousand characters each. */
const EXPANDED_TOGETHER_MAX = 32 * CONDITION_CHARACTERS_MAX;

/** Levels of `and`, `or`, `not` and macros; a condition without macros has fewer. */
export const EXPANDED_DEPTH_MAX = DEPTH_MAX;

type Condition = NonNullable<MacroUse["body"]>;

interface Size {
  /** Exact: macros have at most 2^23 each, and a text has fewer than 2^21 uses of them. */
  characters: number;
  levels: number;
}

/** Why a condition is too large, and the offset in it of what makes it so. */
export interface Excess {
  readonly problem: Problem;
  readonly offset: number;
}

export class Expansion {
  readonly #macros = new Map<string, Size>();
  #together = 0;

  /** Counts the condition of `macro`, or of a rule. The macros that it uses come first. */
  add({ expression, text }: Condition, macro: string | null): Excess | null {
    const size: Size = { characters: text.text.length, levels: 0 };
    let longest: MacroUse | null = null;
    const visit = (part: Expression, level: number): Excess | null => {
      const own = part.kind === "macro" ? this.#sizeOf(part) : NOTHING;
      size.levels = Math.max(size.levels, level + own.levels);
      if (size.levels > EXPANDED_DEPTH_MAX) return tooDeep(part.at);
      if (part.kind === "macro") {
        size.characters += own.characters - part.name.length;
        if (longest === null || own.characters > this.#sizeOf(longest).characters) longest = part;
      }
      for (const child of childrenOf(part)) {
        const excess = visit(child, level + 1);
        if (excess !== null) return excess;
      }
      return null;
    };
    const excess = visit(expression, 1) ?? this.#excess(size, longest);
    if (macro !== null) this.#macros.set(macro, size);
    return excess;
  }

  #sizeOf({ name }: MacroUse): Size {
    return this.#macros.get(name) ?? NOTHING;
  }

  #excess({ characters }: Size, longest: MacroUse | null): Excess | null {
    const offset = longest?.at ?? 0;
    this.#together += characters;
    if (longest !== null && characters > EXPANDED_CHARACTERS_MAX) {
      const { name } = longest;
      const each = this.#sizeOf(longest).characters;
      const max = EXPANDED_CHARACTERS_MAX;
      return { problem: { code: "macros-too-large", characters, max, name, each }, offset };
    }
    if (this.#together <= EXPANDED_TOGETHER_MAX) return null;
    const max = EXPANDED_TOGETHER_MAX;
    return { problem: { code: "rules-too-large", characters: this.#together, max }, offset };
  }
}

const NOTHING: Size = { characters: 0, levels: 0 };

export function tooDeep(offset: number): Excess {
  return { problem: { code: "too-deep", max: EXPANDED_DEPTH_MAX }, offset };
}

/** What stands inside `expression` itself, not in its macros. */
function childrenOf(expression: Expression): readonly Expression[] {
  if (expression.kind === "not") return [expression.child];
  return "children" in expression ? expression.children : [];
}
