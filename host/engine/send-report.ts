/** Sends what the engine process says, also when it is more than one frame takes. */
import type { FieldValue } from "../schema/value.ts";
import type { Channel } from "./channel.ts";
import type { Order, Report } from "./protocol.ts";
import type { Match } from "./session.ts";
import { FrameTooLong } from "./wire.ts";

/**
 * Matches that do not fit one frame go with several. A single match that does not loses its longest
 * values, which then count as missing. `sent` is called when all has been taken. Returns how many
 * values were left out.
 */
export function sendReport(
  channel: Channel<Order, Report>,
  report: Report,
  sent?: () => void,
): number {
  try {
    channel.send(report, sent);
    return 0;
  } catch (error) {
    if (!(error instanceof FrameTooLong) || report.kind !== "matches") throw error;
    const { matches } = report;
    if (matches.length > 1) {
      const half = Math.ceil(matches.length / 2);
      const first = sendReport(channel, { ...report, matches: matches.slice(0, half) });
      return first + sendReport(channel, { ...report, matches: matches.slice(half) }, sent);
    }
    const shorter = matches.map(withoutLongest);
    const left = missing(shorter) - missing(matches);
    return left + sendReport(channel, { ...report, matches: shorter }, sent);
  }
}

function missing(matches: readonly Match[]): number {
  return matches.reduce((sum, { values }) => sum + values.filter((v) => v === null).length, 0);
}

/** Without the values that are at least half as long as the longest. */
function withoutLongest(match: Match): Match {
  const longest = Math.max(...match.values.map(lengthOf));
  return {
    ...match,
    values: match.values.map((value) => (lengthOf(value) * 2 > longest ? null : value)),
  };
}

function lengthOf(value: FieldValue): number {
  if (typeof value === "string") return value.length;
  if (typeof value !== "object" || value === null) return 0;
  return value.reduce((sum, text) => sum + 4 + text.length, 0);
}
