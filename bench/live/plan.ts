import type { Section } from "../report/section.ts";

/** What all parts of the live benchmark go by. */
export interface Plan {
  readonly rules: readonly string[];
  /** What their figures are filed under. */
  readonly setting: string;
  readonly rounds: number;
  /** Length of one run. */
  readonly seconds: number;
  readonly isShort: boolean;
  readonly tell: (progress: string) => void;
}

/** What a part found: its figures, and what they were made of. */
export interface Part {
  readonly section: Section;
  readonly details: object;
}
