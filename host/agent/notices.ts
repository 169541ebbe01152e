/** What the agent says about itself, in one form: `lanner: …` on the error stream. */
import type { PackFault } from "../engine/session.ts";
import { StatusLine } from "../output/status-line.ts";
import type { PackManifest } from "../schema/manifest.ts";
import type { TextSink } from "./io.ts";

export class Notices {
  readonly #sink: TextSink;
  readonly #status: StatusLine;
  readonly #seen = new Set<string>();

  constructor(sink: TextSink) {
    this.#sink = sink;
    this.#status = new StatusLine(sink);
  }

  /** Somebody is looking: a status line makes sense. */
  get isInteractive(): boolean {
    return this.#sink.isTTY === true;
  }

  say(text: string): void {
    this.#status.clear();
    this.#sink.write(`lanner: ${text}\n`);
  }

  /** Says `text` the first time only. */
  once(text: string): void {
    if (this.#seen.has(text)) return;
    this.#seen.add(text);
    this.say(text);
  }

  /** Lines without a prefix, for tables and closing words. */
  lines(lines: readonly string[]): void {
    this.#status.clear();
    for (const line of lines) this.#sink.write(`${line}\n`);
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
  const name = packs[fault.pack]?.name ?? String(fault.pack);
  const where = fault.event === 0n ? "" : ` at event ${String(fault.event)}`;
  return `pack '${name}' ${fault.reason}${where} and was switched off; the others go on`;
}
