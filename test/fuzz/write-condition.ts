/** Condition trees as text, with quotes and escapes where the grammar wants them. */
import type {
  Check,
  Expression,
  FieldOperand,
  Operand,
  RightSide,
  TransformerArgument,
  Value,
} from "../../host/compile/2-parse/ast.ts";

export function writeCondition(expression: Expression): string {
  switch (expression.kind) {
    case "macro":
      return expression.name;
    case "not":
      return `not ${inner(expression.child)}`;
    case "and":
    case "or":
      return expression.children.map(inner).join(` ${expression.kind} `);
    case "check":
      return writeCheck(expression);
  }
}

function inner(child: Expression): string {
  return child.kind === "check" ? writeCheck(child) : `(${writeCondition(child)})`;
}

function writeCheck({ left, operator, modifier, right }: Check): string {
  const parts = [writeOperand(left), operator, modifier, right && writeRight(right, operator)];
  return parts.filter((part) => part !== null).join(" ");
}

function writeRight(right: RightSide, operator: string): string {
  switch (right.kind) {
    case "value":
      // Orders take nothing but plain numbers.
      return /^[<>]=?$/.test(operator) ? right.text : writeValue(right);
    case "values":
      return `(${right.items.map(writeValue).join(", ")})`;
    case "field":
      return `val(${writeField(right)})`;
    case "transformer":
      return writeOperand(right);
  }
}

function writeOperand(operand: Operand): string {
  if (operand.kind === "field") return writeField(operand);
  const operands = operand.operands.map(writeArgument).join(", ");
  return `${operand.name}(${operands})${bracketed(operand.argument)}`;
}

function writeField({ name, argument }: FieldOperand): string {
  return `${name}${bracketed(argument)}`;
}

function bracketed(argument: string | null): string {
  if (argument === null) return "";
  return /^\w+$/.test(argument) ? `[${argument}]` : `[${quoted(argument)}]`;
}

function writeArgument(argument: TransformerArgument): string {
  if (argument.kind === "value") return quoted(argument.text);
  if (argument.kind === "list") return `(${argument.items.map(writeArgument).join(", ")})`;
  return writeOperand(argument);
}

function writeValue({ text }: Value): string {
  const isBare = /^[\w./:+*?%@-]+$/.test(text) && !/^(?:oneof|anyof|allof)$/.test(text);
  return isBare ? text : quoted(text);
}

/** A backslash in front of the closing quote would keep it from closing. */
function quoted(text: string): string {
  const quote = text.includes('"') && !text.includes("'") ? "'" : '"';
  const escaped = Array.from(text).map((c, i, all) => {
    if (c === "\\") return i === all.length - 1 ? "\\x5c" : "\\\\";
    if (c === quote) return `\\${quote}`;
    const code = c.charCodeAt(0);
    const byte = c.length === 1 && code >= 0xdc80 && code <= 0xdcff ? code - 0xdc00 : code;
    const isPlain = byte >= 0x20 && byte !== 0x7f && byte === code;
    return isPlain ? c : `\\x${byte.toString(16).padStart(2, "0")}`;
  });
  return `${quote}${escaped.join("")}${quote}`;
}
