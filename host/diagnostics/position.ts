/** A place in a rules file. Everything counts from 0; `offset` is in UTF-16 units. */
export interface Position {
  readonly file: string;
  readonly offset: number;
  readonly line: number;
  readonly column: number;
}

/** What a diagnostic can be inside of, in Falco's words: they appear in its JSON results. */
export type ItemType =
  | "value for"
  | "exceptions"
  | "exception"
  | "exception values"
  | "exception value"
  | "rules content"
  | "rules content item"
  | "required_engine_version"
  | "required plugin versions"
  | "required plugin versions entry"
  | "required plugin versions alternative"
  | "list"
  | "list item"
  | "macro"
  | "macro condition"
  | "rule"
  | "rule condition"
  | "condition expression"
  | "rule output"
  | "rule output expression"
  | "rule priority"
  | "overrides"
  | "extension item";

/** One step of the way from the file down to the place that a diagnostic is about. */
export interface Location {
  readonly itemType: ItemType;
  readonly itemName: string;
  readonly at: Position;
}

/** The text that was really parsed (lists replaced, parts joined) and where in it. */
export interface Expression {
  readonly text: string;
  readonly offset: number;
}
