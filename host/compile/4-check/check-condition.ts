/** Condition tree → predicate: fields looked up, operators allowed, constants parsed. */

import type { Problem } from "../../diagnostics/diagnostic.ts";
import { nearest } from "../../diagnostics/nearest.ts";
import type { MappedText } from "../1-load/mapped-text.ts";
import type { Check, Expression, Operand, RightSide, Value } from "../2-parse/ast.ts";
import { TRANSFORMERS } from "../2-parse/parse-operand.ts";
import { printOperand } from "../2-parse/print.ts";
import type { Condition } from "../3-resolve/resolve.ts";
import { operatorOfName } from "../operators/table.ts";
import { codesOfName, eventNames } from "./event-types.ts";
import { fieldNames } from "./field-table.ts";
import { addressesOfHost, isHostName } from "./hosts.ts";
import type { Constant, Predicate, Source, Test } from "./predicate.ts";
import { regexHint, regexProblem } from "./regex-check.ts";
import { findSource } from "./transformers.ts";
import { allows, describeType, family } from "./types.ts";
import { parseValue } from "./values.ts";

export interface Finding {
  readonly severity: "error" | "warning";
  readonly problem: Problem;
  readonly text: MappedText;
  readonly offset: number;
}

/** Null after an error, which is the only one in `findings`; warnings can follow it. */
export function checkCondition(condition: Condition, findings: Finding[]): Predicate | null {
  return new Checker(findings).expression(condition.expression, condition.text);
}

const FIELD_NAMES: ReadonlySet<string> = new Set(fieldNames());
const EVENT_TYPE_FIELDS: readonly string[] = ["evt.type", "syscall.type"];
const NA_OPERATORS: readonly string[] = ["=", "==", "!=", "in", "intersects", "pmatch"];

interface CheckedBody {
  readonly predicate: Predicate | null;
  readonly findings: readonly Finding[];
}

/** What macros stand for, checked once: a regular expression in one may cost milliseconds. */
const KNOWN_BODIES = new WeakMap<Condition, CheckedBody>();

class Checker {
  readonly #findings: Finding[];
  #text: MappedText | null = null;
  /** Behind an error only the text is looked at, as Falco does before it compiles anything. */
  #hasFailed = false;

  constructor(findings: Finding[]) {
    this.#findings = findings;
  }

  expression(expression: Expression, text: MappedText): Predicate | null {
    this.#text = text;
    switch (expression.kind) {
      case "check":
        return this.#check(expression);
      case "macro": {
        const predicate = expression.body && this.#body(expression.body);
        this.#text = text;
        return predicate;
      }
      case "not": {
        const child = this.expression(expression.child, text);
        return child && { kind: "not", child };
      }
      case "and":
      case "or": {
        const children: Predicate[] = [];
        for (const child of expression.children) {
          const predicate = this.expression(child, text);
          if (predicate !== null) children.push(predicate);
        }
        return this.#hasFailed ? null : { kind: expression.kind, children };
      }
    }
  }

  /** Uses of a macro share its predicate; what is found in it is found with each of them. */
  #body(body: Condition): Predicate | null {
    if (this.#hasFailed) return this.expression(body.expression, body.text);
    const known = KNOWN_BODIES.get(body);
    if (known === undefined) {
      const findings: Finding[] = [];
      const predicate = checkCondition(body, findings);
      KNOWN_BODIES.set(body, { predicate, findings });
      return this.#body(body);
    }
    for (const finding of known.findings) this.#findings.push(finding);
    this.#hasFailed = known.predicate === null;
    return known.predicate;
  }

  #error(problem: Problem, offset: number): null {
    this.#hasFailed = true;
    if (this.#text !== null)
      this.#findings.push({ severity: "error", problem, text: this.#text, offset });
    return null;
  }

  #warn(problem: Problem, offset: number): void {
    if (this.#text !== null)
      this.#findings.push({ severity: "warning", problem, text: this.#text, offset });
  }

