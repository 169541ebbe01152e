/** Times of events in whole event blocks. */
import { BLOCK, BLOCK_HEADER_BYTES, EVENT_STATE_ONLY } from "./block.ts";

/** Behind the block's head: flags, then the event, which starts with its time. */
const TIME_BYTES = 8;

/**
 * Time of the first event that rules may see, ns since the epoch; undefined when there is none.
 */
export function firstEventTime(blocks: Buffer): bigint | undefined {
  let at = 0;
  while (at + BLOCK_HEADER_BYTES <= blocks.length) {
    const type = blocks.readUInt32LE(at);
    const length = blocks.readUInt32LE(at + 4);
    const flagged = type === BLOCK.eventWithFlags || type === BLOCK.largeEventWithFlags;
    const event = at + BLOCK_HEADER_BYTES + (flagged ? 6 : 2);
    if (length < BLOCK_HEADER_BYTES || event + TIME_BYTES > blocks.length) return undefined;
    const flags = flagged ? blocks.readUInt32LE(at + BLOCK_HEADER_BYTES + 2) : 0;
    if ((flags & EVENT_STATE_ONLY) === 0) return blocks.readBigUInt64LE(event);
    at += length;
  }
  return undefined;
}
