/**
 * Lists are replaced in the text of a condition, before anybody parses it: wherever a list's name
 * stands alone between blanks, parentheses, commas and equal signs, in quotes too.
 */
import type { MappedText } from "../1-load/mapped-text.ts";
import type { ListDefinition } from "./definitions.ts";

const BLANKS = " \t\n\r";
const DELIMITERS = `${BLANKS}(),=`;

/** What all substitutions of one text may produce together. */
export const SUBSTITUTED_CHARACTERS_MAX = 2 * 1024 * 1024;

export interface CompiledList {
  readonly name: string;
  readonly items: readonly string[];
  /** As it stands in conditions. */
  readonly text: string;
}

/** Lists inside lists are opened one level deep; `used` collects the names of those. */
export function compileLists(
  lists: ReadonlyMap<string, ListDefinition>,
  used: Set<string>,
): CompiledList[] {
  return inOrder(lists).map((list) => {
    const items = list.items.flatMap((item) => {
      const inner = lists.get(item);
      if (inner === undefined || inner.index >= list.visibility) return [item];
      used.add(inner.name);
      return inner.items;
    });
    return { name: list.name, items, text: items.map(quoted).join(", ") };
  });
}

export function inOrder<T extends { readonly index: number }>(
  definitions: ReadonlyMap<string, T>,
): T[] {
  return [...definitions.values()].sort((a, b) => a.index - b.index);
}

function quoted(item: string): string {
  return item.includes(" ") && !/^["']/.test(item) ? `"${item}"` : item;
}

/** Null when the result would be too long. `used` collects the names of the lists found. */
export function substituteLists(
  condition: MappedText,
  lists: readonly CompiledList[],
  used: Set<string>,
): MappedText | null {
  let mapped = condition;
  for (const list of lists) {
    let at = mapped.text.indexOf(list.name);
    while (at !== -1) {
      if (!standsAlone(mapped.text, at, at + list.name.length)) {
        at = mapped.text.indexOf(list.name, at + 1);
        continue;
      }
      used.add(list.name);
      const { start, end } = widen(mapped.text, at, at + list.name.length, list.items.length === 0);
      const text = `${start > 0 ? " " : ""}${list.text} `;
      mapped = mapped.replace(start, end, text);
      if (mapped.text.length > SUBSTITUTED_CHARACTERS_MAX) return null;
      at = mapped.text.indexOf(list.name, start + text.length);
    }
  }
  return mapped;
}

function standsAlone(text: string, start: number, end: number): boolean {
  const before = text[start - 1] ?? " ";
  const after = text[end] ?? " ";
  return DELIMITERS.includes(before) && DELIMITERS.includes(after);
}

/** Takes the blanks around a name along, and for an empty list one comma. */
function widen(
  text: string,
  from: number,
  to: number,
  isEmpty: boolean,
): { start: number; end: number } {
  let start = from;
  let end = to;
  while (start > 0 && BLANKS.includes(text[start - 1] ?? "x")) start--;
  while (end < text.length && BLANKS.includes(text[end] ?? "x")) end++;
  if (isEmpty && text[start - 1] === ",") start--;
  else if (isEmpty && text[end] === ",") end++;
  return { start, end };
}