  #check(check: Check): Test | null {
    this.#warnAboutNa(check);
    if (this.#hasFailed) return this.#warnAboutText(check.left, check.at);
    const found = findSource(check.left);
    if (found.source === null) return this.#error(found.problem, found.at);
    const left = found.source;
    this.#warnAboutField(left, check.at);
    const { operator, modifier, right } = check;
    if (!allows(left.type, left.list, operator) || (left.list && modifier !== null)) {
      const type = describeType(left.type, left.list);
      return this.#error(
        { code: "operator-type", operator, field: printOperand(check.left), type },
        check.at,
      );
    }
    const base = { kind: "test", left, operator, modifier, constants: [], right: null } as const;
    if (right === null) return base;
    if (right.kind === "field" || right.kind === "transformer") {
      const source = this.#rightSource(check, left, right);
      return source && { ...base, right: source };
    }
    const constants = this.#constants(check, left, right.kind === "value" ? [right] : right.items);
    this.#warnAboutHosts(left, constants ?? [], check.at);
    return constants && { ...base, constants };
  }

  /** Fields of audit plugins are never <NA>: such a comparison is a leftover from old rules. */
  #warnAboutNa(check: Check): void {
    const { left, operator, right } = check;
    if (
      left.kind !== "field" ||
      !/^(?:ka|jevt)\./.test(left.name) ||
      !NA_OPERATORS.includes(operator)
    )
      return;
    const values = right?.kind === "value" ? [right] : right?.kind === "values" ? right.items : [];
    if (values.some((value) => value.text === "<NA>"))
      this.#warn({ code: "unsafe-na", field: left.name }, check.at);
  }

  #warnAboutText(operand: Operand, offset: number): null {
    const { source } = findSource(operand);
    if (source !== null) this.#warnAboutField(source, offset);
    return null;
  }

  #warnAboutField(source: Source, offset: number): void {
    if (source.kind === "transform")
      for (const operand of source.operands) this.#warnAboutField(operand, offset);
    if (source.kind !== "field") return;
    const { name: field, flags, accessor } = source.field;
    if (flags.includes("deprecated")) this.#warn({ code: "deprecated-field", field }, offset);
    else if (accessor === null && !isHostName(source))
      this.#warn({ code: "field-not-supported", field }, offset);
  }

  #warnAboutHosts(left: Source, constants: readonly Constant[], offset: number): void {
    if (left.kind !== "field" || !isHostName(left)) return;
    const { name: field } = left.field;
    for (const constant of constants) {
      if (constant.kind !== "text" || addressesOfHost(constant.bytes).length > 0) continue;
      this.#warn({ code: "field-not-supported", field, host: constant.bytes }, offset);
    }
  }

  #rightSource(
    check: Check,
    left: Source,
    right: Exclude<RightSide, Value | { kind: "values" }>,
  ): Source | null {
    const refuse = (reason: string): null => this.#error({ code: "comparison", reason }, right.at);
    const found = findSource(right);
    if (found.source === null) return this.#error(found.problem, found.at);
    const source = found.source;
    this.#warnAboutField(source, right.at);
    if (!operatorOfName(check.operator).comparesFields)
      return refuse(`'${check.operator}' cannot be used with another field`);
    for (const side of [left, source]) {
      if (side.kind === "field" && side.field.flags.includes("no_right_hand_side")) {
        return refuse(`'${side.field.name}' cannot be compared with another field`);
      }
    }
    if (left.kind === "field" && EVENT_TYPE_FIELDS.includes(left.field.name)) {
      return this.#error(
        { code: "event-type-shape", reason: "the event type cannot be compared with a field" },
        right.at,
      );
    }
    if (left.type !== source.type || left.list !== source.list || family(left.type) === "network") {
      return refuse("both sides of a comparison have to be of the same type");
    }
    return source;
  }

  #constants(check: Check, left: Source, values: readonly Value[]): Constant[] | null {
    const constants: Constant[] = [];
    for (const value of values) {
      this.#hint(value);
      const { constant, problem } = parseValue(value.text, left.type, check.operator);
      if (constant === null) return this.#error(problem, value.at);
      const isEventType = left.kind === "field" && EVENT_TYPE_FIELDS.includes(left.field.name);
      if (isEventType && codesOfName(value.text) === null) {
        const near = nearest(value.text, eventNames());
        return this.#error({ code: "unknown-event-type", name: value.text, near }, value.at);
      }
      if (check.operator === "regex" && constant.kind === "text") {
        const reason = regexProblem(constant.bytes);
        if (reason !== null)
          return this.#error({ code: "regex", pattern: value.text, reason }, value.at);
        const instead = regexHint(constant.bytes);
        if (instead !== null)
          this.#warn({ code: "hint-regex", pattern: value.text, instead }, value.at);
      }
      constants.push(constant);
    }
    return constants;
  }

  #hint(value: Value): void {
    if (FIELD_NAMES.has(value.text))
      this.#warn({ code: "hint-field-name", value: value.text }, value.at);
    const isCall = ["val", ...TRANSFORMERS].some((name) => value.text.startsWith(`${name}(`));
    if (isCall) this.#warn({ code: "hint-transformer", value: value.text }, value.at);
  }
}
