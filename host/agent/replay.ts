/** Replays recordings: their lists as state, their events through rules or a filter. */
import { existsSync } from "node:fs";
import type { Losses } from "../output/statistics.ts";
import { CaptureFileError } from "../replay/capture-file-error.ts";
import { firstEventTime } from "../replay/event-times.ts";
import { openCapture, type ReaderStatistics } from "../replay/reader.ts";
import { type ReplayPart, replayParts } from "../replay/replay-parts.ts";
import { networkOf } from "./engine-host.ts";
import { Evaluation } from "./evaluation.ts";
import { AgentError, type AgentIo, EXIT } from "./io.ts";
import {
  type Prepared,
  prepare,
  prepareFilter,
  type RuleOptions,
  writeStatistics,
} from "./prepare.ts";
import { eventLine, filterRules } from "./replay-filter.ts";
import { ReplayProgress } from "./replay-progress.ts";
import { parseSpan, ReplaySpan } from "./replay-span.ts";

export interface ReplayOptions extends RuleOptions {
  /** In this order; "-" is standard input. */
  readonly files: readonly string[];
  /** Print the events for which this condition is true, instead of evaluating rules. */
  readonly filter?: string;
  /** Seconds after the first event, a clock time, or a date and time. */
  readonly from?: string;
  readonly to?: string;
  /** Pass over damaged blocks and count them. */
  readonly lenient?: boolean;
}

/** Blocks go to the engine in rows of this size, so that its alerts come back as they arise. */
const ROW_BYTES = 1 << 20;
const STATUS_MS = 250;

/** Evaluates recordings. Returns the exit code. Throws AgentError. */
export async function replay(options: ReplayOptions, io: AgentIo): Promise<number> {
  checkOptions(options);
  const span = new ReplaySpan(parseSpan(options));
  const accepts = (time: bigint): boolean => span.includes(time);
  const prepared =
    options.filter === undefined
      ? await prepare(options, io, { accepts })
      : await prepareFilter(filterRules(options.filter), io, { accepts, line: eventLine });
  return await replayWith(prepared, { ...options, span }, io);
}

/** The same with rules that are compiled already. */
export async function replayWith(
  prepared: Prepared,
  options: ReplayOptions & { readonly span?: ReplaySpan },
  io: AgentIo,
): Promise<number> {
  const { files, lenient = false, span = new ReplaySpan({}) } = options;
  // A given-up engine shows in the replay that was under way.
  const evaluation = await Evaluation.start(prepared, { onGivenUp: () => undefined });
  const run = new ReplayRun({ prepared, evaluation, span, files, lenient });
  const unlisten = io.onStop(() => {
    run.stop();
  });
  try {
    await run.all();
  } finally {
    unlisten();
    await evaluation.stop();
    prepared.notices.lines(run.summary(options.filter !== undefined));
    writeStatistics(options, run.report());
  }
  return EXIT.fine;
}

interface RunParts {
  readonly prepared: Prepared;
  readonly evaluation: Evaluation;
  readonly span: ReplaySpan;
  readonly files: readonly string[];
  readonly lenient: boolean;
}

/** One replay of all files, and what is told of it. */
class ReplayRun {
  readonly #parts: RunParts;
  readonly #progress: ReplayProgress;
  readonly #damage = { places: 0, bytes: 0, events: 0, entries: 0, lists: 0 };
  #engineBytes = 0;
  #stopped = false;
  #fed = false;

  constructor(parts: RunParts) {
    this.#parts = parts;
    this.#progress = new ReplayProgress({ files: parts.files, now: () => performance.now() });
  }

  stop(): void {
    this.#stopped = true;
  }

