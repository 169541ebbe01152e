/** Text of a recording for a terminal: one line, and nothing that a terminal would obey. */
export function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, ".");
}
