/** One sentence for each problem: what is wrong, with what, and what would do. */
import type { Problem } from "./diagnostic.ts";

export function message(problem: Problem): string {
  return structureMessage(problem) ?? itemMessage(problem) ?? conditionMessage(problem);
}

function maybe(near: string | null): string {
  return near === null ? "" : `; did you mean '${near}'?`;
}

function structureMessage(p: Problem): string | null {
  switch (p.code) {
    case "file-too-large":
      return `the file has ${p.bytes} bytes; at most ${p.bytesMax} are read`;
    case "too-much":
      return `more than ${p.max} ${p.what}`;
    case "yaml-syntax":
      return `not valid YAML: ${p.reason}`;
    case "content-shape":
      return "a rules file is a sequence of items";
    case "item-shape":
      return "an item is a map that begins with rule, macro, list or a required version";
    case "unknown-item":
      return "unknown kind of item; it is ignored";
    case "key-shape":
      return "a key must be text";
    case "unknown-key":
    case "unknown-nested-key":
      return `unknown key '${p.key}'${maybe(p.near)}`;
    case "missing-key":
      return `the key '${p.key}' is missing`;
    case "empty-value":
      return `'${p.key}' is empty`;
    case "wrong-type":
      return `'${p.key}' must be ${p.expected}`;
    case "bad-value":
      return `invalid ${p.key} '${p.value}'; expected ${p.expected}`;
    case "list-name":
      return `the list name '${p.name}' contains spaces, quotes, parentheses, commas or equal signs`;
    case "macro-name":
      return `the macro name '${p.name}' contains characters other than letters, digits and underscores`;
    default:
      return null;
  }
}

function itemMessage(p: Problem): string | null {
  switch (p.code) {
    case "deprecated-key":
      return `'${p.key}' is deprecated; use '${p.instead}'`;
    case "deprecated-toggle":
      return "an item with 'enabled' alone is deprecated; use 'override: {enabled: replace}'";
    case "append-and-override":
      return "'append' and 'override' cannot be combined";
    case "append-nothing":
      return "an appended rule needs a condition or exceptions";
    case "override-key":
      return `'${p.key}' cannot be overridden with '${p.operation}'`;
    case "override-absent":
      return `'override' names '${p.key}', which the item does not have`;
    case "override-unlisted":
      return `'${p.key}' is given but not named in 'override'`;
    case "override-shape":
      return "'override' must be a map of keys, each with append or replace";
    case "override-operation":
      return `invalid override operation '${p.operation}'; expected append or replace`;
    case "engine-version":
      return `the file needs engine version ${p.wanted}, this is ${p.own}`;
    case "plugin-version":
      return p.reason;
    case "no-target":
      return `there is no earlier ${p.kind} '${p.name}' to change`;
    case "source-clash":
      return `the source '${p.is}' differs from '${p.was}' in the first definition`;
    case "unknown-source":
      return `unknown event source '${p.source}'; the rule is skipped`;
    case "unused":
      return `the ${p.kind} '${p.name}' is not used by any other item`;
    case "exception-shape":
      return `exception '${p.name}': ${p.reason}`;
    case "exception-field":
      return `exception '${p.name}': unknown field '${p.field}'${maybe(p.near)}`;
    case "exception-twice":
      return `there are two exceptions named '${p.name}'`;
    case "exception-no-values":
      return `the appended exception '${p.name}' has no values`;
    default:
      return null;
  }
}

function conditionMessage(p: Problem): string {
  switch (p.code) {
    case "syntax":
      return p.after === null
        ? `expected ${p.expected}`
        : `expected ${p.expected} after '${p.after}'`;
    case "string-escape":
      return `invalid escape sequence '${p.sequence}'; write \\\\ for a backslash`;
    case "too-deep":
      return `nested deeper than ${p.max} levels`;
    case "macros-too-large":
    case "rules-too-large":
      return sizeMessage(p);
    case "undefined-macro":
      return `undefined macro '${p.name}'${maybe(p.near)}`;
    case "macro-order":
      return `undefined macro '${p.name}': it is defined after this one`;
    case "macro-cycle":
      return `undefined macro '${p.name}': it refers to itself`;
    case "unknown-field":
      return `unknown field '${p.field}'${maybe(p.near)}`;
    case "field-argument":
      return `'${p.field}': ${p.reason}`;
    case "field-not-supported":
      if (p.host !== undefined)
        return `'${p.field}' finds no '${p.host}': /etc/hosts has no such host`;
      return `the field '${p.field}' is known but cannot be evaluated by this version`;
    case "unknown-event-type":
      return `unknown event type '${p.name}'${maybe(p.near)}`;
    case "unknown-event-argument":
      return `no event has an argument '${p.name}'${maybe(p.near)}`;
    case "operator-type":
      return `'${p.operator}' cannot be used on '${p.field}', which is ${p.type}`;
    case "value":
      return `'${p.value}' is not ${p.expected}`;
    case "value-too-long":
      return `the value has ${p.bytes} bytes; at most ${p.bytesMax} are allowed`;
    case "value-nul":
      return "a value cannot contain a NUL byte";
    default:
      return lastMessage(p);
  }
}

function sizeMessage(
  p: Extract<Problem, { readonly code: "macros-too-large" | "rules-too-large" }>,
): string {
  if (p.code === "rules-too-large") {
    return (
      `with this condition all macros and rules have ${p.characters} characters once macros are ` +
      `written out; at most ${p.max} are allowed: shorten them or load fewer`
    );
  }
  return (
    `the condition has ${p.characters} characters once its macros are written out; at most ` +
    `${p.max} are allowed: use '${p.name}', ${p.each} each time, less often or shorten it`
  );
}

function lastMessage(p: Problem): string {
  switch (p.code) {
    case "regex":
      return `invalid regular expression '${p.pattern}': ${p.reason}`;
    case "comparison":
      return p.reason;
    case "transformer":
      return `${p.transformer}(): ${p.reason}`;
    case "event-type-shape":
      return p.reason;
    case "unsafe-na":
      return `comparing '${p.field}' with <NA> is unsafe; use exists`;
    case "many-event-types":
      return `the condition selects ${p.types} event types, which is expensive; restrict evt.type`;
    case "deprecated-field":
      return `the field '${p.field}' is deprecated`;
    case "hint-field-name":
      return `'${p.value}' is compared as text; use val(${p.value}) for the field of that name`;
    case "hint-transformer":
      return `'${p.value}' looks like a transformer but is compared as text`;
    case "hint-regex":
      return `the expression '${p.pattern}' does the same as '${p.instead}', which is faster`;
    case "skipped":
      return `the rule is skipped: ${message(p.reason)}`;
    case "output":
      return p.reason;
    case "container-info":
      return "%container.info is deprecated and prints nothing";
    case "output-skipped":
      return `the rule is skipped: ${p.reason}`;
    case "pack-too-large":
      return `the rules need ${p.size} ${p.what}; at most ${p.max} fit in a pack`;
    default:
      // A problem that none of the tables knows: a bug here, not in the rules.
      return p.code;
  }
}
