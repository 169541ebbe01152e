/**
 * What can be wrong with rules. A diagnostic is data: a problem of the union below, the place, and
 * the way to it; text is made in `message.ts` and layout in `render-text.ts` and `render-json.ts`.
 * Codes are never reused for another meaning.
 */
import type { Expression, Location, Position } from "./position.ts";

/** What stands for the whole class in Falco's results. */
export type FalcoCode =
  | "LOAD_ERR_FILE_READ"
  | "LOAD_ERR_YAML_PARSE"
  | "LOAD_ERR_YAML_VALIDATE"
  | "LOAD_ERR_COMPILE_CONDITION"
  | "LOAD_ERR_COMPILE_OUTPUT"
  | "LOAD_ERR_VALIDATE"
  | "LOAD_ERR_EXTENSION"
  | "LOAD_UNKNOWN_SOURCE"
  | "LOAD_UNSAFE_NA_CHECK"
  | "LOAD_NO_EVTTYPE"
  | "LOAD_UNKNOWN_FILTER"
  | "LOAD_UNUSED_MACRO"
  | "LOAD_UNUSED_LIST"
  | "LOAD_UNKNOWN_ITEM"
  | "LOAD_UNKNOWN_KEY"
  | "LOAD_DEPRECATED_ITEM"
  | "LOAD_WARNING_EXTENSION"
  | "LOAD_APPEND_NO_VALUES"
  | "LOAD_EXCEPTION_NAME_NOT_UNIQUE"
  | "LOAD_INVALID_MACRO_NAME"
  | "LOAD_INVALID_LIST_NAME"
  | "LOAD_COMPILE_CONDITION";

export type Problem =
  // Files and YAML
  | { readonly code: "file-too-large"; readonly bytes: number; readonly bytesMax: number }
  | { readonly code: "too-much"; readonly what: string; readonly max: number }
  | { readonly code: "yaml-syntax"; readonly reason: string }
  // Structure of items
  | { readonly code: "content-shape" }
  | { readonly code: "item-shape" }
  | { readonly code: "unknown-item" }
  | { readonly code: "unknown-key"; readonly key: string; readonly near: string | null }
  | { readonly code: "unknown-nested-key"; readonly key: string; readonly near: string | null }
  | { readonly code: "key-shape" }
  | { readonly code: "missing-key"; readonly key: string }
  | { readonly code: "empty-value"; readonly key: string }
  | { readonly code: "wrong-type"; readonly key: string; readonly expected: string }
  | {
      readonly code: "bad-value";
      readonly key: string;
      readonly value: string;
      readonly expected: string;
    }
  | { readonly code: "list-name"; readonly name: string }
  | { readonly code: "macro-name"; readonly name: string }
  | { readonly code: "deprecated-key"; readonly key: string; readonly instead: string }
  | { readonly code: "deprecated-toggle" }
  | { readonly code: "append-and-override" }
  | { readonly code: "append-nothing" }
  | { readonly code: "override-key"; readonly key: string; readonly operation: string }
  | { readonly code: "override-absent"; readonly key: string }
  | { readonly code: "override-unlisted"; readonly key: string }
  | { readonly code: "override-shape" }
  | { readonly code: "override-operation"; readonly operation: string }
  // Meaning of items
  | { readonly code: "engine-version"; readonly wanted: string; readonly own: string }
  | { readonly code: "plugin-version"; readonly reason: string }
  | { readonly code: "no-target"; readonly kind: string; readonly name: string }
  | { readonly code: "source-clash"; readonly was: string; readonly is: string }
  | { readonly code: "unknown-source"; readonly source: string }
  | { readonly code: "unused"; readonly kind: "macro" | "list"; readonly name: string }
  | { readonly code: "exception-shape"; readonly name: string; readonly reason: string }
  | {
      readonly code: "exception-field";
      readonly name: string;
      readonly field: string;
      readonly near: string | null;
    }
  | { readonly code: "exception-twice"; readonly name: string }
  | { readonly code: "exception-no-values"; readonly name: string }
  // Conditions
  | { readonly code: "syntax"; readonly expected: string; readonly after: string | null }
  | { readonly code: "string-escape"; readonly sequence: string }
  | { readonly code: "too-deep"; readonly max: number }
  | {
      readonly code: "macros-too-large";
      readonly characters: number;
      readonly max: number;
      /** The largest macro that the condition uses, and what each use of it adds. */
      readonly name: string;
      readonly each: number;
    }
  | { readonly code: "rules-too-large"; readonly characters: number; readonly max: number }
  | { readonly code: "undefined-macro"; readonly name: string; readonly near: string | null }
  | { readonly code: "macro-order"; readonly name: string }
  | { readonly code: "macro-cycle"; readonly name: string }
  | { readonly code: "unknown-field"; readonly field: string; readonly near: string | null }
  | { readonly code: "field-argument"; readonly field: string; readonly reason: string }
  | { readonly code: "field-not-supported"; readonly field: string; readonly host?: string }
  | { readonly code: "unknown-event-type"; readonly name: string; readonly near: string | null }
  | { readonly code: "unknown-event-argument"; readonly name: string; readonly near: string | null }
  | {
      readonly code: "operator-type";
      readonly operator: string;
      readonly field: string;
      readonly type: string;
    }
  | { readonly code: "value"; readonly value: string; readonly expected: string }
  | { readonly code: "value-too-long"; readonly bytes: number; readonly bytesMax: number }
  | { readonly code: "value-nul" }
  | { readonly code: "regex"; readonly pattern: string; readonly reason: string }
  | { readonly code: "comparison"; readonly reason: string }
  | { readonly code: "transformer"; readonly transformer: string; readonly reason: string }
  | { readonly code: "event-type-shape"; readonly reason: string }
  | { readonly code: "unsafe-na"; readonly field: string }
  | { readonly code: "many-event-types"; readonly types: number }
  | { readonly code: "deprecated-field"; readonly field: string }
  | { readonly code: "hint-field-name"; readonly value: string }
  | { readonly code: "hint-transformer"; readonly value: string }
  | { readonly code: "hint-regex"; readonly pattern: string; readonly instead: string }
  | { readonly code: "skipped"; readonly reason: Problem }
  // Outputs
  | { readonly code: "output"; readonly reason: string }
  | { readonly code: "container-info" }
  | { readonly code: "output-skipped"; readonly reason: string }
  // Code made from rules
  | {
      readonly code: "pack-too-large";
      readonly what: string;
      readonly size: number;
      readonly max: number;
    };

export interface Diagnostic {
  readonly severity: "error" | "warning";
  readonly problem: Problem;
  /** The file during whose loading it was found; what it is about can be in an earlier one. */
  readonly loading: string;
  /** The most precise place known. */
  readonly at: Position;
  /** From the file down. */
  readonly chain: readonly Location[];
  readonly expression?: Expression;
}

/** True when no error is among `diagnostics`. */
export function isAcceptable(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.every((diagnostic) => diagnostic.severity !== "error");
}
