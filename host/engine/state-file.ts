/** The state window as a file: what the supervisor reads of an engine, dead or alive. */
import { readSync, writeSync } from "node:fs";
import { REPLAY_BASE, RINGS_MAX } from "../schema/memory.ts";
import { COUNTERS_END, readCounters } from "./counters.ts";
import {
  blockEnd,
  FRAME_AT,
  MATCHES_AT,
  type Pulse,
  RING_POSITIONS_AT,
  readPulse,
  STATE_HEAD_BYTES,
  TAP_MARK_AT,
  TAPPED_AT,
} from "./state-window.ts";
import type { WindowFiles } from "./windows.ts";

export function pulseOf(stateFd: number): Pulse {
  const head = new DataView(new ArrayBuffer(STATE_HEAD_BYTES));
  readSync(stateFd, head, 0, STATE_HEAD_BYTES, 0);
  return readPulse(head);
}

/** Matches that were rendered since the last call. */
export function takeRendered(stateFd: number): number {
  const rendered = longAt(stateFd, MATCHES_AT);
  writeSync(stateFd, new Uint8Array(8), 0, 8, MATCHES_AT);
  return Number(rendered);
}

/** Events that engines have applied on this state, those for state only included. */
export function appliedEvents(stateFd: number): bigint {
  const state = new Uint8Array(COUNTERS_END);
  readSync(stateFd, state, 0, COUNTERS_END, 0);
  return readCounters(state).events;
}

/**
 * Recorded bytes that a dead engine left at the front of the replay window. The last event is left
 * out when it was not applied: the successor records it.
 */
export function tappedBytes(stateFd: number): number {
  const bytes = wordAt(stateFd, TAPPED_AT);
  if (bytes === 0 || wordAt(stateFd, TAP_MARK_AT.end) !== bytes) return bytes;
  const ring = wordAt(stateFd, TAP_MARK_AT.ring) % RINGS_MAX;
  const applied = longAt(stateFd, RING_POSITIONS_AT + 8 * ring);
  const isApplied = applied >= longAt(stateFd, TAP_MARK_AT.position);
  return isApplied ? bytes : Math.min(wordAt(stateFd, TAP_MARK_AT.start), bytes);
}

/** The agent has a copy of what was recorded. */
export function clearTapped(stateFd: number): void {
  writeSync(stateFd, new Uint8Array(4), 0, 4, TAPPED_AT);
}

/** Offset in the replay window behind the block that is evaluated, if that begins in the range. */
export function behindCurrent(
  windows: WindowFiles,
  start: number,
  end: number,
): number | undefined {
  const event = wordAt(windows.state.fd, FRAME_AT.event) - REPLAY_BASE;
  if (event < start || event >= end) return undefined;
  return blockEnd(event, (offset) => wordAt(windows.replay.fd, offset));
}

function wordAt(fd: number, offset: number): number {
  const word = new DataView(new ArrayBuffer(4));
  readSync(fd, word, 0, 4, offset);
  return word.getUint32(0, true);
}

function longAt(fd: number, offset: number): bigint {
  const long = new DataView(new ArrayBuffer(8));
  readSync(fd, long, 0, 8, offset);
  return long.getBigUint64(0, true);
}
