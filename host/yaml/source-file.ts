import type { Position } from "../diagnostics/position.ts";

/** One file of YAML: its text and the way from an offset to a line and column. */
export class SourceFile {
  readonly name: string;
  readonly text: string;
  #lineStarts: readonly number[] | null = null;

  constructor(name: string, text: string) {
    this.name = name;
    // A byte order mark is no text; offsets are counted after it.
    this.text = text.startsWith("\ufeff") ? text.slice(1) : text;
  }

  position(offset: number): Position {
    const starts = (this.#lineStarts ??= lineStarts(this.text));
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { file: this.name, offset, line: low, column: offset - (starts[low] ?? 0) };
  }
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let i = text.indexOf("\n"); i !== -1; i = text.indexOf("\n", i + 1)) starts.push(i + 1);
  return starts;
}
