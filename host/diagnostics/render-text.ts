/**
 * Diagnostics for a terminal:
 *
 *   rules.yaml:12:31: error: unknown field 'proc.nmae'; did you mean 'proc.name'?
 *      12 |   condition: evt.type = open and proc.nmae = cat
 *         |                                  ^
 *     in rule 'Read a secret' [unknown-field]
 */
import type { Diagnostic } from "./diagnostic.ts";
import { message } from "./message.ts";
import { printable } from "./printable.ts";

export interface SourceText {
  readonly name: string;
  readonly text: string;
  /** Set where a user wrote a part of `text` only, which is then shown as if it were all. */
  readonly frame?: Frame;
}

/** What stands above and to the left of each line of what the user wrote. */
export interface Frame {
  readonly lines: number;
  readonly columns: number;
}

const NO_FRAME: Frame = { lines: 0, columns: 0 };

const LINE_CHARACTERS_MAX = 160;
const MESSAGE_CHARACTERS_MAX = 1_000;

/** One block of lines per diagnostic, without a final line feed. Lines and columns count from 1. */
export function renderText(
  diagnostics: readonly Diagnostic[],
  files: readonly SourceText[],
): string {
  const sources = new Map(files.map((file) => [file.name, sourceOf(file)]));
  const blocks = diagnostics.map((d) => renderOne(d, sources.get(d.at.file)));
  // What is wrong in a file is found again with each file that is loaded after it.
  return [...new Set(blocks)].join("\n");
}

interface Source {
  /** What the user wrote. */
  readonly lines: readonly string[];
  readonly frame?: Frame;
}

function sourceOf({ text, frame }: SourceText): Source {
  const lines = text.split(/\r\n|\r|\n/);
  if (frame === undefined) return { lines };
  return { lines: lines.slice(frame.lines).map((line) => line.slice(frame.columns)), frame };
}

function renderOne(d: Diagnostic, source: Source = { lines: [] }): string {
  const { lines, frame = NO_FRAME } = source;
  const row = Math.max(0, d.at.line - frame.lines);
  const column = d.at.line < frame.lines ? 0 : Math.max(0, d.at.column - frame.columns);
  const place = `${printable(d.at.file)}:${row + 1}:${column + 1}`;
  const head = `${place}: ${d.severity}: ${quoted(message(d.problem), MESSAGE_CHARACTERS_MAX)}`;
  const item = d.chain.findLast((step) => step.itemName !== "");
  // The user of a frame does not know the items in it.
  const isNamed = item !== undefined && source.frame === undefined;
  const name = quoted(item?.itemName ?? "", LINE_CHARACTERS_MAX);
  const where = isNamed ? `in ${item.itemType} '${name}' ` : "";
  const tail = `  ${where}[${d.problem.code}]`;
  const line = lines[row];
  if (line === undefined) return `${head}\n${tail}`;
  return `${head}\n${excerpt(line, row + 1, column)}\n${tail}`;
}

/** One line of a file with a caret below `column` (from 0); `number` counts from 1. */
export function excerpt(line: string, number: number, column: number): string {
  const from = column > LINE_CHARACTERS_MAX - 40 ? column - 40 : 0;
  const shown = clean(line.slice(from, from + LINE_CHARACTERS_MAX));
  const label = String(number).padStart(5);
  const blanks = clean(line.slice(from, column)).replace(/[^\t]/g, " ");
  return `${label} | ${shown}\n${" ".repeat(label.length)} | ${blanks}^`;
}

/** Tabs stay, for the caret to stand where it belongs. */
function clean(text: string): string {
  return text.split("\t").map(printable).join("\t");
}

/** One line of text that quotes rules, which may hold anything and be of any length. */
function quoted(text: string, max: number): string {
  const line = printable(text);
  return line.length > max ? `${line.slice(0, max)}…` : line;
}
