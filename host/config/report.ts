/**
 * What is wrong with a configuration, with its place. An error stops; a warning says what is read
 * instead. All problems are collected, so that a file is mended in one go.
 */
import { printable } from "../diagnostics/printable.ts";
import { excerpt } from "../diagnostics/render-text.ts";
import type { SourceFile } from "../yaml/source-file.ts";

/** A configuration that cannot be used. The message tells everything that has to be mended. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

export interface Place {
  readonly file: SourceFile;
  readonly offset: number;
}

/** Name of the source of what stood on the command line; its text is the option. */
export const OPTION = "-o";

const PROBLEMS_MAX = 50;

interface Problem {
  readonly severity: "error" | "warning";
  readonly at: Place;
  readonly message: string;
}

export class Report {
  readonly #problems: Problem[] = [];
  #errors = 0;
  #unsaid = 0;

  /** How many errors were reported. */
  get errors(): number {
    return this.#errors;
  }

  /** Everything that was reported, in the order of the places. */
  get lines(): readonly string[] {
    const names = [...new Set(this.#problems.map(({ at }) => at.file.name))];
    const rank = ({ at }: Problem): number => names.indexOf(at.file.name);
    const sorted = this.#problems.toSorted(
      (a, b) => rank(a) - rank(b) || a.at.offset - b.at.offset,
    );
    const more = this.#unsaid === 0 ? [] : [`and ${String(this.#unsaid)} more problems`];
    return [...sorted.map(rendered), ...more];
  }

  error(at: Place, message: string): void {
    this.#errors += 1;
    this.#add({ severity: "error", at, message });
  }

  warn(at: Place, message: string): void {
    this.#add({ severity: "warning", at, message });
  }

  /** Throws ConfigError, with all problems, when something was wrong that stops. */
  throwErrors(): void {
    if (this.#errors > 0) throw new ConfigError(this.lines.join("\n"));
  }

  #add(problem: Problem): void {
    const { severity } = problem;
    // An error is never left out for a warning.
    if (
      this.#problems.length >= PROBLEMS_MAX &&
      (severity === "warning" || this.#errors > PROBLEMS_MAX)
    ) {
      this.#unsaid += 1;
    } else this.#problems.push(problem);
  }
}

/** `falco.yaml:3:11: error: …` and the line; of an option its text instead of line and column. */
function rendered({ at: { file, offset }, severity, message }: Problem): string {
  if (file.name === OPTION) return `${OPTION} ${file.text}: ${severity}: ${message}`;
  const { line, column } = file.position(offset);
  const head = `${file.name}:${line + 1}:${column + 1}: ${severity}: ${message}`;
  const text = file.text.split("\n", line + 1)[line]?.replace(/\r$/, "");
  return text === undefined || text === "" ? head : `${head}\n${excerpt(text, line + 1, column)}`;
}

const SHOWN_MAX = 60;

/** A value in a message: quoted, on one line, cut. */
export function shown(text: string): string {
  const short = text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text;
  return `'${printable(short)}'`;
}
