/** The highest rate without loss, found by stepping up. */

export interface Step {
  /** Events per second that were asked for; 0 is as fast as the observed program can. */
  readonly asked: number;
  readonly reached: number;
  readonly events: number;
  readonly lost: number;
}

export interface Ramp {
  /** Events per second; 0 when the first step lost something. */
  readonly highest: number;
  /** What ended it: the observed program could do no more, or capture lost events. */
  readonly end: "program" | "loss" | "last step";
  readonly steps: readonly Step[];
}

/** A pace that is missed by more is no longer kept. */
export const KEPT = 0.95;

/** A step that loses is tried once more: the machine may have been taken away for a moment. */
export async function stepUp(
  rates: readonly number[],
  measure: (rate: number) => Promise<Step>,
): Promise<Ramp> {
  const steps: Step[] = [];
  const tried = async (rate: number): Promise<Step> => {
    const step = await measure(rate);
    steps.push(step);
    return step;
  };
  let highest = 0;
  for (const rate of rates) {
    let step = await tried(rate);
    if (step.lost > 0) step = await tried(rate);
    if (step.lost > 0) return { highest, end: "loss", steps };
    highest = Math.max(highest, step.reached);
    if (step.reached < rate * KEPT) return { highest, end: "program", steps };
  }
  return { highest, end: "last step", steps };
}

/** From `first` to `last`, each so many times the one before. */
export function rates(first: number, last: number, factor: number): readonly number[] {
  const count = Math.floor(Math.log(last / first) / Math.log(factor) + 1e-9) + 1;
  return Array.from({ length: count }, (_, i) => Math.round(first * factor ** i));
}
