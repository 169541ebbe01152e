/**
 * Recording: events that come from rings are written as capture file blocks to the replay window,
 * for the host to collect between two drains.
 *
 *   ├─ type u32 ─┼─ total u32 ─┼─ cpu u16 ─┼─ event … ─┼─ zeros to a multiple of 4 ─┼─ total u32 ─┤
 */
import { EventAt, EVENT_HEADER_BYTES } from "../record/event";
import { isLargePayload } from "../record/large-payload";
import { ANSWER_BYTES_MAX, REPLAY_BASE, REPLAY_BYTES_MAX } from "../schema/generated/memory";
import { Count, Counter } from "../state/counters";

const BLOCK_EVENT: u32 = 0x216;
const BLOCK_LARGE_EVENT: u32 = 0x221;

/** What lies behind is not recording's. */
const TAP_BYTES_MAX: u32 = REPLAY_BYTES_MAX - ANSWER_BYTES_MAX;

let isOn: bool = false;
let written: u32 = 0;

export function switchTap(on: bool): void {
  isOn = on;
  written = 0;
}

/** Bytes that were written since the last call. */
export function collectTapped(): u32 {
  const bytes = written;
  written = 0;
  return bytes;
}

export function tapEvent(event: usize, available: u32, cpu: u32): void {
  if (!isOn) return;
  const bytes = EventAt.bytes(event);
  if (bytes < EVENT_HEADER_BYTES || bytes > available) return;
  const padded = (bytes + 2 + 3) & ~3;
  const total = padded + 12;
  if (total > TAP_BYTES_MAX - written) {
    Count.one(Counter.TapFull);
    return;
  }
  const at = <usize>(REPLAY_BASE + written);
  const end = at + 8 + padded;
  store<u32>(end - 4, 0);
  store<u32>(at, isLargePayload(EventAt.type(event)) ? BLOCK_LARGE_EVENT : BLOCK_EVENT);
  store<u32>(at, total, 4);
  store<u16>(at, <u16>cpu, 8);
  memory.copy(at + 10, event, <usize>bytes);
  store<u32>(end, total);
  written += total;
}
