/** Event blocks of a capture file, or made of lists, in the replay window. */
import { REPLAY_BASE, REPLAY_BYTES_MAX } from "../schema/generated/memory";
import { Count, Counter } from "../state/counters";
import { HeaderAt } from "../state/header";
import { DrainLimit } from "./drain-limit";
import { processEvent, Progress } from "./pipeline";

const BLOCK_EVENT: u32 = 0x216;
const BLOCK_EVENT_FLAGS: u32 = 0x217;
const BLOCK_LARGE_EVENT: u32 = 0x221;
const BLOCK_LARGE_EVENT_FLAGS: u32 = 0x222;
/** type, total … total */
const BLOCK_FRAME_BYTES: u32 = 12;
const STATE_ONLY: u32 = 1;
/** Blocks between two heartbeats. */
const PULSE: u32 = 1_024;

/** Returns the bytes of whole event blocks that were taken from the front. */
export function replayBlocks(address: u32, length: u32): u32 {
  if (address < REPLAY_BASE || address - REPLAY_BASE > REPLAY_BYTES_MAX) return 0;
  const end = address + min<u32>(length, REPLAY_BYTES_MAX - (address - REPLAY_BASE));
  Progress.slot = 0;
  DrainLimit.replayPaused = false;
  let at = address;
  let blocks: u32 = 0;
  while (end - at >= BLOCK_FRAME_BYTES && !DrainLimit.replayPaused) {
    const type = load<u32>(<usize>at);
    const flagged = type == BLOCK_EVENT_FLAGS || type == BLOCK_LARGE_EVENT_FLAGS;
    if (!flagged && type != BLOCK_EVENT && type != BLOCK_LARGE_EVENT) break;
    const total = load<u32>(<usize>at, 4);
    if (total < BLOCK_FRAME_BYTES || total > end - at) break;
    replayBlock(at, total, flagged);
    at += total;
    if ((++blocks & (PULSE - 1)) == 0) HeaderAt.header.heartbeat++;
  }
  return at - address;
}

function replayBlock(block: u32, total: u32, flagged: bool): void {
  const head: u32 = flagged ? 6 : 2;
  const body = total - BLOCK_FRAME_BYTES;
  if (body < head) {
    Count.one(Counter.Malformed);
    return;
  }
  const at = <usize>block + 8;
  const cpu = <u32>load<u16>(at);
  const stateOnly = flagged && (load<u32>(at, 2) & STATE_ONLY) != 0;
  processEvent(at + head, body - head, cpu, stateOnly);
}
