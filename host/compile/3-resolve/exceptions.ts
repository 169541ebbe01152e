/** Shape checks of exceptions, and their text as conditions. */

import type { ScalarNode } from "../../yaml/nodes.ts";
import type { ExceptionItem, ExceptionValue } from "../1-load/items.ts";
import { MappedText } from "../1-load/mapped-text.ts";
import type { Sink } from "../1-load/sink.ts";
import { OPERATORS, operatorsOf } from "../operators/table.ts";
import type { Exception, ExceptionPart } from "./definitions.ts";

const NAMES: readonly string[] = OPERATORS.map(({ name }) => name);
const LIST_OPERATORS: readonly string[] = operatorsOf("list");
/** Those that take a modifier. */
const TEXT_OPERATORS: readonly string[] = [...operatorsOf("symbol"), ...operatorsOf("word")];
const MODIFIED = /^(\S+)\s+(?:oneof|anyof|allof)$/;

/** Null after an error. `replace` fills in no default comparisons, as with Falco. */
export function defineExceptions(
  items: readonly ExceptionItem[],
  mode: "define" | "replace",
  sink: Sink,
): Exception[] | null {
  const found: Exception[] = [];
  for (const item of items) {
    if (mode === "replace" && item.values === null && item.fields === null) continue;
    const exception = defineException(item, mode, sink);
    if (exception === null) return null;
    found.push(exception);
  }
  return found;
}

export function appendExceptions(
  before: readonly Exception[],
  items: readonly ExceptionItem[],
  sink: Sink,
): Exception[] | null {
  const result = [...before];
  for (const item of items) {
    const { name, context } = item;
    const at = result.findIndex((exception) => exception.name === name);
    const known = result[at];
    if (item.values === null || item.values.length === 0) {
      sink.warn(context, { code: "exception-no-values", name });
      if (known !== undefined || item.fields === null) continue;
    }
    if (known === undefined) {
      if (item.values === null || item.fields === null) {
        return sink.error(context, {
          code: "exception-shape",
          name,
          reason: "a new exception needs fields and values",
        });
      }
      const exception = defineException(item, "define", sink);
      if (exception === null) return null;
      result.push(exception);
      continue;
    }
    if (item.fields !== null || item.comps !== null) {
      const reason = "appended values take the fields and comps of the first definition";
      return sink.error(context, { code: "exception-shape", name, reason });
    }
    const values = item.values ?? [];
    if (!valuesFit(item, known, values, sink)) return null;
    result[at] = { ...known, values: [...known.values, ...values] };
  }
  return result;
}

function defineException(
  item: ExceptionItem,
  mode: "define" | "replace",
  sink: Sink,
): Exception | null {
  const { name, context, fields, comps } = item;
  const fail = (reason: string): null =>
    sink.error(context, { code: "exception-shape", name, reason });
  if (fields === null) return sink.error(context, { code: "missing-key", key: "fields" });
  if (fields.length === 0) return fail("it has no fields");
  const defaults = mode === "define" ? { single: "in", tuples: "=" } : { single: "", tuples: "" };
  const parts: ExceptionPart[] = [];
  if (typeof fields === "string") {
    if (comps !== null && typeof comps !== "string") return fail("one field needs one comparison");
    const comparison = (comps ?? defaults.single).trim();
    if (comparison !== "" && !LIST_OPERATORS.includes(comparison) && !isModified(comparison)) {
      return fail(
        `one field takes in, pmatch, intersects or a modified text operator, not '${comparison}'`,
      );
    }
    parts.push({ field: fields, comparison });
  } else {
    if (typeof comps === "string") return fail("several fields need a sequence of comparisons");
    if (comps !== null && comps.length !== fields.length)
      return fail("fields and comps have to be of the same length");
    for (const [i, field] of fields.entries()) {
      const comparison = (comps?.[i] ?? defaults.tuples).trim();
      if (comparison !== "" && !isComparison(comparison))
        return fail(`'${comparison}' is no comparison`);
      parts.push({ field, comparison });
    }
  }
  const form = typeof fields === "string" ? "single" : "tuples";
  const exception: Exception = { name, form, parts, values: item.values ?? [], context };
  return valuesFit(item, exception, exception.values, sink) ? exception : null;
}

