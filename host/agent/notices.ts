/** What the agent says about itself, in one form: `lanner: …` on the error stream. */
import { LOG_LEVELS, type LogLevel } from "../config/keys.ts";
import { printable, printableLines } from "../diagnostics/printable.ts";
import type { Throttling } from "../engine/pack-pace.ts";
import type { PackFault } from "../engine/session.ts";
import { StatusLine } from "../output/status-line.ts";
import type { PackManifest } from "../schema/manifest.ts";
import type { TextSink } from "./io.ts";

export class Notices {
  readonly #sink: TextSink;
  readonly #status: StatusLine;
  /** Position in LOG_LEVELS of what is said at most; -1: nothing. */
  #limit: number = LOG_LEVELS.indexOf("info");

  constructor(sink: TextSink) {
    this.#sink = sink;
    this.#status = new StatusLine(sink);
  }

  /** Somebody is looking: a status line makes sense. */
  get isInteractive(): boolean {
    return this.#sink.isTTY === true;
  }

  /** From now on only what is at least as bad as `level` is said. */
  limit(level: LogLevel | "nothing"): void {
    this.#limit = LOG_LEVELS.findIndex((each) => each === level);
  }

  /** What is good to know. */
  say(text: string): void {
    this.#say("info", text);
  }

  /** What somebody should look after. */
  warn(text: string): void {
    this.#say("warning", text);
  }

  #say(level: LogLevel, text: string): void {
    if (LOG_LEVELS.indexOf(level) > this.#limit) return;
    this.#status.clear();
    this.#sink.write(`lanner: ${printableLines(text)}\n`);
  }

  /** Lines without a prefix, for tables and closing words. */
  lines(lines: readonly string[]): void {
    this.#status.clear();
    for (const line of lines) this.#sink.write(`${printable(line)}\n`);
  }

  status(text: string): void {
    this.#status.show(text);
  }

  clearStatus(): void {
    this.#status.clear();
  }
}

/** A fault in words: which pack, what it did, at which event. */
export function faultText(fault: PackFault, packs: readonly PackManifest[]): string {
  // A pack of somebody else names itself as it likes; a line break would forge a notice.
  const name = printable(packs[fault.pack]?.name ?? String(fault.pack));
  const where = fault.event === 0n ? "" : ` at event ${String(fault.event)}`;
  return `pack '${name}' ${printable(fault.reason)}${where} and was switched off; the other packs continue`;
}

/** Which pack is held back, why, and how much. */
export function throttlingText(throttling: Throttling, packs: readonly PackManifest[]): string {
  const { pack, stride, cost } = throttling;
  const name = printable(packs[pack]?.name ?? String(pack));
  const each = `${(cost / 1e6).toFixed(3)} ms`;
  if (stride === 1) return `pack '${name}' sees all events again`;
  return (
    `pack '${name}' takes ${each} per event and delays the other packs; at this rate ` +
    `of events it sees 1 event in ${String(stride)}`
  );
}
