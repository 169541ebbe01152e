/**
 * Latency from system call to alert: the observed program opens marker files and notes the time
 * right before each, a rule matches them, and the reader of the agent's output notes when the line
 * has come. Both read CLOCK_MONOTONIC.
 */
import { quantile } from "../../host/bench/statistics.ts";

export const MARKER_RULE = `
- rule: Marker of the benchmark
  desc: A file that the observed program of the live benchmark opens
  condition: evt.type in (open, openat) and fd.name contains /lanner-marker-
  output: "%fd.name"
  priority: NOTICE
  tags: []
`;

/** Collects when the alert of each marker came; text may arrive in pieces. */
export class Arrivals {
  readonly at = new Map<number, number>();
  #rest = "";

  read(text: string, ns: number): void {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) {
      const number = /\/lanner-marker-(\d+)/.exec(line)?.[1];
      if (number !== undefined && !this.at.has(Number(number))) this.at.set(Number(number), ns);
    }
  }
}

export interface Latencies {
  /** Ascending. */
  readonly ns: readonly number[];
  /** Markers without an alert. */
  readonly missing: number;
}

export function latencies(opened: readonly number[], { at }: Arrivals): Latencies {
  const ns = opened.flatMap((time, i) => {
    const arrival = at.get(i);
    return arrival === undefined ? [] : [arrival - time];
  });
  return { ns: ns.sort((a, b) => a - b), missing: opened.length - ns.length };
}

export const quantileMs = ({ ns }: Latencies, share: number): number => quantile(ns, share) / 1e6;
