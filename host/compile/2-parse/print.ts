/** The canonical form of a condition: Falco's `condition_compiled`. */
import type { Check, Expression, Operand, RightSide, TransformerArgument } from "./ast.ts";

export function printExpression(expression: Expression): string {
  switch (expression.kind) {
    case "and":
    case "or":
      return `(${expression.children.map(printExpression).join(` ${expression.kind} `)})`;
    case "not":
      return `not ${printExpression(expression.child)}`;
    case "macro":
      return expression.body === null
        ? expression.name
        : printExpression(expression.body.expression);
    case "check":
      return printCheck(expression);
  }
}

function printCheck(check: Check): string {
  const left = `${printOperand(check.left)} ${check.operator}`;
  if (check.right === null) return left;
  const modifier = check.modifier === null ? "" : `${check.modifier} `;
  return `${left} ${modifier}${printRight(check.right)}`;
}

export function printOperand(operand: Operand): string {
  const argument = operand.argument === null ? "" : `[${printValue(operand.argument)}]`;
  if (operand.kind === "field") return operand.name + argument;
  return `${operand.name}(${operand.operands.map(printArgument).join(",")})${argument}`;
}

function printArgument(argument: TransformerArgument): string {
  if (argument.kind === "value") return printValue(argument.text);
  if (argument.kind === "list") return `(${argument.items.map(printArgument).join(",")})`;
  return printOperand(argument);
}

function printRight(right: RightSide): string {
  switch (right.kind) {
    case "value":
      return printValue(right.text);
    case "values":
      if (right.bare) return right.items.map((item) => printValue(item.text)).join("");
      return `(${right.items.map((item) => printValue(item.text)).join(", ")})`;
    case "field":
      return `val(${printOperand(right)})`;
    case "transformer":
      return printOperand(right);
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\\": "\\\\",
  '"': '\\"',
};

/** Quoted and escaped when it could not stand bare. */
function printValue(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (!/[ \t\n\v\f\r\u0008="'\\]/.test(text)) return text;
  return `"${text.replace(/[\b\f\n\r\t\\"]/g, (c) => ESCAPES[c] ?? c)}"`;
}
