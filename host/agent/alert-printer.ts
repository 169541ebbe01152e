/** From a match that the engine reports to a line that the user reads, counted on the way. */
import { type Merge, Merges, ruleKey } from "../engine/merges.ts";
import type { Match } from "../engine/session.ts";
import { type Alert, type AlertFormat, formatAlert } from "../output/alert.ts";
import { colorPriority } from "../output/colors.ts";
import { formatInternal, type InternalAlert } from "../output/internal.ts";
import { Statistics } from "../output/statistics.ts";
import type { OutputPart, PackManifest, RuleManifest } from "../schema/manifest.ts";
import { AlertSink } from "./alert-sink.ts";
import type { TextSink } from "./io.ts";

export interface AlertPrinterOptions {
  readonly packs: readonly PackManifest[];
  /** Parts that are appended to every rule's output. */
  readonly appended: readonly OutputPart[];
  readonly format: AlertFormat;
  /** Undefined when alerts are only counted. */
  readonly out: TextSink | undefined;
  readonly color: boolean;
  /** Alerts of other times are neither printed nor counted. */
  readonly accepts?: (time: bigint) => boolean;
  /** The line of an alert, when it is not the usual one. */
  readonly line?: (alert: Alert) => string;
}

const INTERNAL_LANE = -1;

export class AlertPrinter {
  readonly statistics = new Statistics();
  /** Matches that were only counted, since somebody last took them. */
  readonly merges = new Merges();
  readonly #options: AlertPrinterOptions;
  #sink: AlertSink | undefined;

  constructor(options: AlertPrinterOptions) {
    this.#options = options;
  }

  /** Prints and counts one match. Ids have been checked by the engine's side of the door. */
  print(match: Match): void {
    const rule = this.#options.packs[match.pack]?.rules[match.rule];
    if (rule === undefined || this.#options.accepts?.(match.time) === false) return;
    this.statistics.add(rule.name, rule.priority);
    const { out, color, format, line: toLine } = this.#options;
    if (out === undefined) return;
    const alert = this.#alert(rule, match);
    const line = toLine === undefined ? formatAlert(alert, format) : toLine(alert);
    this.#write(ruleKey(match.pack, match.rule), color ? colorPriority(line, rule.priority) : line);
  }

  /**
   * From now on a reader that is too slow misses alerts: events do not wait for it, and memory is
   * bounded.
   */
  goLive(): void {
    const { out } = this.#options;
    if (out !== undefined) this.#sink ??= new AlertSink(out);
  }

  /** Alerts that a slow reader missed. */
  get unprinted(): number {
    return this.#sink?.dropped ?? 0;
  }

  /** Counts matches that the engine did not report one by one. */
  merge(merge: Merge): void {
    const rule = this.ruleOf(merge);
    if (rule === undefined) return;
    this.statistics.addMerged(rule.name, rule.priority, merge.count);
    this.merges.add(merge);
  }

  ruleOf({ pack, rule }: Pick<Merge, "pack" | "rule">): RuleManifest | undefined {
    return this.#options.packs[pack]?.rules[rule];
  }

  /** Prints what the agent has to say about itself as an alert; it counts as none. */
  printInternal(alert: InternalAlert): void {
    const { out, format, line } = this.#options;
    // A command with lines of its own has no place for it.
    if (out === undefined || line !== undefined) return;
    this.#write(INTERNAL_LANE, formatInternal(alert, format));
  }

  /** Hands on what waits for the reader. */
  flush(): void {
    this.#sink?.flush();
  }

  #write(lane: number, line: string): void {
    if (this.#sink === undefined) this.#options.out?.write(`${line}\n`);
    else this.#sink.write(lane, `${line}\n`);
  }

  #alert(rule: RuleManifest, match: Match): Alert {
    const { name, priority, source, tags } = rule;
    const output = [...rule.output, ...this.#options.appended];
    return { rule: name, priority, source, tags, time: match.time, output, values: match.values };
  }
}
