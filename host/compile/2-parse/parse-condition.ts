/**
 * Recursive descent over the grammar of conditions:
 *
 *   or    := and ( "or" and )*          and := not ( "and" not )*
 *   not   := "not"* check               check := "(" or ")" | operand comparison | macro
 *
 * No word is reserved, and after `or(` or `and(` the parenthesis alone is the operand.
 */
import type { Problem } from "../../diagnostics/diagnostic.ts";
import { OPERATORS, operatorsOf } from "../operators/table.ts";
import type { Check, Expression, Modifier, Operand, RightSide, Value } from "./ast.ts";
import { Lexer, SyntaxFailure } from "./lexer.ts";
import {
  Depth,
  EXPECTED_TRANSFORMER,
  tryField,
  tryOperand,
  tryTransformer,
} from "./parse-operand.ts";

export const CONDITION_CHARACTERS_MAX = 2 * 1024 * 1024;

export type Parsed =
  | { readonly expression: Expression; readonly problem: null }
  | { readonly expression: null; readonly problem: Problem; readonly offset: number };

export function parseCondition(text: string): Parsed {
  if (text.length > CONDITION_CHARACTERS_MAX) {
    const problem = {
      code: "too-much",
      what: "characters in a condition",
      max: CONDITION_CHARACTERS_MAX,
    } as const;
    return { expression: null, problem, offset: 0 };
  }
  try {
    return { expression: new Parser(text).parse(), problem: null };
  } catch (error) {
    if (error instanceof SyntaxFailure)
      return { expression: null, problem: error.problem, offset: error.offset };
    throw error;
  }
}

const ORDER_OPERATORS = operatorsOf("order");
const SYMBOL_OPERATORS = operatorsOf("symbol");
const WORD_OPERATORS = operatorsOf("word");
const LIST_OPERATORS = operatorsOf("list");
const MODIFIERS = ["oneof", "anyof", "allof"] as const;

class Parser {
  readonly #lexer: Lexer;
  readonly #depth = new Depth();

  constructor(text: string) {
    this.#lexer = new Lexer(text);
  }

  parse(): Expression {
    const lexer = this.#lexer;
    if (lexer.text.length === 0) lexer.fail("a condition, this one is empty");
    const expression = this.#or();
    if (!lexer.ended) lexer.fail("'or', 'and'", lexer.last);
    return expression;
  }

