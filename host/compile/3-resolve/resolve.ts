/** Definitions → condition trees: lists replaced, exceptions added, parsed, macros filled in. */

import type { Problem } from "../../diagnostics/diagnostic.ts";
import { nearest } from "../../diagnostics/nearest.ts";
import type { MappedText } from "../1-load/mapped-text.ts";
import type { Context, Sink } from "../1-load/sink.ts";
import type { Expression, MacroUse } from "../2-parse/ast.ts";
import { parseCondition } from "../2-parse/parse-condition.ts";
import type { Definitions, MacroDefinition, RuleDefinition } from "./definitions.ts";
import { EXPANDED_DEPTH_MAX, Expansion, tooDeep } from "./expansion.ts";
import type { CompiledList } from "./substitute-lists.ts";
import {
  compileLists,
  inOrder,
  SUBSTITUTED_CHARACTERS_MAX,
  substituteLists,
} from "./substitute-lists.ts";

export interface Condition {
  readonly expression: Expression;
  /** What was parsed: the positions in `expression` point here. */
  readonly text: MappedText;
}

export interface ResolvedMacro {
  readonly definition: MacroDefinition;
  readonly condition: Condition;
}
export interface ResolvedRule {
  readonly definition: RuleDefinition;
  readonly condition: Condition;
  /** Condition with exceptions, before lists were replaced. */
  readonly source: MappedText;
}
export interface Resolved {
  readonly lists: readonly CompiledList[];
  readonly macros: readonly ResolvedMacro[];
  /** Those that were resolved so far. */
  readonly rules: readonly ResolvedRule[];
  readonly usedLists: ReadonlySet<string>;
  readonly usedMacros: ReadonlySet<string>;
}

/** Lists and macros, and rules one at a time: each is checked before the next one is resolved. */
export class Resolution implements Resolved {
  readonly usedLists = new Set<string>();
  readonly usedMacros = new Set<string>();
  readonly lists: readonly CompiledList[];
  readonly macros: ResolvedMacro[] = [];
  readonly rules: ResolvedRule[] = [];
  readonly #resolver: Resolver;

