/**
 * What a compiled pack says about itself. A pack is one .wasm file with two custom sections:
 * `lanner.manifest` (this, as JSON) and `lanner.data` (bytes that the host writes to
 * PACK_DATA_BASE before it calls `init`).
 *
 * Exports: `init(): void`, `evaluate(facts): u32` (number of rules that match the current frame, at
 * most MATCHES_MAX; EVALUATE_PARAMS are the facts) and `matches(): usize` (address, in private
 * memory, of that many u32 rule indexes in rule order). Imports: `env.memory` only, with a minimum
 * of PACK_MEMORY_PAGES and a maximum of MEMORY_PAGES.
 */
export const PACK_ABI = 2;

/**
 * Types of what `evaluate` takes, the members of `Facts` (assembly/fields/facts.ts) in their order:
 * event type, facts, fd, owner, container, descriptor, and the three change stamps.
 */
export const EVALUATE_PARAMS = [
  ...["i32", "i64", "i64", "i64", "i32", "i32"],
  ...["i64", "i64", "i64"],
] as const;

/** Where the engine module tells the layout that it was built with (setup/layout.mjs). */
export const LAYOUT_SECTION = "lanner.layout";

/** Pieces of a rule's output, with those that the configuration adds to it. */
export const OUTPUT_PARTS_MAX = 1_024;
/** Characters that a value is padded or cut to. */
export const OUTPUT_WIDTH_MAX = 65_536;
/**
 * Characters of one alert: of an output's fixed text and padding, of the values of a match, and of
 * the text that is made of them.
 */
export const ALERT_CHARS_MAX = 1 << 20;
/** Transformers and lists of an output around one another. */
export const OUTPUT_LEVELS_MAX = 32;

/**
 * A piece of an output: fixed or computed text, or a field to render. With `under` it is a piece of
 * the text of one more output field of that name, and not of the message.
 */
export type OutputPart =
  | {
      readonly text: string;
      /** Computed instead of `text`. */
      readonly transform?: OutputOperand;
      readonly width?: number;
      readonly under?: string;
    }
  | {
      readonly field: string;
      /** As written between the brackets, or after evt.arg. */
      readonly argument?: string;
      /** `%10evt.num`: pad or cut to so many bytes. */
      readonly width?: number;
      /** Not in the message: what a transformer takes, or a field of its own in JSON. */
      readonly silent?: true;
      readonly under?: string;
    };

/** What a transformer of an output takes; `value` counts the fields of the output from 0. */
export type OutputOperand =
  | { readonly constant: string }
  | { readonly value: number }
  | { readonly list: readonly OutputOperand[] }
  | { readonly transformer: string; readonly operands: readonly OutputOperand[] };

export interface RuleManifest {
  readonly name: string;
  readonly priority: Priority;
  readonly source: string;
  readonly tags: readonly string[];
  readonly description: string;
  readonly output: readonly OutputPart[];
}

export const PRIORITIES = [
  "Emergency",
  "Alert",
  "Critical",
  "Error",
  "Warning",
  "Notice",
  "Informational",
  "Debug",
] as const;
export type Priority = (typeof PRIORITIES)[number];

export interface PackManifest {
  readonly abi: number;
  /** Digest of the layout that it was compiled against, of an engine's section LAYOUT_SECTION. */
  readonly layout?: string;
  readonly name: string;
  /** Index = rule index that `matches` reports. */
  readonly rules: readonly RuleManifest[];
  /** Event type codes for which `evaluate` must be called. */
  readonly eventTypes: readonly number[];
  /** Syscall names that the rules need captured (own events and generic ones). */
  readonly syscalls: readonly string[];
  readonly dataBytes: number;
}
