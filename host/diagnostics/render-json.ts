/** Diagnostics in the shape of Falco's `-V` with JSON output: one result per file. */
import type { Diagnostic } from "./diagnostic.ts";
import { falcoCode } from "./falco-code.ts";
import { message } from "./message.ts";
import type { Location } from "./position.ts";

export interface FalcoContext {
  readonly locations: readonly {
    readonly item_type: string;
    readonly item_name: string;
    readonly position: {
      readonly name: string;
      readonly line: number;
      readonly column: number;
      readonly offset: number;
    };
  }[];
  readonly snippet: string;
}

export interface FalcoIssue {
  readonly context: FalcoContext;
  readonly code: string;
  readonly codedesc: string;
  readonly message: string;
  readonly deprecated_field?: string;
}

export interface FalcoResult {
  readonly name: string;
  readonly successful: boolean;
  readonly errors: readonly FalcoIssue[];
  readonly warnings: readonly FalcoIssue[];
  readonly schema_warnings: readonly string[];
}

const SNIPPET_CHARACTERS = 160;

/** What Falco checks with a schema is no warning of its loader. */
function isOfSchema({ problem }: Diagnostic): boolean {
  return problem.code === "unknown-nested-key";
}

/** `files` in loading order; a diagnostic belongs to the file that was being loaded. */
export function renderFalcoJson(
  diagnostics: readonly Diagnostic[],
  files: readonly { readonly name: string; readonly text: string }[],
): FalcoResult[] {
  const texts = new Map(files.map(({ name, text }) => [name, text]));
  return files.map((file) => {
    const own = diagnostics.filter((d) => d.loading === file.name);
    const issues = (severity: Diagnostic["severity"]): FalcoIssue[] =>
      own
        .filter((d) => d.severity === severity && !isOfSchema(d))
        .map((d) => issue(d, texts.get(d.chain[0]?.at.file ?? "") ?? file.text));
    const errors = issues("error");
    return {
      name: file.name,
      successful: errors.length === 0,
      errors,
      warnings: issues("warning"),
      schema_warnings: own.filter(isOfSchema).map((d) => message(d.problem)),
    };
  });
}

function issue(d: Diagnostic, text: string): FalcoIssue {
  const code = falcoCode(d.problem);
  const base = {
    context: { locations: locations(d), snippet: snippet(d, text) },
    code,
    codedesc: code,
    message: message(d.problem),
  };
  return d.problem.code === "deprecated-field"
    ? { ...base, deprecated_field: d.problem.field }
    : base;
}

function locations(d: Diagnostic): FalcoContext["locations"] {
  const steps = d.chain.map(step);
  const parent = d.chain.at(-1);
  if (d.expression === undefined || parent === undefined) return steps;
  const { line, column } = inText(d.expression.text, d.expression.offset);
  // Falco adds the place inside the text, from 1, to that of the YAML node.
  const position = {
    name: d.expression.text,
    line: parent.at.line + line + 1,
    column: parent.at.column + column + 1,
    offset: parent.at.offset + d.expression.offset,
  };
  return [...steps, { item_type: "condition expression", item_name: "", position }];
}

function step(location: Location): FalcoContext["locations"][number] {
  const { file, line, column, offset } = location.at;
  return {
    item_type: location.itemType,
    item_name: location.itemName,
    position: { name: file, line, column, offset },
  };
}

function inText(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  const line = before.split("\n").length - 1;
  return { line, column: offset - (before.lastIndexOf("\n") + 1) };
}

function snippet(d: Diagnostic, fileText: string): string {
  const text = d.expression?.text ?? fileText;
  const offset = d.expression?.offset ?? d.chain.at(-1)?.at.offset ?? d.at.offset;
  const { line, column } = inText(text, offset);
  const shown = text.split("\n")[line] ?? "";
  const from = Math.max(0, column - SNIPPET_CHARACTERS);
  return `${shown.slice(from, from + SNIPPET_CHARACTERS)}\n${" ".repeat(column - from)}^\n`;
}
