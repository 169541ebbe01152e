/**
 * Reports losses while the capture runs: within a second, by reason and class, on standard error
 * and as internal alerts. Counts only ever go up; what is reported is the difference to the last
 * look.
 */
import { printable } from "../diagnostics/printable.ts";
import type { Merge } from "../engine/merges.ts";
import type { AlertPrinter } from "./alert-printer.ts";
import type { DropActions, KernelCounts } from "./drop-actions.ts";
import type { Notices } from "./notices.ts";

export interface LossMonitorOptions {
  readonly kernel: () => KernelCounts;
  /** Names of the kernel's reasons for people. */
  readonly reasonText: Readonly<Record<string, string>>;
  /** Everything behind the kernel, by reason. */
  readonly engine: () => ReadonlyMap<string, bigint>;
  readonly drops: DropActions;
  readonly printer: AlertPrinter;
  readonly notices: Notices;
  /** Monotonic, ms. */
  readonly now?: () => number;
}

/** The engine reports every half a second; together that is less than one. */
const LOOK_MS = 400;
/** `syscall_event_drops` speaks of seconds. */
const SECOND_MS = 1_000;
/** Rules that one look names; the rest are added up. */
const RULES_MAX = 20;
const NAMED_MAX = 3;
const NO_COUNTS: KernelCounts = { written: 0, lost: 0, byReason: {}, byClass: {} };

export class LossMonitor {
  readonly #options: LossMonitorOptions;
  readonly #now: () => number;
  #timer: NodeJS.Timeout | undefined;
  #kernel = NO_COUNTS;
  #second = NO_COUNTS;
  #secondAt: number;
  #engine: ReadonlyMap<string, bigint> = new Map();

  constructor(options: LossMonitorOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    this.#secondAt = this.#now();
  }

  start(): void {
    this.#timer = setInterval(() => {
      this.look();
    }, LOOK_MS).unref();
  }

  /** Looks for the last time. */
  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.look();
  }

  look(): void {
    this.#lookAtKernel();
    this.#lookAtEngine();
    this.#lookAtMerges();
  }

  #lookAtKernel(): void {
    const { kernel, drops, notices, reasonText } = this.#options;
    const counts = kernel();
    const news = difference(counts, this.#kernel);
    this.#kernel = counts;
    if (news.lost > 0 && drops.logs) {
      const reasons = named(news.byReason).map(
        ([reason, n]) => `${reasonText[reason] ?? reason} ${n}`,
      );
      const classes = named(news.byClass).map(([name, n]) => `${name} ${n}`);
      const why = `${reasons.join(", ")}; by class: ${classes.join(", ")}`;
      notices.warn(`${String(news.lost)} events lost in the kernel (${why})`);
    }
    if (this.#now() - this.#secondAt < SECOND_MS && this.#timer !== undefined) return;
    this.#secondAt = this.#now();
    drops.look(difference(counts, this.#second), wallTime(), this.#now());
    this.#second = counts;
  }

  #lookAtEngine(): void {
    const losses = this.#options.engine();
    const news = [...losses]
      .map(([reason, count]) => [reason, count - (this.#engine.get(reason) ?? 0n)] as const)
      .filter(([, count]) => count > 0n);
    this.#engine = losses;
    if (news.length === 0) return;
    const text = news.map(([reason, count]) => `${reason} ${String(count)}`).join(", ");
    this.#options.notices.warn(`lost: ${text}`);
    this.#options.printer.printInternal({
      rule: "Lanner internal: events or alerts lost",
      priority: "Warning",
      message: `Lanner internal: events or alerts lost: ${text}`,
      time: wallTime(),
      fields: Object.fromEntries(news.map(([reason, count]) => [reason, String(count)])),
    });
  }

  #lookAtMerges(): void {
    const { printer, notices } = this.#options;
    const merges = [...printer.merges.take()].sort((a, b) => b.count - a.count);
    if (merges.length === 0) return;
    for (const merge of merges.slice(0, RULES_MAX)) this.#printMerge(merge);
    const others = sumOf(merges.slice(RULES_MAX));
    if (others > 0) {
      printer.printInternal({
        rule: MERGED,
        priority: "Notice",
        message: `${MERGED}: ×${String(others)} of ${String(merges.length - RULES_MAX)} other rules`,
        time: wallTime(),
        fields: { count: String(others), rules: String(merges.length - RULES_MAX) },
      });
    }
    const texts = merges.slice(0, NAMED_MAX).map((merge) => this.#textOf(merge));
    const rest = merges.length - texts.length;
    const more =
      rest > 0
        ? `, and ${String(sumOf(merges.slice(NAMED_MAX)))} of ${String(rest)} more rules`
        : "";
    notices.warn(`alerts merged: ${texts.join(", ")}${more}`);
  }

  #printMerge(merge: Merge): void {
    const rule = this.#options.printer.ruleOf(merge)?.name ?? "";
    this.#options.printer.printInternal({
      rule: MERGED,
      priority: "Notice",
      message: `${MERGED}: ${this.#textOf(merge)}`,
      time: merge.last,
      fields: {
        count: String(merge.count),
        first: String(merge.first),
        last: String(merge.last),
        rule,
      },
    });
  }

  /** `rule 'X' ×12000 in 1.0 s` */
  #textOf(merge: Merge): string {
    const name = printable(this.#options.printer.ruleOf(merge)?.name ?? "");
    const seconds = (Number(merge.last - merge.first) / 1e9).toFixed(1);
    return `rule '${name}' ×${String(merge.count)} in ${seconds} s`;
  }
}

const MERGED = "Lanner internal: alerts merged";

function sumOf(merges: readonly Merge[]): number {
  return merges.reduce((sum, { count }) => sum + count, 0);
}

function difference(now: KernelCounts, before: KernelCounts): KernelCounts {
  return {
    written: now.written - before.written,
    lost: now.lost - before.lost,
    byReason: minus(now.byReason, before.byReason),
    byClass: minus(now.byClass, before.byClass),
  };
}

function minus(
  now: Readonly<Record<string, number>>,
  before: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const rows = Object.entries(now).map(([name, count]) => [name, count - (before[name] ?? 0)]);
  return Object.fromEntries(rows) as Readonly<Record<string, number>>;
}

/** Those above zero, as text. */
function named(counts: Readonly<Record<string, number>>): readonly (readonly [string, string])[] {
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => [name, String(count)]);
}

/** ns since the epoch. */
function wallTime(): bigint {
  return BigInt(Date.now()) * 1_000_000n;
}
