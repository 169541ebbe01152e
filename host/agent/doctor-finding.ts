/** One line of `lanner doctor`. */
export interface Finding {
  readonly what: string;
  readonly good: boolean;
  /** Live capture does not work without it. */
  readonly needed: boolean;
  readonly detail: string;
}