  #or(): Expression {
    return this.#depth.within(this.#lexer, 1, () => this.#group("or", () => this.#and()));
  }

  #and(): Expression {
    return this.#depth.within(this.#lexer, 1, () => this.#group("and", () => this.#not()));
  }

  #group(kind: "and" | "or", operand: () => Expression): Expression {
    const lexer = this.#lexer;
    const at = lexer.at;
    lexer.blank();
    const first = operand();
    const children = [first];
    lexer.blank();
    while (lexer.take(kind)) {
      if (lexer.blank()) children.push(operand());
      else if (lexer.take("(")) children.push(this.#parenthesis());
      else lexer.fail("blank or '('", kind);
      lexer.blank();
    }
    return children.length === 1 ? first : { kind, children, at };
  }

  #not(): Expression {
    const lexer = this.#lexer;
    return this.#depth.within(lexer, 1, () => {
      lexer.blank();
      const at = lexer.at;
      let negated = false;
      while (lexer.takeWord("not")) {
        negated = !negated;
        lexer.blank();
      }
      let child: Expression;
      if (lexer.take("not(")) {
        negated = !negated;
        child = this.#parenthesis();
      } else child = this.#checkOrMacro();
      return negated ? { kind: "not", child, at } : child;
    });
  }

  /** After the opening parenthesis. */
  #parenthesis(): Expression {
    const lexer = this.#lexer;
    return this.#depth.within(lexer, 1, () => {
      lexer.blank();
      const child = this.#or();
      lexer.blank();
      if (!lexer.take(")")) lexer.fail("a ')' token");
      return child;
    });
  }

  #checkOrMacro(): Expression {
    const lexer = this.#lexer;
    return this.#depth.within(lexer, 1, () => {
      lexer.blank();
      const at = lexer.at;
      if (lexer.take("(")) return this.#parenthesis();
      const left = tryField(lexer) ?? tryTransformer(lexer, this.#depth);
      if (left !== null) return this.#comparison(left, at);
      const name = lexer.identifier();
      return name === null
        ? lexer.fail("a '(' token, a field check, or an identifier")
        : { kind: "macro", name, at, body: null };
    });
  }

  #comparison(left: Operand, at: number): Check {
    const lexer = this.#lexer;
    lexer.blank();
    const base = { kind: "check", left, modifier: null, at } as const;
    if (lexer.take("exists")) return { ...base, operator: "exists", right: null };
    const order = ORDER_OPERATORS.find((operator) => lexer.take(operator));
    if (order !== undefined) return { ...base, operator: order, right: this.#number() };
    const text =
      SYMBOL_OPERATORS.find((operator) => lexer.take(operator)) ??
      WORD_OPERATORS.find((operator) => lexer.takeWord(operator));
    if (text !== undefined) {
      lexer.blank();
      const modifier = this.#modifier();
      if (modifier === null) return { ...base, operator: text, right: this.#text() };
      return { ...base, operator: text, modifier, right: this.#list() };
    }
    const list = LIST_OPERATORS.find((operator) => lexer.take(operator));
    if (list !== undefined)
      return { ...base, operator: list, right: this.#tryOwn() ?? this.#list() };
    return lexer.fail(
      `a valid check operator: one of ${OPERATORS.map(({ name }) => `'${name}'`).join(", ")}`,
    );
  }

  /** A modifier word is one only when a list or a name that is no keyword follows. */
  #modifier(): Modifier | null {
    const lexer = this.#lexer;
    const start = lexer.at;
    const last = lexer.last;
    const modifier = MODIFIERS.find((word) => lexer.takeWord(word));
    if (modifier !== undefined) {
      lexer.blank();
      const next = lexer.at;
      if (lexer.take("(")) {
        lexer.at = next;
        return modifier;
      }
      const name = lexer.identifier();
      lexer.at = next;
      if (name !== null && name !== "and" && name !== "or" && name !== "not") return modifier;
    }
    lexer.at = start;
    lexer.last = last;
    return null;
  }

  #number(): RightSide {
    const lexer = this.#lexer;
    const own = this.#tryOwn();
    if (own !== null) return own;
    const at = lexer.at;
    const text = lexer.number();
    return text === null
      ? lexer.fail(`a number value or ${EXPECTED_TRANSFORMER}`)
      : { kind: "value", text, at };
  }

  #text(): RightSide {
    return (
      this.#tryOwn() ??
      this.#tryValue() ??
      this.#lexer.fail(`a string value or ${EXPECTED_TRANSFORMER}`)
    );
  }

  #tryValue(): Value | null {
    const at = this.#lexer.at;
    const text = this.#lexer.quoted() ?? this.#lexer.bare();
    return text === null ? null : { kind: "value", text, at };
  }

  /** A parenthesized list, or a name, which is then the only value. */
  #list(): RightSide {
    const lexer = this.#lexer;
    lexer.blank();
    const at = lexer.at;
    if (lexer.take("(")) {
      const items: Value[] = [];
      lexer.blank();
      const first = this.#tryValue();
      if (first !== null) items.push(first);
      lexer.blank();
      while (first !== null && lexer.take(",")) {
        lexer.blank();
        items.push(this.#tryValue() ?? lexer.fail("a string value"));
        lexer.blank();
      }
      if (!lexer.take(")")) lexer.fail("a ')' token");
      return { kind: "values", items, bare: false, at };
    }
    const name = lexer.identifier();
    if (name === null) return lexer.fail(`a list, an identifier, or ${EXPECTED_TRANSFORMER}`);
    return { kind: "values", items: [{ kind: "value", text: name, at }], bare: true, at };
  }

  /** `val(field)` or a transformer. */
  #tryOwn(): Operand | null {
    const lexer = this.#lexer;
    lexer.blank();
    if (!lexer.take("val(")) return tryTransformer(lexer, this.#depth);
    lexer.blank();
    const field = tryField(lexer) ?? lexer.fail("a field within 'val' transformer");
    lexer.blank();
    if (!lexer.take(")")) lexer.fail("a ')' token closing the transformer");
    return field;
  }
}

/** Parses a field or transformer that stands alone; null when the text is anything else. */
export function parseOperand(text: string): Operand | null {
  const lexer = new Lexer(text);
  try {
    const operand = tryOperand(lexer, new Depth());
    return lexer.ended ? operand : null;
  } catch (error) {
    if (error instanceof SyntaxFailure) return null;
    throw error;
  }
}
