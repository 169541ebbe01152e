/** Shape checks of exceptions, and their text as conditions. */
import type { ExceptionEntry, ExceptionItem } from "../1-load/items.ts";
import { MappedText } from "../1-load/mapped-text.ts";
import type { Sink } from "../1-load/sink.ts";
import { OPERATORS, operatorsOf } from "../operators/table.ts";
import type { Exception, ExceptionPart, RuleDefinition } from "./definitions.ts";

const NAMES: readonly string[] = OPERATORS.map(({ name }) => name);
const LIST_OPERATORS: readonly string[] = operatorsOf("list");
/** Those that take a modifier. */
const TEXT_OPERATORS: readonly string[] = [...operatorsOf("symbol"), ...operatorsOf("word")];
const MODIFIED = /^(\S+)\s+(?:oneof|anyof|allof)$/;

/** Which fields there are, for exceptions of rules whose source is known. */
export interface FieldLookup {
  has(field: string): boolean;
  near(field: string): string | null;
}

export interface Place {
  /** Null for a rule of an unknown source: its fields cannot be known. */
  readonly fields: FieldLookup | null;
  readonly sink: Sink;
}

/** Null after an error. */
export function defineExceptions(
  items: readonly ExceptionItem[],
  place: Place,
): Exception[] | null {
  const found: Exception[] = [];
  for (const item of items) {
    if (!isGiven(item.fields)) return shapeError(item, "it has no fields", place);
    if (!isSound(item, place)) return null;
    found.push(exceptionOf(item, { single: "in", tuples: "=" }));
  }
  return found;
}

/** Falco looks at none of them, and gives them no comparisons either. */
export function replaceExceptions(items: readonly ExceptionItem[]): Exception[] {
  return items.map((item) => exceptionOf(item, { single: "", tuples: "" }));
}

/** Null after an error. */
export function appendExceptions(
  before: readonly Exception[],
  items: readonly ExceptionItem[],
  place: Place,
): Exception[] | null {
  const result = [...before];
  for (const item of items) {
    const at = result.findIndex((exception) => exception.name === item.name);
    const known = result[at];
    if (known === undefined) {
      const hasAll = isGiven(item.fields) && item.values.length > 0;
      if (!hasAll) return shapeError(item, "a new exception needs fields and values", place);
      if (!isSound(item, place)) return null;
      result.push(exceptionOf(item, { single: "in", tuples: "=" }));
    } else if (isGiven(item.fields) || isGiven(item.comps)) {
      const reason = "appended values take the fields and comps of the first definition";
      return shapeError(item, reason, place);
    } else {
      result[at] = { ...known, values: [...known.values, ...item.values] };
    }
  }
  return result;
}

function shapeError({ name, context }: ExceptionItem, reason: string, { sink }: Place): null {
  return sink.error(context, { code: "exception-shape", name, reason });
}

function isGiven(entry: ExceptionEntry): boolean {
  if (entry === null) return false;
  return isList(entry) ? entry.length > 0 : entry.text !== "";
}

function isList(entry: ExceptionEntry): entry is readonly ExceptionEntry[] {
  return Array.isArray(entry);
}

function textOf(entry: ExceptionEntry | undefined): string {
  return entry === null || entry === undefined || isList(entry) ? "" : entry.text;
}

function comparisonOf(entry: ExceptionEntry | undefined): string {
  return textOf(entry).trim();
}

function partsOf({ fields, comps }: ExceptionItem, missing: string): ExceptionPart[] {
  if (!isList(fields)) {
    return [{ field: textOf(fields), comparison: isGiven(comps) ? comparisonOf(comps) : missing }];
  }
  return fields.map((field, i) => {
    const comparison = isList(comps) && isGiven(comps) ? comparisonOf(comps[i]) : missing;
    return { field: textOf(field), comparison };
  });
}

function exceptionOf(
  item: ExceptionItem,
  missing: { readonly single: string; readonly tuples: string },
): Exception {
  const form = isList(item.fields) ? "tuples" : "single";
  const { name, values, context } = item;
  return { name, form, parts: partsOf(item, missing[form]), values, context };
}

/** Whether fields and comparisons exist and fit each other. The values are looked at later. */
function isSound(item: ExceptionItem, place: Place): boolean {
  const { fields, comps, name, context } = item;
  const reason = isList(fields) ? tupleProblem(fields, comps) : singleProblem(comps);
  if (reason !== null) {
    shapeError(item, reason, place);
    return false;
  }
  for (const field of isList(fields) ? fields.map(textOf) : [textOf(fields)]) {
    if (place.fields === null || place.fields.has(field)) continue;
    const near = place.fields.near(field);
    place.sink.error(context, { code: "exception-field", name, field, near });
    return false;
  }
  return true;
}

