/** What is told at exit: how many alerts, by priority and by rule, and what was lost and why. */
import { printable } from "../diagnostics/printable.ts";
import { PRIORITIES, type Priority } from "../schema/manifest.ts";

/** Losses of one place, by reason; only reasons with a count above zero are printed. */
export interface Losses {
  readonly place: string;
  /** Counts again, in another way, what another place has counted. */
  readonly detail?: boolean;
  readonly reasons: ReadonlyMap<string, bigint>;
}

export class Statistics {
  #alerts = 0;
  readonly #byPriority = new Map<Priority, number>();
  readonly #byRule = new Map<string, number>();
  readonly #mergedByRule = new Map<string, number>();

  /** Counts one alert. */
  add(rule: string, priority: Priority): void {
    this.#count(rule, priority, 1);
  }

  /** Counts matches that were detected but not printed one by one. */
  addMerged(rule: string, priority: Priority, count: number): void {
    this.#count(rule, priority, count);
    this.#mergedByRule.set(rule, (this.#mergedByRule.get(rule) ?? 0) + count);
  }

  #count(rule: string, priority: Priority, count: number): void {
    this.#alerts += count;
    this.#byPriority.set(priority, (this.#byPriority.get(priority) ?? 0) + count);
    this.#byRule.set(rule, (this.#byRule.get(rule) ?? 0) + count);
  }

  get alerts(): number {
    return this.#alerts;
  }

  /** Alerts at `priority` or more severe. */
  atLeast(priority: Priority): number {
    const last = PRIORITIES.indexOf(priority);
    let sum = 0;
    for (const [each, count] of this.#byPriority) {
      if (PRIORITIES.indexOf(each) <= last) sum += count;
    }
    return sum;
  }

  /** The counts for programs. */
  counts(): object {
    return {
      alerts: this.#alerts,
      byPriority: Object.fromEntries(this.#byPriority),
      byRule: Object.fromEntries(this.#byRule),
      ...(this.#mergedByRule.size === 0
        ? {}
        : { mergedByRule: Object.fromEntries(this.#mergedByRule) }),
    };
  }

  #mergedOf(rule: string): string {
    const merged = this.#mergedByRule.get(rule);
    return merged === undefined ? "" : ` (${String(merged)} of them merged)`;
  }

  /** Falco's closing lines: priorities from the most severe down, rules by name. */
  lines(): readonly string[] {
    return [
      `Events detected: ${String(this.#alerts)}`,
      "Rule counts by severity:",
      ...PRIORITIES.filter((priority) => this.#byPriority.has(priority)).map(
        (priority) => `   ${priority.toUpperCase()}: ${String(this.#byPriority.get(priority))}`,
      ),
      "Triggered rules by rule name:",
      ...[...this.#byRule]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([rule, count]) => `   ${printable(rule)}: ${String(count)}${this.#mergedOf(rule)}`),
    ];
  }
}

/** One line per place where something was lost; none when nothing was. */
export function lossLines(losses: readonly Losses[]): readonly string[] {
  const lines: string[] = [];
  for (const { place, reasons } of losses) {
    const counted = [...reasons].filter(([, count]) => count > 0n);
    if (counted.length === 0) continue;
    const text = counted.map(([reason, count]) => `${reason} ${String(count)}`).join(", ");
    lines.push(`Lost at ${place}: ${text}`);
  }
  return lines;
}