  constructor(definitions: Definitions, sink: Sink) {
    this.lists = compileLists(definitions.lists, this.usedLists);
    const used = { lists: this.usedLists, macros: this.usedMacros };
    this.#resolver = new Resolver(definitions, this.lists, used, sink);
    const macros = [...inOrder(definitions.macros)];
    if (!macros.every((definition) => this.#resolver.parseMacro(definition))) return;
    for (const definition of macros) {
      const condition = this.#resolver.macro(definition);
      if (condition === null) return;
      this.macros.push({ definition, condition });
    }
  }

  /** `source`: the condition with its exceptions. Null after an error. */
  rule(definition: RuleDefinition, source: MappedText): ResolvedRule | null {
    const condition = this.#resolver.rule(definition, source);
    if (condition === null) return null;
    const rule = { definition, condition, source };
    this.rules.push(rule);
    return rule;
  }
}

interface Used {
  readonly lists: Set<string>;
  readonly macros: Set<string>;
}

/** What a condition belongs to; `macro` is null for a rule. */
interface Owner {
  readonly macro: string | null;
  readonly visibility: number;
  readonly context: Context;
  readonly conditionContext: Context;
  readonly level: number;
}

class Resolver {
  readonly #definitions: Definitions;
  readonly #lists: readonly CompiledList[];
  readonly #used: Used;
  readonly #sink: Sink;
  readonly #parsed = new Map<string, Condition>();
  readonly #macros = new Map<string, Condition>();
  readonly #open = new Set<string>();
  readonly #expansion = new Expansion();

  constructor(definitions: Definitions, lists: readonly CompiledList[], used: Used, sink: Sink) {
    this.#definitions = definitions;
    this.#lists = lists;
    this.#used = used;
    this.#sink = sink;
  }

  /** False after an error. All are parsed before the first one is filled in. */
  parseMacro({ name, condition, conditionContext }: MacroDefinition): boolean {
    const parsed = this.#parse(condition, conditionContext);
    if (parsed !== null) this.#parsed.set(name, parsed);
    return parsed !== null;
  }

  /** `level` says how deep it is used in macros that are not complete yet. */
  macro(
    { name, visibility, context, conditionContext }: MacroDefinition,
    level = 0,
  ): Condition | null {
    const known = this.#macros.get(name);
    if (known !== undefined) return known;
    const parsed = this.#parsed.get(name);
    if (parsed === undefined) return null;
    this.#open.add(name);
    const owner = { macro: name, visibility, context, conditionContext, level };
    const filled = this.#fill(parsed, owner);
    this.#open.delete(name);
    if (filled !== null) this.#macros.set(name, filled);
    return filled;
  }

  rule({ context, conditionContext }: RuleDefinition, source: MappedText): Condition | null {
    const parsed = this.#parse(source, conditionContext);
    const visibility = Number.POSITIVE_INFINITY;
    const owner = { macro: null, visibility, context, conditionContext, level: 0 };
    return parsed && this.#fill(parsed, owner);
  }

  #parse(condition: MappedText, context: Context): Condition | null {
    const text = substituteLists(condition, this.#lists, this.#used.lists);
    if (text === null) {
      const what = "characters in a condition after its lists are replaced";
      return this.#sink.error(context, { code: "too-much", what, max: SUBSTITUTED_CHARACTERS_MAX });
    }
    const parsed = parseCondition(text.text);
    if (parsed.problem === null) return { expression: parsed.expression, text };
    return fail(this.#sink, context, parsed.problem, { text, offset: parsed.offset });
  }

  #fill({ expression: parsed, text }: Condition, owner: Owner): Condition | null {
    const walk = (expression: Expression, level: number): Expression | null => {
      switch (expression.kind) {
        case "check":
          return expression;
        case "macro":
          return this.#use(expression, text, { ...owner, level });
        case "not": {
          const child = walk(expression.child, level + 1);
          return child && { ...expression, child };
        }
        case "and":
        case "or": {
          const children: Expression[] = [];
          for (const child of expression.children) {
            const filled = walk(child, level + 1);
            if (filled === null) return null;
            children.push(filled);
          }
          return { ...expression, children };
        }
      }
    };
    const expression = walk(parsed, owner.level + 1);
    if (expression === null) return null;
    const excess = this.#expansion.add({ expression, text }, owner.macro);
    if (excess === null) return { expression, text };
    return fail(this.#sink, owner.conditionContext, excess.problem, {
      text,
      offset: excess.offset,
    });
  }

  #use(use: MacroUse, text: MappedText, { visibility, context, level }: Owner): MacroUse | null {
    const { name } = use;
    const definition = this.#definitions.macros.get(name);
    const refuse = (problem: Problem): null =>
      fail(this.#sink, context, problem, { text, offset: use.at });
    if (definition === undefined) {
      return refuse({
        code: "undefined-macro",
        name,
        near: nearest(name, this.#definitions.macros.keys()),
      });
    }
    if (this.#open.has(name)) return refuse({ code: "macro-cycle", name });
    if (definition.index >= visibility) return refuse({ code: "macro-order", name });
    if (level > EXPANDED_DEPTH_MAX) return refuse(tooDeep(use.at).problem);
    this.#used.macros.add(name);
    const body = this.macro(definition, level);
    return body && { ...use, body };
  }
}

/** Reports a problem inside a condition, at the place where its author wrote it. */
function fail(
  sink: Sink,
  context: Context,
  problem: Problem,
  place: { readonly text: MappedText; readonly offset: number },
): null {
  const { text, offset } = place;
  const at = text.position(offset) ?? context.at;
  return sink.error({ chain: context.chain, at }, problem, { text: text.text, offset });
}
