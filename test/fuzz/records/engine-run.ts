/**
 * Damaged events through two sessions that get the same events with other bytes around them: behind
 * each event in its block, and in blocks between. What must hold: every block is taken and counted
 * for what it is; no trap, no fault; both render the same values for every field and end with the
 * same state, so nothing outside an event was ever read.
 */
import { COUNTERS_END, readCounters } from "../../../host/engine/counters.ts";
import type { Match } from "../../../host/engine/session.ts";
import { BLOCK, BLOCK_FRAME_BYTES, block } from "../../../host/replay/block.ts";
import { EVENT_HEADER_BYTES } from "../../../host/replay/encode.ts";
import { EVENTS, eventByCode } from "../../../host/schema/events.ts";
import { FIELDS } from "../../../host/schema/fields.ts";
import type { OutputPart } from "../../../host/schema/manifest.ts";
import { STATE_BASE } from "../../../host/schema/memory.ts";
import { openSession, type TestSession } from "../../support/engine.ts";
import { handWrittenPack } from "../../support/pack.ts";
import { argumentsOf } from "../snapshots.ts";

/** Events of this CPU are rendered: all fields of each. */
export const RENDERED_CPU = 7;
const FRAME_CPU = STATE_BASE + 1_024 + 32;
const PARAMS_MAX = 64;
/** Tables of this size end before it; the rest of the window was never touched. */
const STATE_BYTES = 24 << 20;
const COMPARED_BYTES = 1 << 20;
const FILLS = [0x00, 0xa5] as const;

const OUTPUT: readonly OutputPart[] = FIELDS.flatMap((field) =>
  argumentsOf(field).map((argument) =>
    argument === null ? { field: field.name } : { field: field.name, argument },
  ),
);

/** Matches in every event of one CPU, with all fields in its output. */
const OBSERVER = handWrittenPack({
  eventTypes: EVENTS.map(({ code }) => code),
  evaluate: `(i32.eq (i32.load (i32.const ${String(FRAME_CPU)})) (i32.const ${String(RENDERED_CPU)}))`,
  rules: [{ output: OUTPUT }],
});

export class EngineRun {
  readonly #twins: readonly TestSession[];
  /** Values that were compared so far. */
  values = 0;

  /** `packs` evaluate the events besides; they must not fault. */
  constructor(packs: readonly Uint8Array[] = []) {
    this.#twins = FILLS.map(() => openSession([OBSERVER, ...packs]));
  }

  /** Throws an Error that says what did not hold. */
  feed(blocks: readonly Buffer[]): void {
    const matches = this.#twins.map((twin, i) => this.#feedTwin(twin, blocks, FILLS[i] ?? 0));
    this.#compareMatches(matches[0] ?? [], matches[1] ?? []);
    this.#compareState();
  }

