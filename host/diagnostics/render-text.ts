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
}

const LINE_CHARACTERS_MAX = 160;
const MESSAGE_CHARACTERS_MAX = 1_000;

/** One block of lines per diagnostic, without a final line feed. Lines and columns count from 1. */
export function renderText(
  diagnostics: readonly Diagnostic[],
  files: readonly SourceText[],
): string {
  const lines = new Map(files.map((file) => [file.name, file.text.split(/\r\n|\r|\n/)]));
  return diagnostics.map((d) => renderOne(d, lines.get(d.at.file) ?? [])).join("\n");
}

function renderOne(d: Diagnostic, lines: readonly string[]): string {
  const place = `${printable(d.at.file)}:${d.at.line + 1}:${d.at.column + 1}`;
  const head = `${place}: ${d.severity}: ${quoted(message(d.problem), MESSAGE_CHARACTERS_MAX)}`;
  const item = d.chain.findLast((step) => step.itemName !== "");
  const name = quoted(item?.itemName ?? "", LINE_CHARACTERS_MAX);
  const where = item === undefined ? "" : `in ${item.itemType} '${name}' `;
  const tail = `  ${where}[${d.problem.code}]`;
  const line = lines[d.at.line];
  if (line === undefined) return `${head}\n${tail}`;
  return `${head}\n${excerpt(line, d.at.line + 1, d.at.column)}\n${tail}`;
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