  async all(): Promise<void> {
    const { evaluation, files, prepared } = this.#parts;
    const status = prepared.notices.isInteractive
      ? setInterval(() => {
          this.#showStatus();
        }, STATUS_MS)
      : undefined;
    try {
      for (const file of files) if (!this.#stopped) await this.#file(file);
      await evaluation.host.settle();
    } finally {
      this.#engineBytes = evaluation.peakBytes;
      clearInterval(status);
    }
  }

  /** After the evaluation has ended. */
  summary(filtered: boolean): readonly string[] {
    const { evaluation, prepared } = this.#parts;
    const { alerts } = prepared.printer.statistics;
    const counts = filtered
      ? [`${String(alerts)} events printed`, ...evaluation.lossSummary(this.#losses())]
      : evaluation.summary(this.#losses());
    return [...counts, this.#progress.summary(evaluation.events), memoryText(this.#engineBytes)];
  }

  report(): object {
    const report = this.#parts.evaluation.report(this.#losses());
    return { ...report, seconds: this.#progress.seconds };
  }

  async #file(file: string): Promise<void> {
    const { lenient } = this.#parts;
    const reader = openCapture(file, { lenient });
    const lists = { droppedEntries: 0 };
    this.#progress.begin(reader.statistics);
    let isOver = false;
    try {
      for await (const part of replayParts(reader, lists, ROW_BYTES)) {
        if (this.#stopped) return;
        if (part.kind === "section") isOver = false;
        if (!isOver) isOver = await this.#feed(part);
      }
    } catch (error) {
      throw userError(file, error);
    } finally {
      this.#progress.end();
      this.#count(reader.statistics, lists.droppedEntries);
    }
  }

  /** Returns whether the rest of this recording lies behind the span. */
  async #feed(part: ReplayPart): Promise<boolean> {
    const { evaluation, span } = this.#parts;
    switch (part.kind) {
      case "section":
        if (this.#fed) await evaluation.restart();
        this.#fed = true;
        span.reset();
        return false;
      case "interfaces":
        evaluation.host.setHost({ networks: part.interfaces.map(networkOf) });
        return false;
      case "blocks": {
        const time = firstEventTime(part.bytes);
        if (time !== undefined) span.observe(time);
        if (time !== undefined && span.isOver(time)) return true;
        await evaluation.host.feed(part.bytes);
        return false;
      }
      default:
        return false;
    }
  }

  #count(statistics: ReaderStatistics, droppedEntries: number): void {
    this.#damage.places += statistics.damagedBlocks;
    this.#damage.bytes += statistics.damagedBytes;
    this.#damage.events += statistics.malformedEvents;
    this.#damage.entries += droppedEntries;
    this.#damage.lists += statistics.unreadListBytes;
  }

  #losses(): readonly Losses[] {
    const { places, bytes, events, entries, lists } = this.#damage;
    const reasons = new Map([
      ["damaged places", BigInt(places)],
      ["events that do not add up", BigInt(events)],
      ["list entries that cannot be told", BigInt(entries)],
    ]);
    const passedOver = new Map([
      ["bytes passed over", BigInt(bytes)],
      ["bytes of lists that are too long", BigInt(lists)],
    ]);
    return [
      { place: "the recording", reasons },
      { place: "the recording, in bytes", detail: true, reasons: passedOver },
    ];
  }

  #showStatus(): void {
    const { notices, printer } = this.#parts.prepared;
    notices.status(this.#progress.status(`${String(printer.statistics.alerts)} alerts`));
  }
}

/** Peaks; the engine's contains the windows of shared memory that it touched. */
function memoryText(engineBytes: number): string {
  const agent = Math.round(process.resourceUsage().maxRSS / 1_024);
  const engine = Math.round(engineBytes / (1 << 20));
  return `Memory at most: agent ${String(agent)} MB, engine ${String(engine)} MB`;
}

function checkOptions(options: ReplayOptions): void {
  if (options.filter !== undefined && options.rules.length > 0) {
    throw new AgentError(EXIT.usage, "--filter prints events and -r evaluates rules; use one");
  }
  if (options.filter !== undefined && options.profile !== undefined) {
    throw new AgentError(EXIT.usage, "--filter evaluates no rules, so no --profile can order them");
  }
  if (options.files.filter((file) => file === "-").length > 1) {
    throw new AgentError(EXIT.usage, "standard input (-) can be read once only");
  }
  // Before rules are compiled for it.
  const missing = options.files.find((file) => file !== "-" && !existsSync(file));
  if (missing !== undefined) throw new AgentError(EXIT.usage, `there is no file ${missing}`);
}

function userError(file: string, error: unknown): unknown {
  if (!(error instanceof CaptureFileError)) return error;
  const advice =
    error.code === "MALFORMED" || error.code === "TRUNCATED" ? "; --lenient goes on" : "";
  const message = `cannot replay ${file}: ${error.message}${advice}`;
  return new AgentError(EXIT.usage, message, { cause: error });
}
