/**
 * What the agent and the engine process tell each other; messages.ts holds how each is written. The
 * agent trusts nothing that comes back: what the decoder lets through must pass `checkReport` too.
 */
import type { OutputPart } from "../schema/manifest.ts";
import { REPLAY_BYTES_MAX } from "../schema/memory.ts";
import type { FieldValue } from "../schema/value.ts";
import type { HostFacts } from "./host-facts.ts";
import type { Merge } from "./merges.ts";
import { STRIDE_MAX, type Throttling } from "./pack-pace.ts";
import type { Match, PackFault, SessionOptions, StateOrigin } from "./session.ts";

/** From the agent. Descriptors are numbers of the child: see CHILD_FDS_FROM. */
export type Order =
  | { readonly kind: "start"; readonly options: SessionOptions; readonly record: boolean }
  | { readonly kind: "replay"; readonly offset: number; readonly length: number }
  | { readonly kind: "host"; readonly facts: HostFacts }
  | { readonly kind: "live" }
  /** The recorded bytes of the replay window have been taken. */
  | { readonly kind: "taken" }
  | { readonly kind: "container"; readonly news: ContainerNews }
  /** Ids of all threads that are alive: the engine may let go of others. */
  | { readonly kind: "living"; readonly threads: Uint32Array }
  | { readonly kind: "stop" };

/** What the agent tells while events are drained. */
export type News = Extract<Order, { readonly kind: "container" | "living" }>;

/** From the engine process. */
export type Report =
  | { readonly kind: "loading"; readonly pack: number }
  | { readonly kind: "ready"; readonly origin: StateOrigin }
  | { readonly kind: "matches"; readonly matches: readonly Match[] }
  /** Live only: matches that were counted instead of rendered. */
  | { readonly kind: "merged"; readonly merges: readonly Merge[] }
  /** Live only: a pack takes too long and misses events. */
  | { readonly kind: "throttled"; readonly throttling: Throttling }
  | { readonly kind: "fault"; readonly fault: PackFault }
  | { readonly kind: "replayed"; readonly consumed: number }
  | { readonly kind: "recorded"; readonly bytes: number }
  /** A program runs in a container of which the engine would know more. */
  | { readonly kind: "process"; readonly process: ContainerProcess }
  /** What the agent told of this container holds from the next event on. */
  | { readonly kind: "told"; readonly container: string }
  | { readonly kind: "failed"; readonly reason: string }
  | { readonly kind: "stopped"; readonly totals: Totals };

export interface ContainerProcess {
  readonly pid: number;
  /** Short id, as the engine found it in the names of cgroups. */
  readonly container: string;
}

export interface ContainerNews {
  readonly container: string;
  /** State-only event blocks: its users and groups. At most ANSWER_BYTES_MAX. */
  readonly blocks: Uint8Array;
  /** No more needs to be asked. */
  readonly final: boolean;
}

export interface Totals {
  readonly hostCalls: number;
  readonly renderFaults: number;
  /** Why the engine ended before it had drained everything; the agent's own word. */
  readonly unfinished?: string | undefined;
}

/** The channel's descriptor in the child; 0–2 are the usual ones. */
export const CHANNEL_FD = 3;

/** The first of the windows' descriptors that the child inherits. */
export const CHILD_FDS_FROM = 4;

export const MATCHES_PER_REPORT_MAX = 256;
export const MERGES_PER_REPORT_MAX = 1_024;
export const TEXT_CHARS_MAX = 1 << 20;
export const REASON_CHARS_MAX = 500;
export const LIST_ITEMS_MAX = 65_536;
export const CONTAINER_CHARS_MAX = 256;
/** The kernel's own bound. */
const PID_END = 4_194_305;

/** What a report may speak of: rules per pack, and rendered values per rule. */
export interface ReportLimits {
  readonly packs: readonly (readonly number[])[];
  /** Recorded bytes may be handed over. */
  readonly record?: boolean;
}

/** Counts the values that a match of each rule carries. */
export function reportLimits(
  rulesOfPacks: readonly (readonly { readonly output: readonly OutputPart[] }[])[],
  appended: readonly OutputPart[],
): ReportLimits {
  const fields = (parts: readonly OutputPart[]): number =>
    parts.filter((part) => "field" in part).length;
  return {
    packs: rulesOfPacks.map((rules) => rules.map((rule) => fields(rule.output) + fields(appended))),
  };
}

/** The report if every part of it is what it should be, else undefined. */
export function checkReport(value: unknown, limits: ReportLimits): Report | undefined {
  if (!isRecord(value)) return undefined;
  return isReport(value, limits) ? (value as unknown as Report) : undefined;
}