  /** Bytes that need not be blocks at all: both stop at the same place. */
  feedRow(bytes: Buffer): void {
    const taken = this.#twins.map((twin, i) => {
      twin.session.stage(Buffer.concat([bytes, Buffer.alloc(4_096, FILLS[i])]));
      const end = twin.session.replay(0, bytes.length);
      twin.matches.splice(0);
      return end;
    });
    if (taken[0] !== taken[1] || (taken[0] ?? 0) > bytes.length) {
      throw new Error(`took ${taken.join(" and ")} of ${String(bytes.length)} bytes`);
    }
    this.#compareState();
  }

  close(): void {
    for (const twin of this.#twins) twin.close();
  }

  #feedTwin(twin: TestSession, blocks: readonly Buffer[], fill: number): readonly Match[] {
    const between = block(BLOCK.event, Buffer.alloc(20, fill));
    const rows = blocks.flatMap((each) => [filled(each, fill), between]);
    const bytes = Buffer.concat([...rows, Buffer.alloc(4_096, fill)]);
    const fed = bytes.length - 4_096;
    twin.session.stage(bytes);
    const before = counts(twin);
    const taken = twin.session.replay(0, fed);
    if (taken !== fed) throw new Error(`took ${String(taken)} of ${String(fed)} bytes`);
    if (twin.faults.length > 0) throw new Error(`fault: ${twin.faults[0]?.reason ?? ""}`);
    const after = counts(twin);
    const expected = expectedCounts(blocks);
    for (const [i, name] of ["events", "malformed", "unknown"].entries()) {
      const counted = Number((after[i] ?? 0n) - (before[i] ?? 0n));
      if (counted === expected[i]) continue;
      throw new Error(`${name}: ${String(counted)} counted, ${String(expected[i])} sent`);
    }
    return twin.matches.splice(0);
  }

  #compareMatches(ours: readonly Match[], theirs: readonly Match[]): void {
    if (ours.length !== theirs.length) throw new Error("not the same events matched");
    ours.forEach((match, i) => {
      this.values += match.values.length;
      const [one, other] = [text(match), text(theirs[i])];
      if (one === other) return;
      const at = match.values.findIndex((value, j) => text(value) !== text(theirs[i]?.values[j]));
      const field = JSON.stringify(OUTPUT[at]);
      throw new Error(`event ${String(match.event)} reads beyond itself for ${field}`);
    });
  }

  #compareState(): void {
    const [ours, theirs] = this.#twins.map(({ session }) => session.memory.buffer);
    if (ours === undefined || theirs === undefined) return;
    for (let at = 0; at < STATE_BYTES; at += COMPARED_BYTES) {
      const one = Buffer.from(ours, STATE_BASE + at, COMPARED_BYTES);
      const other = Buffer.from(theirs, STATE_BASE + at, COMPARED_BYTES);
      if (one.equals(other)) continue;
      const place = at + one.findIndex((byte, i) => byte !== other[i]);
      throw new Error(`state differs from offset ${String(place)} of the window on`);
    }
  }
}

function text(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    typeof each === "bigint" ? String(each) : each,
  );
}

function counts(twin: TestSession): readonly bigint[] {
  const state = new Uint8Array(twin.session.memory.buffer, STATE_BASE, COUNTERS_END);
  const { events, malformed, unknownTypes } = readCounters(state);
  return [events, malformed, unknownTypes];
}

/** The block with other bytes behind its event. */
function filled(bytes: Buffer, fill: number): Buffer {
  const copy = Buffer.from(bytes);
  const start = eventStart(bytes);
  const end = bytes.length - 4;
  if (start + EVENT_HEADER_BYTES > end) return copy;
  const length = bytes.readUInt32LE(start + 16);
  if (length >= EVENT_HEADER_BYTES && start + length <= end) copy.fill(fill, start + length, end);
  return copy;
}

function eventStart(bytes: Buffer): number {
  const type = bytes.readUInt32LE(0);
  return type === BLOCK.eventWithFlags || type === BLOCK.largeEventWithFlags ? 14 : 10;
}

/** Events, malformed records and unknown types among `blocks` and the blocks between them. */
function expectedCounts(blocks: readonly Buffer[]): readonly number[] {
  const kinds = blocks.map(kindOf);
  const of = (kind: string): number => kinds.filter((each) => each === kind).length;
  return [of("event"), of("malformed") + blocks.length, of("unknown")];
}

/** What an event block is, by the words of the format. */
export function kindOf(bytes: Buffer): "event" | "malformed" | "unknown" {
  const start = eventStart(bytes);
  const available = bytes.length - BLOCK_FRAME_BYTES - (start - 8);
  if (available < EVENT_HEADER_BYTES) return "malformed";
  const length = bytes.readUInt32LE(start + 16);
  const schema = eventByCode(bytes.readUInt16LE(start + 20));
  const count = bytes.readUInt32LE(start + 22);
  if (length < EVENT_HEADER_BYTES || length > available || count > PARAMS_MAX) return "malformed";
  const width = schema?.flags.includes("large_payload") === true ? 4 : 2;
  let sum = EVENT_HEADER_BYTES + width * count;
  if (sum > length) return "malformed";
  for (let i = 0; i < count; i++) {
    sum += bytes.readUIntLE(start + EVENT_HEADER_BYTES + width * i, width);
  }
  if (sum !== length) return "malformed";
  return schema === undefined ? "unknown" : "event";
}
