/**
 * Recording: events that come from rings are written as capture file blocks to the replay window,
 * for the host to collect between two drains. How many bytes lie there stands in the state window:
 * they outlive an engine that dies before the host has them. An event is recorded before it is
 * applied. Should an engine die in between, its successor drains the event again; the mark tells
 * the host whether that is so, wherever between two stores the engine died.
 *
 *   ├─ type u32 ─┼─ total u32 ─┼─ cpu u16 ─┼─ event … ─┼─ zeros to a multiple of 4 ─┼─ total u32 ─┤
 */
import { EventAt, EVENT_HEADER_BYTES } from "../record/event";
import { isLargePayload } from "../record/large-payload";
import { ANSWER_BYTES_MAX, REPLAY_BASE, REPLAY_BYTES_MAX } from "../schema/generated/memory";
import { Count, Counter } from "../state/counters";
import { TAP_MARK_BASE, TAPPED_BASE } from "../state/header";

const BLOCK_EVENT: u32 = 0x216;
const BLOCK_LARGE_EVENT: u32 = 0x221;

/** What lies behind is not recording's. */
const TAP_BYTES_MAX: u32 = REPLAY_BYTES_MAX - ANSWER_BYTES_MAX;

/** The event that was recorded last, or is about to be: the bytes then end at `end`. */
@unmanaged
class TapMark {
  /** Position of its ring once it is applied. */
  position: u64;
  /** Bytes before and behind its block. */
  start: u32;
  end: u32;
  ring: u32;
}

let isOn: bool = false;

/** Begins at the front. */
export function switchTap(on: bool): void {
  isOn = on;
  store<u32>(<usize>TAPPED_BASE, 0);
}

/** Bytes that were written since the tap was switched on, or the host cleared the word. */
export function tappedBytes(): u32 {
  return load<u32>(<usize>TAPPED_BASE);
}

/** The event comes from `ring`, which stands at `position` behind it. */
export function tapEvent(
  event: usize,
  available: u32,
  cpu: u32,
  ring: u32,
  position: u64,
): void {
  if (!isOn) return;
  const bytes = EventAt.bytes(event);
  if (bytes < EVENT_HEADER_BYTES || bytes > available) return;
  const padded = (bytes + 2 + 3) & ~3;
  const total = padded + 12;
  const written = tappedBytes();
  if (written > TAP_BYTES_MAX || total > TAP_BYTES_MAX - written) {
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
  const mark = changetype<TapMark>(<usize>TAP_MARK_BASE);
  // No longer about the block before; about this one as soon as the bytes say that it is there.
  mark.end = 0;
  mark.position = position;
  mark.ring = ring;
  mark.start = written;
  mark.end = written + total;
  store<u32>(<usize>TAPPED_BASE, written + total);
}