function isModified(comparison: string): boolean {
  const operator = MODIFIED.exec(comparison)?.[1];
  return operator !== undefined && TEXT_OPERATORS.includes(operator);
}

function isComparison(comparison: string): boolean {
  return NAMES.includes(comparison) || isModified(comparison);
}

function valuesFit(
  item: ExceptionItem,
  exception: Exception,
  values: Exception["values"],
  sink: Sink,
): boolean {
  const { context, name } = item;
  for (const value of values) {
    const isTuple = Array.isArray(value);
    if (exception.form === "single" && isTuple) {
      sink.error(context, {
        code: "exception-shape",
        name,
        reason: "the values of one field are plain values",
      });
      return false;
    }
    if (exception.form === "tuples" && (!isTuple || value.length !== exception.parts.length)) {
      const reason = `each of its values has to be a sequence of ${exception.parts.length}`;
      sink.error(context, { code: "exception-shape", name, reason });
      return false;
    }
  }
  return true;
}

/** `(condition) and not (…)` for each exception that has values. */
export function withExceptions(
  condition: MappedText,
  exceptions: readonly Exception[],
): MappedText {
  const active = exceptions.filter((exception) => exception.values.length > 0);
  if (active.length === 0) return condition;
  const parts: (MappedText | string)[] = ["(", condition, ")"];
  for (const exception of active) {
    parts.push(" and not ");
    const own = exception.form === "single" ? single(exception) : tuples(exception);
    for (const part of own) parts.push(part);
  }
  return MappedText.join(parts);
}

function single(exception: Exception): (MappedText | string)[] {
  const part = exception.parts[0];
  const values = exception.values.filter(isScalar);
  return [`${part?.field ?? ""} ${part?.comparison ?? ""} `, ...listOf(values)];
}

function tuples(exception: Exception): (MappedText | string)[] {
  const text: (MappedText | string)[] = ["("];
  exception.values.forEach((tuple, i) => {
    if (i > 0) text.push(" or ");
    text.push("(");
    const elements: readonly ExceptionValue[] = isScalar(tuple) ? [tuple] : tuple;
    elements.forEach((element, j) => {
      const part = exception.parts[j];
      if (part === undefined) return;
      if (j > 0) text.push(" and ");
      text.push(`${part.field} ${part.comparison} `, ...elementText(element, part.comparison));
    });
    text.push(")");
  });
  text.push(")");
  return text;
}

function elementText(element: ExceptionValue, comparison: string): (MappedText | string)[] {
  if (!isScalar(element)) return listOf(element);
  // A scalar that is written as a list already stays as it is.
  const isListed = element.text.startsWith("(");
  const takesList = LIST_OPERATORS.includes(comparison) || isModified(comparison);
  if (takesList && isListed) return [MappedText.ofScalar(element)];
  return takesList ? ["(", quoted(element), ")"] : [quoted(element)];
}

function listOf(values: readonly ScalarNode[]): (MappedText | string)[] {
  return [
    "(",
    ...values.flatMap((value, i) => (i === 0 ? [quoted(value)] : [", ", quoted(value)])),
    ")",
  ];
}

/** A value with a blank gets quotes, unless it brings its own. Nothing inside is escaped. */
function quoted(value: ScalarNode): MappedText {
  const text = MappedText.ofScalar(value);
  const needsQuotes = value.text.includes(" ") && !/^["']/.test(value.text);
  return needsQuotes ? MappedText.join(['"', text, '"']) : text;
}

function isScalar(value: Exception["values"][number]): value is ScalarNode {
  return !Array.isArray(value);
}
