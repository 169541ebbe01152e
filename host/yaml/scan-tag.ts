/** Tags: nothing here depends on a type, but a tag keeps text such as `null` from being null. */
import type { Cursor } from "./cursor.ts";
import { oneOf } from "./cursor.ts";
import { YamlError } from "./yaml-error.ts";

const EXCLAMATION = 33;
const PERCENT = 37;
const LESS = 60;
const GREATER = 62;

const LETTERS = "abcdefghijklmnopqrstuvwxyz";
const WORD = `${LETTERS}${LETTERS.toUpperCase()}0123456789-`;
const isWord = oneOf(WORD);
const isTag = oneOf(`${WORD}#;/?:@&=+$_.~*'()`);
const isUri = oneOf(`${WORD}#;/?:@&=+$,_.!~*'()[]`);
const isHex = oneOf("0123456789abcdefABCDEF");

/** `text` is the handle (with its marks), the parameters what follows it. */
export interface ScannedTag {
  readonly text: string;
  readonly parameters: readonly string[];
}

export function scanTag(cursor: Cursor): ScannedTag {
  cursor.skip();
  if (cursor.peek() === LESS) return { text: "", parameters: [scanVerbatim(cursor)] };
  const { text, isHandle } = scanHandle(cursor);
  if (isHandle && cursor.peek() === EXCLAMATION) {
    cursor.skip();
    const suffix = take(cursor, isTag);
    if (suffix === "") throw new YamlError("expected the rest of the tag", cursor.at);
    return { text: `!${text}!`, parameters: [suffix] };
  }
  if (text === "") return { text: isHandle ? "!!" : "", parameters: [isHandle ? "" : "!"] };
  return { text: "!", parameters: [text] };
}

function scanVerbatim(cursor: Cursor): string {
  cursor.skip();
  const text = take(cursor, isUri);
  if (cursor.peek() !== GREATER) throw new YamlError("the tag has no closing '>'", cursor.at);
  cursor.skip();
  return text;
}

/** A word, which can be a handle, or a whole tag. */
function scanHandle(cursor: Cursor): { text: string; isHandle: boolean } {
  const from = cursor.at;
  while (isWord(cursor.peek())) cursor.skip();
  const end = cursor.at;
  if (cursor.ended || cursor.peek() === EXCLAMATION) {
    return { text: cursor.slice(from), isHandle: true };
  }
  take(cursor, isTag);
  if (cursor.peek() === EXCLAMATION) {
    throw new YamlError("the handle of a tag has letters, digits and hyphens only", end);
  }
  return { text: cursor.slice(from), isHandle: false };
}

function take(cursor: Cursor, isOne: (unit: number) => boolean): string {
  const from = cursor.at;
  for (;;) {
    if (isOne(cursor.peek())) cursor.skip();
    else if (cursor.peek() === PERCENT && isHex(cursor.peek(1)) && isHex(cursor.peek(2))) {
      cursor.skip(3);
    } else return cursor.slice(from);
  }
}
