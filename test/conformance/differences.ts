/**
 * Where an answer differs on purpose: the only list of such cases. They are counted and printed
 * apart from those that pass and those that fail.
 */
import type { SuiteName } from "./outcome.ts";

export interface Deliberate {
  readonly suite: SuiteName;
  readonly id: RegExp;
  readonly reason: string;
}

const fields = (id: RegExp, reason: string): Deliberate => ({ suite: "fields", id, reason });

const filters = (id: RegExp, reason: string): Deliberate => ({ suite: "filters", id, reason });

const alerts = (id: RegExp, reason: string): Deliberate => ({ suite: "alerts", id, reason });

const READ_ABSPATH =
  "the reference shows the descriptor of dirfd once an earlier rule has read evt.abspath";

const BEHIND_BUFFER = "the reference shows bytes from behind an empty buffer";

export const DELIBERATE: readonly Deliberate[] = [
  alerts(
    /^fd_ip_intersects_stops_falco$/,
    "the reference stops at the first event of a socket; here the condition is false",
  ),
  alerts(
    /^evt_type_is_in_an_output_is_missing$/,
    "the reference prints nothing for a field that it has",
  ),
  {
    suite: "config",
    id: /^an_empty_configuration_has_no_output_and_stops$/,
    reason: "a configuration that names no output prints to standard output here",
  },
  // All conditions of a recording were evaluated in one run, each event by each in their order.
  filters(/^files-0(277|31[4568]|328|424|544|560|575|602|630|686) /, READ_ABSPATH),
  filters(/^(process-0(284|32[01]|341|381|443)|attacks-0(331|404)) /, READ_ABSPATH),
  filters(/^everyday-03(10|23) /, READ_ABSPATH),
  // Just the 47 failed opens below a known descriptor differ, and what such a descriptor hides.
  filters(/^walk-files-0(28[45]|560|575|685) /, READ_ABSPATH),
  filters(/^network-0194 /, "the reference knows no address of a name before its first connection"),
  filters(/^process-0354 /, BEHIND_BUFFER),
  fields(/\/evt\.buffer$/, BEHIND_BUFFER),
  fields(
    /\/proc\.exe_ino\.ctime_duration_(proc|pidns)_start$/,
    "the reference shows memory that was never set",
  ),
];

/** Why a case may differ; undefined when it may not. */
export function deliberate(suite: SuiteName, id: string): string | undefined {
  return DELIBERATE.find((each) => each.suite === suite && each.id.test(id))?.reason;
}