function tupleProblem(fields: readonly ExceptionEntry[], comps: ExceptionEntry): string | null {
  if (!isGiven(comps)) return null;
  if (!isList(comps) || comps.length !== fields.length) {
    return "fields and comps must be sequences of the same length";
  }
  const unknown = comps.map(comparisonOf).find((comparison) => !isComparison(comparison));
  return unknown === undefined ? null : `'${unknown}' is not a comparison`;
}

function singleProblem(comps: ExceptionEntry): string | null {
  if (!isGiven(comps)) return null;
  if (isList(comps)) return "one field takes one comparison, not a sequence";
  const comparison = comparisonOf(comps);
  if (LIST_OPERATORS.includes(comparison) || isModified(comparison)) return null;
  return `one field takes in, pmatch, intersects or a modified text operator, not '${comparison}'`;
}

function isModified(comparison: string): boolean {
  const operator = MODIFIED.exec(comparison)?.[1];
  return operator !== undefined && TEXT_OPERATORS.includes(operator);
}

function isComparison(comparison: string): boolean {
  return NAMES.includes(comparison) || isModified(comparison);
}

/** `(condition) and not (…)` for each exception that has values. Null after an error. */
export function withExceptions(
  { condition, exceptions }: RuleDefinition,
  sink: Sink,
): MappedText | null {
  if (exceptions.length === 0) return condition;
  const parts: (MappedText | string)[] = ["(", condition, ")"];
  for (const exception of exceptions) {
    if (exception.values.length === 0) continue;
    if (!valuesFit(exception, sink)) return null;
    parts.push(" and not ");
    const own = exception.form === "single" ? single(exception) : tuples(exception);
    for (const part of own) parts.push(part);
  }
  return MappedText.join(parts);
}

function valuesFit({ name, form, parts, values, context }: Exception, sink: Sink): boolean {
  const fits = (value: ExceptionEntry): boolean =>
    form === "single" ? !isList(value) : (isList(value) ? value.length : 0) === parts.length;
  if (values.every(fits)) return true;
  const reason =
    form === "single"
      ? "the values of one field are plain values"
      : `each of its values has to be a sequence of ${String(parts.length)}`;
  sink.error(context, { code: "exception-shape", name, reason });
  return false;
}

function single(exception: Exception): (MappedText | string)[] {
  const part = exception.parts[0];
  return [`(${part?.field ?? ""} ${part?.comparison ?? ""} `, ...listOf(exception.values), ")"];
}

function tuples(exception: Exception): (MappedText | string)[] {
  const text: (MappedText | string)[] = ["("];
  exception.values.forEach((tuple, i) => {
    if (i > 0) text.push(" or ");
    text.push("(");
    exception.parts.forEach((part, j) => {
      const element = isList(tuple) ? (tuple[j] ?? null) : null;
      if (j > 0) text.push(" and ");
      text.push(` ${part.field} ${part.comparison} `, ...elementText(element, part.comparison));
    });
    text.push(")");
  });
  text.push(")");
  return text;
}

function elementText(element: ExceptionEntry, comparison: string): (MappedText | string)[] {
  if (isList(element)) return listOf(element);
  // A scalar that is written as a list already stays as it is.
  const isListed = textOf(element).startsWith("(");
  const takesList = LIST_OPERATORS.includes(comparison) || isModified(comparison);
  if (takesList && isListed && element !== null) return [MappedText.ofScalar(element)];
  return takesList ? ["(", quoted(element), ")"] : [quoted(element)];
}

function listOf(values: readonly ExceptionEntry[]): (MappedText | string)[] {
  return [
    "(",
    ...values.flatMap((value, i) => (i === 0 ? [quoted(value)] : [", ", quoted(value)])),
    ")",
  ];
}

/** A value with a blank gets quotes, unless it brings its own. Nothing inside is escaped. */
function quoted(value: ExceptionEntry): MappedText {
  if (value === null || isList(value)) return MappedText.ofText("");
  const text = MappedText.ofScalar(value);
  const needsQuotes = value.text.includes(" ") && !/^["']/.test(value.text);
  return needsQuotes ? MappedText.join(['"', text, '"']) : text;
}
