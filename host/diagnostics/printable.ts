/**
 * Text of a stranger (rules, configuration, a recording) for a terminal: one line, and nothing that
 * a terminal would obey. Control characters, line separators and marks that turn the direction of
 * writing become dots.
 */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu, "·");
}

/** The same for a text of several lines, which are ours. */
export function printableLines(text: string): string {
  return text.split("\n").map(printable).join("\n");
}
