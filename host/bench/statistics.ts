/** Figures of repeated runs. Machines are noisy, so none is a mean: best, median and spread. */

export interface Figure {
  readonly median: number;
  readonly best: number;
  /** Half the distance between the quartiles: half of all runs lie within it of the middle. */
  readonly spread: number;
  readonly runs: number;
}

/** `best` is the least, as of a duration. NaN throughout for no samples. */
export function figure(samples: readonly number[]): Figure {
  const sorted = [...samples].sort((a, b) => a - b);
  return {
    median: quantile(sorted, 0.5),
    best: sorted[0] ?? Number.NaN,
    spread: (quantile(sorted, 0.75) - quantile(sorted, 0.25)) / 2,
    runs: sorted.length,
  };
}

/** `share` (0 to 1) of the samples, which ascend, lie below; between two it interpolates. */
export function quantile(sorted: readonly number[], share: number): number {
  const at = (sorted.length - 1) * share;
  const below = sorted[Math.floor(at)] ?? Number.NaN;
  const above = sorted[Math.ceil(at)] ?? Number.NaN;
  return below + (above - below) * (at - Math.floor(at));
}

/**
 * What `samples` cost above `base`. Median and spread are of the differences round by round: both
 * were measured in turn, so what slowed a round down slowed both. `best` compares the best of each.
 */
export function difference(samples: readonly number[], base: readonly number[]): Figure {
  const each = figure(samples.map((sample, round) => sample - (base[round] ?? Number.NaN)));
  return { ...each, best: Math.min(...samples) - Math.min(...base) };
}
