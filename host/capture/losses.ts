import type { ClassCounters, EventClass } from "../native/native.ts";

/** Why the kernel side lost an event. */
export const LOSS_REASONS = ["ringFull", "tooLarge", "unreadable", "bug", "compat"] as const;
export type LossReason = (typeof LOSS_REASONS)[number];

/** Events since the programs were loaded. */
export interface CaptureLosses {
  readonly written: number;
  readonly lost: number;
  readonly byReason: Readonly<Record<LossReason, number>>;
  readonly byClass: Readonly<Partial<Record<EventClass, number>>>;
}

/** Adds up the counters of all classes. */
export function sumLosses(counters: readonly ClassCounters[]): CaptureLosses {
  const byReason: Record<LossReason, number> = {
    ringFull: 0,
    tooLarge: 0,
    unreadable: 0,
    bug: 0,
    compat: 0,
  };
  const byClass: Partial<Record<EventClass, number>> = {};
  let written = 0;
  let lost = 0;
  for (const row of counters) {
    const lostHere = LOSS_REASONS.reduce((sum, reason) => sum + row[reason], 0);
    for (const reason of LOSS_REASONS) byReason[reason] += row[reason];
    byClass[row.eventClass] = (byClass[row.eventClass] ?? 0) + lostHere;
    written += row.written;
    lost += lostHere;
  }
  return { written, lost, byReason, byClass };
}
