/**
 * Shell patterns as fnmatch(3) reads them without flags, or with FNM_CASEFOLD. Elements are made
 * first; then the set of places in the pattern that can be reached grows byte by byte.
 */
import type { Bytes } from "./values.ts";

type Element = "star" | ((code: number) => boolean);

const cache = new Map<string, readonly Element[]>();

export function globMatches(text: Bytes, pattern: Bytes, folds: boolean): boolean {
  const key = `${folds ? "i" : "s"}${pattern}`;
  const elements = cache.get(key) ?? elementsOf(pattern, folds);
  cache.set(key, elements);
  let places = spread(new Set([0]), elements);
  for (let i = 0; i < text.length; i++) {
    const next = new Set<number>();
    for (const place of places) {
      const element = elements[place];
      if (element === "star") next.add(place);
      else if (element?.(text.charCodeAt(i)) === true) next.add(place + 1);
    }
    places = spread(next, elements);
  }
  return places.has(elements.length);
}

/** A star may stand for nothing. */
function spread(places: Set<number>, elements: readonly Element[]): Set<number> {
  for (const place of places) if (elements[place] === "star") places.add(place + 1);
  return places;
}

function elementsOf(pattern: Bytes, folds: boolean): Element[] {
  const elements: Element[] = [];
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern[i] ?? "";
    const end = c === "[" ? endOfSet(pattern, i) : -1;
    if (c === "*") elements.push("star");
    else if (c === "?") elements.push(() => true);
    else if (end > 0) {
      elements.push(setOf(pattern.slice(i + 1, end), folds));
      i = end;
    } else if (c !== "\\") elements.push(exactly(c, folds));
    else if (i + 1 < pattern.length) elements.push(exactly(pattern[++i] ?? "", folds));
    // A backslash at the end fits nothing.
    else elements.push(() => false);
  }
  return elements;
}

function exactly(c: string, folds: boolean): Element {
  return (code) => forms(code, folds).includes(c.charCodeAt(0));
}

/** The code itself, and in the other case of an ASCII letter. */
function forms(code: number, folds: boolean): number[] {
  const c = String.fromCharCode(code);
  return folds && /[a-zA-Z]/.test(c) ? [code, code ^ 0x20] : [code];
}

/** Index of the bracket that ends the set, −1 when none does: the bracket is ordinary then. */
function endOfSet(pattern: Bytes, start: number): number {
  let i = start + 1;
  if (pattern[i] === "!" || pattern[i] === "^") i++;
  if (pattern[i] === "]") i++;
  for (; i < pattern.length; i++) {
    if (pattern[i] === "]") return i;
    if (pattern[i] === "\\") i++;
    else if (pattern.startsWith("[:", i)) {
      const close = pattern.indexOf(":]", i + 2);
      if (close !== -1) i = close + 1;
    }
  }
  return -1;
}

const CLASSES: Readonly<Record<string, RegExp>> = {
  alpha: /[a-zA-Z]/,
  alnum: /[a-zA-Z0-9]/,
  blank: /[ \t]/,
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the class of control characters
  cntrl: /[\x00-\x1f\x7f]/,
  digit: /[0-9]/,
  graph: /[!-~]/,
  lower: /[a-z]/,
  print: /[ -~]/,
  punct: /[!-/:-@[-`{-~]/,
  space: /[ \t\n\v\f\r]/,
  upper: /[A-Z]/,
  xdigit: /[0-9a-fA-F]/,
};

function setOf(inner: Bytes, folds: boolean): Element {
  const negated = inner.startsWith("!") || inner.startsWith("^");
  const members: ((code: number) => boolean)[] = [];
  for (let i = negated ? 1 : 0; i < inner.length; ) {
    const close = inner.startsWith("[:", i) ? inner.indexOf(":]", i + 2) : -1;
    if (close !== -1) {
      const named = CLASSES[inner.slice(i + 2, close)];
      members.push((code) => named?.test(String.fromCharCode(code)) === true);
      i = close + 2;
      continue;
    }
    const member = (): number => {
      if (inner[i] === "\\" && i + 1 < inner.length) i++;
      return inner.charCodeAt(i++);
    };
    const low = member();
    let high = low;
    if (inner[i] === "-" && i + 1 < inner.length) {
      i++;
      high = member();
    }
    members.push((code) => forms(code, folds).some((form) => form >= low && form <= high));
  }
  return (code) => members.some((member) => member(code)) !== negated;
}