function isReport(value: Readonly<Record<string, unknown>>, limits: ReportLimits): boolean {
  switch (value["kind"]) {
    case "loading":
      return isBelow(value["pack"], limits.packs.length);
    case "ready":
      return ["laid-out", "taken-over", "torn"].includes(String(value["origin"]));
    case "matches":
      return isList(value["matches"], MATCHES_PER_REPORT_MAX, (match) => isMatch(match, limits));
    case "merged":
      return isList(value["merges"], MERGES_PER_REPORT_MAX, (merge) => isMerge(merge, limits));
    case "throttled":
      return isThrottling(value["throttling"], limits);
    case "fault":
      return isFault(value["fault"], limits);
    case "replayed":
      return isBelow(value["consumed"], REPLAY_BYTES_MAX + 1);
    case "recorded":
      return limits.record === true && isBelow(value["bytes"], REPLAY_BYTES_MAX + 1);
    case "process":
      return isProcess(value["process"]);
    case "told":
      return isText(value["container"], CONTAINER_CHARS_MAX);
    case "failed":
      return isText(value["reason"], REASON_CHARS_MAX);
    case "stopped":
      return isTotals(value["totals"]);
    default:
      return false;
  }
}

function isMatch(value: unknown, limits: ReportLimits): boolean {
  if (!isRecord(value)) return false;
  const { pack, rule, event, time, values } = value;
  if (!isBelow(pack, limits.packs.length)) return false;
  const rules = limits.packs[pack] ?? [];
  return (
    isBelow(rule, rules.length) &&
    isUnsigned64(event) &&
    isUnsigned64(time) &&
    isList(values, rules[rule] ?? 0, isFieldValue) &&
    values.length === rules[rule]
  );
}

function isMerge(value: unknown, limits: ReportLimits): boolean {
  if (!isRecord(value)) return false;
  const { pack, rule, count, first, last } = value;
  return (
    isBelow(pack, limits.packs.length) &&
    isBelow(rule, limits.packs[pack]?.length ?? 0) &&
    isBelow(count, Number.MAX_SAFE_INTEGER) &&
    isUnsigned64(first) &&
    isUnsigned64(last)
  );
}

function isThrottling(value: unknown, limits: ReportLimits): boolean {
  if (!isRecord(value)) return false;
  const { pack, stride, cost, skipped } = value;
  return (
    isBelow(pack, limits.packs.length) &&
    isBelow(stride, STRIDE_MAX + 1) &&
    isBelow(cost, Number.MAX_SAFE_INTEGER) &&
    isBelow(skipped, Number.MAX_SAFE_INTEGER)
  );
}

function isFieldValue(value: unknown): value is FieldValue {
  if (value === null) return true;
  if (Array.isArray(value))
    return isList(value, LIST_ITEMS_MAX, (item) => isText(item, TEXT_CHARS_MAX));
  return isText(value, TEXT_CHARS_MAX) || ["bigint", "number", "boolean"].includes(typeof value);
}

function isFault(value: unknown, limits: ReportLimits): boolean {
  return (
    isRecord(value) &&
    isBelow(value["pack"], limits.packs.length) &&
    isText(value["reason"], REASON_CHARS_MAX) &&
    isUnsigned64(value["event"]) &&
    isBelow(value["eventType"], 65_536)
  );
}

function isProcess(value: unknown): boolean {
  return (
    isRecord(value) &&
    isBelow(value["pid"], PID_END) &&
    isText(value["container"], CONTAINER_CHARS_MAX)
  );
}

function isTotals(value: unknown): boolean {
  const counts = ["hostCalls", "renderFaults"];
  return isRecord(value) && counts.every((name) => isBelow(value[name], Number.MAX_SAFE_INTEGER));
}

/** Text of a failure, cut to what a report may carry. */
export function shortReason(reason: string): string {
  return reason.slice(0, REASON_CHARS_MAX);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isText(value: unknown, charsMax: number): value is string {
  return typeof value === "string" && value.length <= charsMax;
}

function isBelow(value: unknown, bound: number): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < bound;
}

function isUnsigned64(value: unknown): value is bigint {
  return typeof value === "bigint" && value >= 0n && value < 1n << 64n;
}

function isList(
  value: unknown,
  max: number,
  is: (item: unknown) => boolean,
): value is readonly unknown[] {
  if (!Array.isArray(value) || value.length > max) return false;
  // `every` would skip holes, and holes pass the channel.
  for (const item of value) if (!is(item)) return false;
  return true;
}
