import type { Figure } from "./statistics.ts";

/** Events per second, of the best and of the median run. */
export interface Rate {
  readonly best: number;
  readonly median: number;
}

const NS_PER_SECOND = 1e9;

/** `figure` is ns per event. */
export function rateOf({ best, median }: Figure): Rate {
  return { best: NS_PER_SECOND / best, median: NS_PER_SECOND / median };
}
