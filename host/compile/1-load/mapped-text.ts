/**
 * Text that was put together from scalars of rules files, and the way back: each character knows
 * which character of which file it came from. Conditions are parsed as one string, after folding,
 * appending and list substitution; errors are shown where the author wrote them.
 */
import type { Position } from "../../diagnostics/position.ts";
import type { ScalarNode } from "../../yaml/nodes.ts";

/** `scalar` null: text of our own making, shown at the place of its neighbor to the left. */
interface Piece {
  readonly text: string;
  readonly scalar: ScalarNode | null;
  /** Where `text` begins in the scalar's value. */
  readonly from: number;
  /** True for substituted text: every character is shown at `from`. */
  readonly fixed: boolean;
}

export class MappedText {
  readonly text: string;
  readonly #pieces: readonly Piece[];

  private constructor(pieces: readonly Piece[]) {
    this.#pieces = pieces;
    this.text = pieces.map((piece) => piece.text).join("");
  }

  static ofScalar(scalar: ScalarNode): MappedText {
    return new MappedText([{ text: scalar.text, scalar, from: 0, fixed: false }]);
  }

  static ofText(text: string): MappedText {
    return new MappedText([{ text, scalar: null, from: 0, fixed: true }]);
  }

  static join(parts: readonly (MappedText | string)[]): MappedText {
    return new MappedText(
      parts.flatMap((part) =>
        typeof part === "string" ? MappedText.ofText(part).#pieces : part.#pieces,
      ),
    );
  }

  slice(from: number, to: number): MappedText {
    const pieces: Piece[] = [];
    let at = 0;
    for (const piece of this.#pieces) {
      const start = Math.max(from - at, 0);
      const end = Math.min(to - at, piece.text.length);
      if (start < end) {
        const shift = piece.fixed ? 0 : start;
        pieces.push({ ...piece, text: piece.text.slice(start, end), from: piece.from + shift });
      }
      at += piece.text.length;
    }
    return new MappedText(pieces);
  }

  /** Replaces a range by text whose characters are all shown where the range began. */
  replace(from: number, to: number, text: string): MappedText {
    const origin = this.slice(from, to).#pieces[0];
    const piece: Piece = {
      text,
      scalar: origin?.scalar ?? null,
      from: origin?.from ?? 0,
      fixed: true,
    };
    return MappedText.join([
      this.slice(0, from),
      new MappedText([piece]),
      this.slice(to, this.text.length),
    ]);
  }

  /** Without the space of ASCII at both ends. */
  trim(): MappedText {
    const [start = ""] = /^[ \t\n\v\f\r]*/.exec(this.text) ?? [];
    const rest = this.text.slice(start.length).replace(/[ \t\n\v\f\r]+$/, "");
    return this.slice(start.length, start.length + rest.length);
  }

  /** Null when no part of the text came from a file. */
  position(offset: number): Position | null {
    let at = 0;
    let best: Position | null = null;
    for (const piece of this.#pieces) {
      const inside = offset - at;
      if (inside < 0 && best !== null) break;
      if (piece.scalar !== null) {
        const move = piece.fixed ? 0 : Math.max(0, Math.min(inside, piece.text.length));
        best = positionInScalar(piece.scalar, piece.from + move);
        if (inside < piece.text.length) return best;
      }
      at += piece.text.length;
    }
    return best;
  }
}

/** Where a character of a scalar's value stands in its file. */
export function positionInScalar(scalar: ScalarNode, index: number): Position {
  return scalar.file.position(sourceOffset(scalar, index));
}

/**
 * Folding and indentation only touch white space, so the n-th other character of the value is the
 * n-th other character of the source; white space is placed after the character before it.
 */
function sourceOffset(scalar: ScalarNode, index: number): number {
  const source = scalar.file.text;
  let at = scalar.start;
  if (scalar.style === "block") {
    const headerEnd = source.indexOf("\n", at);
    at = headerEnd === -1 ? scalar.end : headerEnd + 1;
  }
  if (scalar.style === "single" || scalar.style === "double") at++;
  for (let i = 0; i < index && at < scalar.end; i++) {
    if (!isBlank(scalar.text[i])) at = pastCharacter(scalar, skipBlanks(source, at, scalar.end));
    else if (isBlank(source[at]) && scalar.style !== "block") at++;
  }
  const next = scalar.text[index];
  if (next !== undefined && !isBlank(next)) at = skipBlanks(source, at, scalar.end);
  return Math.min(at, scalar.end);
}

function skipBlanks(source: string, from: number, end: number): number {
  let at = from;
  while (at < end && isBlank(source[at])) at++;
  return at;
}

const ESCAPE_LENGTHS: Readonly<Record<string, number>> = { x: 4, u: 6, U: 10 };

function pastCharacter(scalar: ScalarNode, at: number): number {
  const source = scalar.file.text;
  if (scalar.style === "single" && source[at] === "'") return at + 2;
  if (scalar.style === "double" && source[at] === "\\")
    return at + (ESCAPE_LENGTHS[source[at + 1] ?? ""] ?? 2);
  return at + 1;
}

function isBlank(character: string | undefined): boolean {
  return character === " " || character === "\n" || character === "\t" || character === "\r";
}
