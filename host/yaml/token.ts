import type { ScalarStyle } from "./nodes.ts";

export type TokenKind =
  | "directive"
  | "document-start"
  | "document-end"
  | "block-sequence-start"
  | "block-map-start"
  | "block-sequence-end"
  | "block-map-end"
  | "block-entry"
  | "flow-sequence-start"
  | "flow-map-start"
  | "flow-sequence-end"
  | "flow-map-end"
  | "flow-entry"
  | "key"
  | "value"
  | "anchor"
  | "alias"
  | "tag"
  | "scalar";

export interface Token {
  readonly kind: TokenKind;
  readonly offset: number;
  readonly end: number;
  /** Of scalars their text; of the others their name. */
  readonly text: string;
  readonly style: ScalarStyle;
  /** Of directives. */
  readonly parameters: readonly string[];
  /** A key is one only once its colon was seen; until then nobody may take the token. */
  state: "valid" | "open" | "invalid";
}
