/** From a match that the engine reports to a line that the user reads, counted on the way. */
import type { Match } from "../engine/session.ts";
import { type Alert, type AlertFormat, formatAlert } from "../output/alert.ts";
import { colorPriority } from "../output/colors.ts";
import { Statistics } from "../output/statistics.ts";
import type { OutputPart, PackManifest, RuleManifest } from "../schema/manifest.ts";
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

export class AlertPrinter {
  readonly statistics = new Statistics();
  readonly #options: AlertPrinterOptions;

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
    out.write(`${color ? colorPriority(line, rule.priority) : line}\n`);
  }

  #alert(rule: RuleManifest, match: Match): Alert {
    const { name, priority, source, tags } = rule;
    const output = [...rule.output, ...this.#options.appended];
    return { rule: name, priority, source, tags, time: match.time, output, values: match.values };
  }
}
