/** Which events a rule is shown: those of the types that its condition speaks of. */
import type { Check, Expression } from "../../../host/compile/2-parse/ast.ts";
import { EVENTS } from "../../../host/schema/events.ts";
import { SYSCALLS } from "../../../host/schema/syscalls.ts";

const GENERIC = codesNamed("syscall");
const ASYNC = EVENTS.find(({ id }) => id.startsWith("ASYNCEVENT"))?.code ?? -1;

function codesNamed(name: string): number[] {
  return EVENTS.filter((event) => event.name === name).map(({ code }) => code);
}

/** Calls without an event of their own all come as the generic one. */
function isTypeNamed(type: number, name: string): boolean {
  const own = codesNamed(name).filter((code) => !GENERIC.includes(code));
  if (own.length > 0) return own.includes(type);
  const isCall = SYSCALLS.some((call) => call.name === name && call.event === null);
  return isCall && GENERIC.includes(type);
}

export function isShown(expression: Expression, type: number): boolean {
  // Async events are shown to every rule.
  return type === ASYNC || speaksOf(expression, type, false);
}

function speaksOf(expression: Expression, type: number, negated: boolean): boolean {
  switch (expression.kind) {
    case "macro":
      return expression.body === null || speaksOf(expression.body.expression, type, negated);
    case "not":
      return speaksOf(expression.child, type, !negated);
    case "and":
    case "or": {
      const parts = expression.children.map((child) => speaksOf(child, type, negated));
      return (expression.kind === "or") !== negated ? parts.includes(true) : !parts.includes(false);
    }
    case "check":
      return checkSpeaksOf(expression, type, negated);
  }
}

function checkSpeaksOf(check: Check, type: number, negated: boolean): boolean {
  const { left, operator, modifier, right } = check;
  const isType = left.kind === "field" && /^(?:evt|syscall)\.type$/.test(left.name);
  if (!isType || modifier !== null) return true;
  // `not evt.type exists` selects nothing at all.
  if (operator === "exists") return !negated;
  const values = right?.kind === "value" ? [right] : right?.kind === "values" ? right.items : null;
  if (values === null || !["=", "==", "!=", "in"].includes(operator)) return true;
  const named = values.some(({ text }) => isTypeNamed(type, text));
  return named === ((operator === "!=") === negated);
}
