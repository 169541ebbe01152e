/** Times of events in whole event blocks. */
import { BLOCK, BLOCK_HEADER_BYTES, EVENT_STATE_ONLY } from "./block.ts";
import { EVENT_HEADER_BYTES } from "./encode.ts";

/** Tells of a container that was there before, at a time of its own or at none. */
const CONTAINER_JSON = 324;
const TYPE_AT = 20;

/** Whether the event at `at`, whose header is whole, says when something happened. */
export function isTimed(blocks: Buffer, at: number): boolean {
  return blocks.readUInt16LE(at + TYPE_AT) !== CONTAINER_JSON && blocks.readBigUInt64LE(at) !== 0n;
}

/**
 * Time of the first event that rules may see and that has one, ns since the epoch; undefined when
 * there is none.
 */
export function firstEventTime(blocks: Buffer): bigint | undefined {
  let at = 0;
  while (at + BLOCK_HEADER_BYTES <= blocks.length) {
    const type = blocks.readUInt32LE(at);
    const length = blocks.readUInt32LE(at + 4);
    const flagged = type === BLOCK.eventWithFlags || type === BLOCK.largeEventWithFlags;
    const event = at + BLOCK_HEADER_BYTES + (flagged ? 6 : 2);
    if (length < BLOCK_HEADER_BYTES || event + EVENT_HEADER_BYTES > blocks.length) return undefined;
    const flags = flagged ? blocks.readUInt32LE(at + BLOCK_HEADER_BYTES + 2) : 0;
    const shown = (flags & EVENT_STATE_ONLY) === 0;
    if (shown && isTimed(blocks, event)) return blocks.readBigUInt64LE(event);
    at += length;
  }
  return undefined;
}
