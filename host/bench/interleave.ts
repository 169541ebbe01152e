/** Variants that are to be compared take turns, so that a slow minute hits all of them. */

export interface Interleaving {
  /** Rounds that count; each runs every variant once. */
  readonly rounds: number;
  /** Rounds before them, while V8 compiles what runs often. */
  readonly warmUps: number;
}

/**
 * Runs each variant once per round, in an order that turns by one from round to round. `measure`
 * returns the sample. Samples are listed by variant, in order of the rounds.
 */
export async function interleave<Variant, Sample>(
  variants: readonly Variant[],
  measure: (variant: Variant, isWarmUp: boolean) => Sample | Promise<Sample>,
  { rounds, warmUps }: Interleaving,
): Promise<ReadonlyMap<Variant, readonly Sample[]>> {
  const samples = new Map<Variant, Sample[]>(variants.map((variant) => [variant, []]));
  for (let round = -warmUps; round < rounds; round++) {
    const first = (round + warmUps) % Math.max(variants.length, 1);
    for (const variant of [...variants.slice(first), ...variants.slice(0, first)]) {
      const sample = await measure(variant, round < 0);
      if (round >= 0) samples.get(variant)?.push(sample);
    }
  }
  return samples;
}
