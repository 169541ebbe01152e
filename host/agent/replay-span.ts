/** The part of a recording that is shown: from one moment to another. */
import { AgentError, EXIT } from "./io.ts";

/** A moment as the user wrote it. */
export type Moment =
  /** After the first event of the recording. */
  | { readonly kind: "offset"; readonly ns: bigint }
  /** On the day of the first event, in the time zone of this process. */
  | { readonly kind: "clock"; readonly hours: number; readonly ns: bigint }
  | { readonly kind: "time"; readonly ns: bigint };

const NS_PER_SECOND = 1_000_000_000n;
const SECONDS = /^\+?(\d{1,12})(?:\.(\d{1,9}))?s?$/;
const CLOCK = /^(\d{1,2}):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,9}))?)?$/;
const DATE_TIME =
  /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:?\d\d)?$/;

/** Reads seconds, a clock time or a date with a time. Throws AgentError. */
export function parseMoment(option: string, text: string): Moment {
  const moment = readSeconds(text) ?? readClock(text) ?? readDateTime(text);
  if (moment !== undefined) return moment;
  const forms = "seconds (12.5), a time (14:05:09.25) or a date and time (2026-11-22T14:05:09Z)";
  throw new AgentError(EXIT.usage, `invalid ${option} '${text}'; expected ${forms}`);
}

function readSeconds(text: string): Moment | undefined {
  const [, seconds, fraction] = SECONDS.exec(text) ?? [];
  if (seconds === undefined) return undefined;
  return { kind: "offset", ns: BigInt(seconds) * NS_PER_SECOND + nanoseconds(fraction) };
}

function readClock(text: string): Moment | undefined {
  const [, hours, minutes, seconds = "0", fraction] = CLOCK.exec(text) ?? [];
  if (hours === undefined || Number(hours) > 23) return undefined;
  const rest = BigInt(Number(minutes) * 60 + Number(seconds));
  const ns = rest * NS_PER_SECOND + nanoseconds(fraction);
  return { kind: "clock", hours: Number(hours), ns };
}

/** Without a zone it is local time, as times are printed. */
function readDateTime(text: string): Moment | undefined {
  const [, date, minutes = "", seconds = "00", fraction, zone = ""] = DATE_TIME.exec(text) ?? [];
  if (date === undefined) return undefined;
  const ms = Date.parse(`${date}T${minutes}:${seconds}${zone}`);
  if (Number.isNaN(ms)) return undefined;
  return { kind: "time", ns: BigInt(ms) * 1_000_000n + nanoseconds(fraction) };
}

function nanoseconds(fraction = ""): bigint {
  return BigInt(fraction.padEnd(9, "0"));
}

export interface SpanOptions {
  readonly from?: Moment;
  readonly to?: Moment;
}

/** Throws AgentError for moments that are none, and for an end before its beginning. */
export function parseSpan(written: { readonly from?: string; readonly to?: string }): SpanOptions {
  const from = written.from === undefined ? undefined : parseMoment("--from", written.from);
  const to = written.to === undefined ? undefined : parseMoment("--to", written.to);
  if (from !== undefined && to?.kind === from.kind && since(to) < since(from)) {
    const texts = `--to ${written.to ?? ""} lies before --from ${written.from ?? ""}`;
    throw new AgentError(EXIT.usage, `${texts}; no event is between them`);
  }
  return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}

/** Compares with others of the same kind only. */
function since(moment: Moment): bigint {
  const hours = moment.kind === "clock" ? moment.hours : 0;
  return BigInt(hours) * 3_600n * NS_PER_SECOND + moment.ns;
}

/** Events of different CPUs may stand in a file out of order by less than this. */
const DISORDER_NS = NS_PER_SECOND;

/**
 * Which events are shown. Those before the span are evaluated like all others, so that state,
 * numbers and relative times are those of the whole recording.
 */
export class ReplaySpan {
  readonly #options: SpanOptions;
  #from = 0n;
  #to: bigint | undefined;
  #begun = false;

  constructor(options: SpanOptions) {
    this.#options = options;
  }

  /** A recording begins; its first event is not known yet. */
  reset(): void {
    this.#begun = false;
  }

  /** Time of an event as it is read: the first one decides what relative moments mean. */
  observe(time: bigint): void {
    if (this.#begun) return;
    this.#begun = true;
    const { from, to } = this.#options;
    this.#from = from === undefined ? 0n : absolute(from, time);
    this.#to = to === undefined ? undefined : absolute(to, time);
  }

  includes(time: bigint): boolean {
    return time >= this.#from && (this.#to === undefined || time <= this.#to);
  }

  /** Nothing from `time` on can be in the span. */
  isOver(time: bigint): boolean {
    return this.#to !== undefined && time > this.#to + DISORDER_NS;
  }
}

function absolute(moment: Moment, first: bigint): bigint {
  switch (moment.kind) {
    case "offset":
      return first + moment.ns;
    case "time":
      return moment.ns;
    case "clock": {
      const day = new Date(Number(first / 1_000_000n));
      day.setHours(moment.hours, 0, 0, 0);
      return BigInt(day.getTime()) * 1_000_000n + moment.ns;
    }
    default:
      return moment satisfies never;
  }
}
